# Completion of skillcert in bash. What fits is asked of the program itself, which knows the profiles, batches, cases and
# institutions of the state folder.
_skillcert() {
    local -a lines
    local line
    mapfile -t lines < <("$1" complete-line bash -- "${COMP_WORDS[@]:0:COMP_CWORD+1}" 2>/dev/null)
    COMPREPLY=()
    case ${lines[0]} in
        files) compopt -o default ;;
        folders) compopt -o dirnames ;;
    esac
    for line in "${lines[@]:1}"; do
        COMPREPLY+=("${line%%$'\t'*}")
    done
}
complete -F _skillcert skillcert
