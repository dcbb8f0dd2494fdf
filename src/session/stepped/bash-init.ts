/**
 * The init file that puts a bash under the stepped gate: every simple command is reported before it runs, and so is
 * every line at the moment of Enter, and bash waits for the answer. Nothing is installed on the target.
 *
 * Why it cannot be talked out of it from inside (tried on bash 5.2; test/session/stepped holds the tries):
 *  - It runs in a DEBUG trap under `extdebug`: a status other than zero skips the command (bash manual, "shopt").
 *  - A user's functions come before builtins, so `read() { :; }` could blind the gate, and a definition is not a simple
 *    command: no trap reports it. But assigning POSIXLY_CORRECT turns POSIX mode on, an assignment cannot be shadowed,
 *    and in POSIX mode special builtins come before functions (POSIX XCU 2.9.1.1): `unset -f builtin` is then the real
 *    one, and after it `builtin` is too. Everything else here is keywords and expansions, which nothing shadows.
 *  - The functions and the key are readonly; an error in here ends the line, which is a no.
 *  - Each question has a connection of its own, so no descriptor stays open for a program to inherit and write to.
 *  - When the answer does not come, or the trap finds its own options gone, the shell is killed.
 *
 * The key is never an argument and never in the environment: the terminal brings it, with echo off, as the first line.
 * The target's own system-wide files are read before the gate closes, as at any login: they are its administrator's.
 * The person's own files are read under the gate.
 */
const NAME = '__sallyport'

/** What bash runs, so that the trap reports the line being entered, and a prompt about to be shown. */
export const LINE_HOOK = `: ${NAME}_line`
export const PROMPT_HOOK = `: ${NAME}_prompt`
/** Every name of the gate's begins with this; a command that mentions it is refused. */
export const RESERVED = NAME

/** What Debian's own start files run that no catalogue would call harmless in general: it prints two `export`s. */
export const START_FILE_STEPS = ['SHELL=/bin/sh lesspipe'] as const

/** Key sequences of our own; nobody types them, and typing them does no harm: an unreported line's steps are refused. */
const EXPAND = String.raw`\C-x\C-z\C-h`
const REPORT = String.raw`\C-x\C-z\C-l`
const ACCEPT = String.raw`\C-x\C-z\C-a`
const KEYMAPS = ['emacs', 'vi-insert', 'vi-command'] as const
/**
 * The last key of the macro accepts the line only after the answer to its report. Otherwise Ctrl-C during the report
 * would end that and leave the accepting (tried on bash 5.2: the rest of a macro survives SIGINT).
 */
const arm = () => KEYMAPS.map((keymap) => `builtin bind -m ${keymap} '"${ACCEPT}": accept-line'`).join('; ')
const disarm = () => KEYMAPS.map((keymap) => `builtin bind -m ${keymap} -r '${ACCEPT}'`).join('; ')
/** Functions of readline that run a text without its having been entered, or that read key bindings from a file. */
const UNGATED_FUNCTIONS = [
  'edit-and-execute-command',
  'vi-edit-and-execute-command',
  'operate-and-get-next',
  'accept-line',
  're-read-init-file',
]

/**
 * Makes Enter a macro: expand history (`!!`), report the line, accept it. Whatever else was bound to accept a line, by
 * bash or by the person's inputrc, is unbound, so that no line runs unreported.
 */
function keyBindings(): readonly string[] {
  const lines: string[] = []
  for (const keymap of KEYMAPS) {
    for (const name of UNGATED_FUNCTIONS) lines.push(`bind -m ${keymap} -u ${name} 2> /dev/null`)
    lines.push(`bind -m ${keymap} '"${EXPAND}": history-expand-line'`)
    lines.push(`bind -m ${keymap} -x '"${REPORT}": ${LINE_HOOK}'`)
    for (const key of [String.raw`\C-m`, String.raw`\C-j`])
      lines.push(`bind -m ${keymap} '"${key}": "${EXPAND}${REPORT}${ACCEPT}"'`)
  }
  return lines
}

/**
 * What the init file itself runs once the gate is closed, word for word as bash reports it. Let through before the
 * first prompt only. Older shells (before 5.1) do not run an array's later elements, hence the string.
 */
export const INIT_STEPS: readonly string[] = [
  `. "$${NAME}_file"`,
  ...keyBindings(),
  `PROMPT_COMMAND="\${PROMPT_COMMAND[*]:+\${PROMPT_COMMAND[0]}
}${PROMPT_HOOK}"`,
]

/**
 * Returns the init file for a bash whose questions go to `port` on the target's loopback. `counter` starts at 1 in each
 * process; a question is `key kind counter pid flags status LF text NUL`, its answer `key counter go|no LF`.
 */
export function bashInit(port: number): string {
  return `
IFS= read -r -s ${NAME}_key
${NAME}_port=${port}
readonly ${NAME}_key ${NAME}_port
${NAME}_n=0 ${NAME}_asking=0
${NAME}_gate() {
  ${NAME}_status=$?
  # POSIX mode that an interrupted question of ours left on is not the user's.
  if [[ $${NAME}_asking != 1 ]]; then ${NAME}_options=:$SHELLOPTS:; fi
  ${NAME}_asking=1
  POSIXLY_CORRECT=1
  \\unset -f builtin
  builtin local fd= answer= kind=step text="$BASH_COMMAND" flags=- LC_ALL=C
  if [[ $- != *T* || :$BASHOPTS: != *:extdebug:* ]]; then builtin kill -KILL $$; fi
  case $text in
    ('${LINE_HOOK}') kind=line text=$READLINE_LINE; ${disarm()} ;;
    ('${PROMPT_HOOK}') kind=prompt text=; ${disarm()} ;;
  esac
  if [[ -v COMP_LINE ]]; then flags+=c; fi
  if ((BASH_SUBSHELL)); then flags+=s; fi
  # Where the user has POSIX mode on, a special builtin comes before the function of its name.
  if [[ $${NAME}_options != *:posix:* ]] && builtin declare -F -- "\${text%%[[:space:]]*}" >/dev/null 2>&1; then flags+=f; fi
  ${NAME}_n=$((${NAME}_n + 1))
  if exec {fd}<>/dev/tcp/127.0.0.1/$${NAME}_port; then
    builtin printf '%s %s %s %s %s %s\\n%s\\0' "$${NAME}_key" $kind $${NAME}_n $BASHPID $flags $${NAME}_status "$text" >&$fd
    IFS= builtin read -r -u $fd answer
    exec {fd}>&-
  fi 2>/dev/null
  # From here on "builtin" is the real one: the function of that name is gone.
  if [[ $${NAME}_options != *:posix:* ]]; then builtin unset POSIXLY_CORRECT; fi
  ${NAME}_asking=0
  case $answer in
    ("$${NAME}_key $${NAME}_n go") if [[ $kind == line ]]; then ${arm()}; fi ;;
    ("$${NAME}_key $${NAME}_n no")
      if [[ $kind == line ]]; then READLINE_LINE= READLINE_POINT=0
      elif [[ $BASHPID != $$ ]]; then builtin exit 77
      else builtin kill -INT $$
      fi ;;
    (*) builtin kill -KILL $$ ;;
  esac
  [[ $answer == "$${NAME}_key $${NAME}_n go" ]]
}
readonly -f ${NAME}_gate
[[ -r /etc/profile ]] && . /etc/profile
# A pager that another command starts (git log, man) must not start a shell: less(1), "SECURITY".
export LESSSECURE=1
readonly LESSSECURE
stty echo
shopt -s extdebug
set -T
for ${NAME}_file in ~/.bash_profile ~/.bash_login ~/.profile /dev/null; do
  [[ -r $${NAME}_file ]] && break
done
trap '\\${NAME}_gate' DEBUG
${INIT_STEPS.join('\n')}
`
}

/**
 * Returns the command that replaces the login shell's own by a gated bash. The here-document keeps the init file out of
 * bash's arguments; the key is not in it.
 */
export function bashLauncher(path: string, port: number): string {
  const quoted = `'${path.replaceAll("'", `'\\''`)}'`
  return `exec ${quoted} --rcfile /dev/fd/9 -i 9<<'SALLYPORT'\n${bashInit(port)}\nSALLYPORT\n`
}
