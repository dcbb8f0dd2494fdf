/**
 * A fish on the twin that looks as a gated one does: without the person's own files, with the gate's prompt (Decisions in
 * src/README.md say why). All else is fish's own, its keys too.
 */
export const FISH_TWIN = '/run/sallyport/fish-twin'

const INIT = `
function __fish_config_interactive
end
function fish_greeting
end
function fish_mode_prompt
end
function fish_right_prompt
end
function fish_prompt
    set -l last $status
    set -l colour green
    test $last = 0; or set colour red
    printf "%s@%s %s%s%s> " $USER $hostname (set_color $colour) (string replace -r "^$HOME(?=/|\\$)" "~" -- $PWD) (set_color normal)
end
set -g fish_complete_path
fish_default_key_bindings
`

/** For a target's set-up script. */
export const FISH_TWIN_SETUP = `cat > ${FISH_TWIN} << 'TWIN'
#!/bin/sh
[ $# -gt 0 ] && exec /usr/bin/fish "$@"
exec /usr/bin/fish --login --interactive --no-config --init-command '${INIT}'
TWIN
chmod 755 ${FISH_TWIN}`
