# Completion of skillcert in fish. What fits is asked of the program itself, which knows the profiles, batches, cases and
# institutions of the state folder.
function __skillcert_complete
    set -l current (commandline -ct)
    set -l before (commandline -opc)
    set -l lines (command $before[1] complete-line fish -- $before "$current" 2>/dev/null)
    set -l option (string match -r -- '^--[^=]*=' "$current")
    set -l value (string replace -r -- '^--[^=]*=' '' "$current")
    switch "$lines[1]"
        case files
            __fish_complete_path "$value" | string replace -r -- '^' "$option"
        case folders
            __fish_complete_directories "$value" | string replace -r -- '^' "$option"
    end
    for line in $lines[2..-1]
        echo $line
    end
end
complete -c skillcert -f -a '(__skillcert_complete)'
