#compdef skillcert
# Completion of skillcert in zsh. What fits is asked of the program itself, which knows the profiles, batches, cases and
# institutions of the state folder.
_skillcert() {
    local -a lines found
    local line
    lines=("${(@f)$("${words[1]}" complete-line zsh -- "${(@)words[1,CURRENT]}" 2>/dev/null)}")
    [[ ${words[CURRENT]} == --*=* ]] && compset -P '*='
    case ${lines[1]} in
        files) _files ;;
        folders) _files -/ ;;
    esac
    for line in "${(@)lines[2,-1]}"; do
        found+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}")
    done
    (( $#found )) && _describe -V skillcert found
}
if [[ ${funcstack[1]} == _skillcert ]]; then
    _skillcert "$@"
else
    compdef _skillcert skillcert
fi
