/**
 * The init text that puts a fish under the gate. Fish can refuse a line before it runs, not a step: Enter is a binding
 * of ours that reports the whole line, and accepts it when the answer is `go`. Nothing is installed on the target.
 *
 * Why it cannot be talked out of it from inside (tried on fish 3.6.0 and 4.0.2):
 *  - Every binding of fish's is erased, in every mode, before ours are set, and ours are an allow list of functions that
 *    edit. No key but Enter executes, none starts an editor, a pager or a program.
 *  - What is executed all the same (by a binding that somebody made) is compared in `fish_preexec` with the line that
 *    had its answer, and the shell is killed where it is another one. An answer is good for one execution.
 *  - Ctrl-C during the question ends the binding, and the line is not accepted.
 *  - `set`, `test`, `string`, `read`, `builtin`, `exec` and `if` are reserved words: no function can be called so.
 *  - `--no-config` leaves out the person's own files and universal variables, which another session could change under
 *    this one. Functions are loaded from fish's own folder and from the administrator's, completions from none: a
 *    completion script runs programs (`make` reads the Makefile's `$(shell …)`), and no line reports that.
 *  - When no answer comes, the helper kills the shell.
 *
 * The key is never an argument and never in the environment: the launcher's sh reads it from the terminal, with echo
 * off, and writes it into the here-document that fish reads. Fish has no socket of its own: bash asks for it.
 */
const NAME = '__sallyport'
/** Every name of the gate's begins with this; a line that mentions it is refused. */
export const FISH_RESERVED = NAME
/** `-p`: neither BASH_ENV nor functions of the environment are read. */
export const FISH_HELPER = '/bin/bash'

/** Functions of fish's line editor that only edit, by the keys that fish itself gives them: up to 3.x and from 4.0 on. */
const KEYS: readonly (readonly [string, string, string])[] = [
  ['\\ca \\e\\[H \\e\\[1~ \\eOH', 'ctrl-a home', 'beginning-of-line'],
  ['\\ce \\e\\[F \\e\\[4~ \\eOF', 'ctrl-e end', 'end-of-line'],
  ['\\cf \\e\\[C \\eOC', 'ctrl-f right', 'forward-char'],
  ['\\cb \\e\\[D \\eOD', 'ctrl-b left', 'backward-char'],
  ['\\ef \\e\\[1\\;5C \\e\\[1\\;3C', 'alt-f ctrl-right alt-right', 'forward-word'],
  ['\\eb \\e\\[1\\;5D \\e\\[1\\;3D', 'alt-b ctrl-left alt-left', 'backward-word'],
  ['\\cp \\e\\[A \\eOA', 'ctrl-p up', 'up-or-search'],
  ['\\cn \\e\\[B \\eOB', 'ctrl-n down', 'down-or-search'],
  ['\\e. \\e\\[1\\;3A', 'alt-. alt-up', 'history-token-search-backward'],
  ['\\cr', 'ctrl-r', 'history-pager'],
  ['\\e\\[3~', 'delete', 'delete-char'],
  ['\\x7f \\b', 'backspace ctrl-h', 'backward-delete-char'],
  ['\\ed', 'alt-d', 'kill-word'],
  ['\\e\\x7f \\e\\b', 'alt-backspace', 'backward-kill-word'],
  ['\\ck', 'ctrl-k', 'kill-line'],
  ['\\cu', 'ctrl-u', 'backward-kill-line'],
  ['\\cw', 'ctrl-w', 'backward-kill-path-component'],
  ['\\cy', 'ctrl-y', 'yank'],
  ['\\ey', 'alt-y', 'yank-pop'],
  ['\\ct', 'ctrl-t', 'transpose-chars'],
  ['\\x1f \\cz', 'ctrl-_ ctrl-z', 'undo'],
  ['\\e/', 'alt-/', 'redo'],
  ['\\e', 'escape', 'cancel'],
  ['\\t', 'tab', 'complete'],
  ['\\e\\[Z', 'shift-tab', 'complete-and-search'],
  ['\\cs', 'ctrl-s', 'pager-toggle-search'],
  ['\\cl', 'ctrl-l', `${NAME}_clear`],
  ['\\cc', 'ctrl-c', 'cancel-commandline'],
  ['\\cd', 'ctrl-d', 'delete-or-exit'],
  ['\\e\\r \\e\\n', 'alt-enter', `${NAME}_newline`],
  ['\\r \\n \\e\\[13\\;5u \\e\\[13\\;2u', 'enter ctrl-j ctrl-enter shift-enter', `${NAME}_enter`],
]

function keyBindings(): string {
  const bind = (keys: string, action: string) =>
    keys.split(' ').map((key) => `    builtin bind ${key} ${action} 2> /dev/null`)
  const old = KEYS.flatMap(([keys, , action]) => bind(keys, action))
  const named = KEYS.flatMap(([, keys, action]) => bind(keys, action))
  // Fish 4 takes a paste apart by itself; before, bindings do, and every character in between must insert itself.
  return `builtin bind --erase --all --preset
builtin bind --erase --all
builtin bind '' self-insert
if string match --quiet --regex '^[23]\\.' -- $version
${old.join('\n')}
    builtin bind -m paste \\e\\[200~ false
    builtin bind -M paste -m default \\e\\[201~ false
    builtin bind -M paste '' self-insert
    builtin bind -M paste \\r ${NAME}_newline
    builtin bind -M paste \\n ${NAME}_newline
else
${named.join('\n')}
end`
}

/** How a fish looks whose own prompt and completion scripts are not loaded (Decisions in src/README.md). */
export const FISH_LOOKS = `function __fish_config_interactive
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
    builtin printf '%s@%s %s%s%s> ' "$USER" "$hostname" (set_color $colour) (string replace -r "^$HOME(?=/|\\$)" '~' -- $PWD) (set_color normal)
end
set -g fish_complete_path`

/**
 * Returns the init text for a fish whose questions go to `port` on the target's loopback, in the format of bash-init.ts.
 * The text of a `line` is what the shell knows of its words, a line feed, and the line: each word that is a function, with
 * a `!` behind those that are neither fish's own nor the administrator's.
 */
export function fishInit(port: number): string {
  return `
if test -r /etc/fish/config.fish
    source /etc/fish/config.fish
end
for ${NAME}_file in /etc/fish/conf.d/*.fish
    source $${NAME}_file
end
set -gx LESSSECURE 1
set -g ${NAME}_key @KEY@
set -g ${NAME}_n 0
set -g ${NAME}_line
set -g ${NAME}_running
function ${NAME}_ask
    set -g ${NAME}_n (builtin math $${NAME}_n + 1)
    set -l answer (builtin printf '%s %s %s %s %s %s %s' (string sub --length 32 -- $${NAME}_key) $argv[1] $${NAME}_n $fish_pid - $argv[2] "$argv[3]" | ${FISH_HELPER} -p -c '
        LC_ALL=C; IFS= read -r -d "" q
        exec 3<>/dev/tcp/127.0.0.1/${port} && printf "%s\\0" "$q" >&3 && IFS= read -r a <&3
        case $a in (*" go"|*" no") printf %s "$a" ;; (*) kill -KILL $PPID ;; esac' 2> /dev/null)
    set -l expected (string sub --start 33 -- $${NAME}_key)
    if test "$answer" = "$expected $${NAME}_n go"
        return 0
    end
    if test "$answer" != "$expected $${NAME}_n no"
        ${NAME}_die
    end
    return 1
end
function ${NAME}_die
    ${FISH_HELPER} -p -c 'kill -KILL $PPID'
    exec /bin/false
end
function ${NAME}_enter
    set -l last $status
    set -g ${NAME}_line
    # A program's own reading (fish's read): no command, and what is executed all the same is caught in fish_preexec.
    if test -n "$${NAME}_running"
        builtin commandline -f suppress-autosuggestion execute
        return
    end
    # In a menu of completions the line is asked for too: the Enter that takes an entry into the line does not run it yet.
    builtin commandline --is-valid
    if test $status = 2
        builtin commandline --insert \\n
        return
    end
    set -l text (builtin commandline --current-buffer | string collect)
    if not string match --quiet --regex '\\S' -- "$text"
        builtin commandline -f suppress-autosuggestion execute
        return
    end
    set -l known
    for word in (builtin commandline --tokenize)
        if string match --quiet --regex '^[A-Za-z0-9_./+-]+$' -- $word; and builtin functions --query -- $word
            switch (builtin functions --details -- $word)
                case "$__fish_data_dir/*" '/etc/fish/*' 'embedded:*'
                    set -a known $word
                case '*'
                    set -a known "$word!"
            end
        end
    end
    if ${NAME}_ask line $last "$known"\\n"$text"
        set -g ${NAME}_line "$text"
        builtin commandline -f suppress-autosuggestion execute
    else
        builtin commandline --replace ''
        builtin commandline -f repaint
    end
end
function ${NAME}_newline
    builtin commandline --insert \\n
end
function ${NAME}_clear
    builtin printf '\\e[H\\e[2J'
    builtin commandline -f repaint
end
function ${NAME}_check --on-event fish_preexec
    if test -n "$${NAME}_line"; and test "$argv[1]" = "$${NAME}_line"
        set -g ${NAME}_line
        set -g ${NAME}_running yes
        return
    end
    ${NAME}_die
end
function ${NAME}_prompt --on-event fish_prompt
    set -l last $status
    set -g ${NAME}_running
    ${NAME}_ask prompt $last ''
end
# Fish's own would ask programs about the folder (git), set its bindings again, and fetch what the person's files say.
${FISH_LOOKS}
set -g fish_function_path $__fish_data_dir/functions /etc/fish/functions
${keyBindings()}
stty echo
`
}

/** Returns the command that replaces the login shell's own by a gated fish; fish itself reads it, hence its quoting. */
export function fishLauncher(path: string, port: number): string {
  // In the here-document sh expands the key and nothing else.
  const init = fishInit(port)
    .replaceAll(/[\\$`]/g, (char) => `\\${char}`)
    .replace('@KEY@', `$${NAME}_key`)
  const fish = `'${path.replaceAll("'", `'\\''`)}'`
  const script = `IFS= read -r ${NAME}_key
exec ${fish} --login --interactive --no-config --init-command 'read --null --local init < /dev/fd/9; eval "$init"; set -e init' 9<<SALLYPORT
${init}
SALLYPORT
`
  return `exec /bin/sh -c '${script.replaceAll(/[\\']/g, (char) => `\\${char}`)}'`
}
