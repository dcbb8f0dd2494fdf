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
 *  - No descriptor is open while a line runs, for a program to inherit. What runs between a prompt and its line (its own
 *    substitutions, completion) inherits the connection that the line will be asked on: it can ask nothing there without
 *    the key, and put nothing into bash's end of it; whoever takes bash's answer away gets it killed.
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
/**
 * Functions of readline that run a text without its having been entered (`shell-expand-line` runs substitutions, and a
 * redirection of a compound command in them is no step), or that read key bindings from a file.
 */
const UNGATED_FUNCTIONS = [
  'edit-and-execute-command',
  'vi-edit-and-execute-command',
  'operate-and-get-next',
  'accept-line',
  'shell-expand-line',
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
  `unset ${NAME}_key`,
  `. "$${NAME}_file"`,
  ...keyBindings(),
  `PROMPT_COMMAND="\${PROMPT_COMMAND[*]:+\${PROMPT_COMMAND[0]}
}${PROMPT_HOOK}"`,
]

/**
 * How long an answer counts for the same text of the same line without another question. A loop of a hundred thousand
 * steps then asks once for each of its texts and half minute, and a running loop feels a changed policy that soon.
 */
const AHEAD_SECONDS = 30
/** Characters of such texts; comparing them must not become slow. */
const MOST_AHEAD = 8192

/** What a variable may hold to count as one plain word; each character by name, as ranges go by the locale. */
const WORD_CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_'
const PLAIN_FIRST = `${WORD_CHARACTERS}./:@%,`
const PLAIN_NEXT = `${WORD_CHARACTERS}./:@%,+=-`

/** A shell that is started inside a gated one (see nested-shell.ts). */
export interface NestedStart {
  /** The port that the init file came from, and that is told when the shell reads its key. */
  readonly door: number
  readonly isLogin: boolean
}

/**
 * The terminal may still hold what was typed before the shell was ready, so the keys are the end of a line that ends like
 * one. The shell was started with -p, so that no function comes from the environment, and with a terminal that neither
 * echoes nor sends signals: SIGINT would end the init file and leave an ungated prompt (tried on bash 5.2).
 */
const nestedHead = ({ door }: NestedStart) => `
exec {${NAME}_fd}<>/dev/tcp/127.0.0.1/${door} || { /bin/stty echo isig; exit 77; }
printf 'ready\\n' >&$${NAME}_fd
exec {${NAME}_fd}>&-
while IFS= read -r -s ${NAME}_key || { /bin/stty echo isig; exit 77; }; do
  [[ $${NAME}_key =~ [0-9a-f]{64}$ ]] && break
done
${NAME}_key=$BASH_REMATCH
set +p`

/** What differs between a login shell and one that `bash` starts inside it. */
const LOGIN = {
  systemFiles: `[[ -r /etc/profile ]] && . /etc/profile
# As a login shell is called; bash's own messages begin with it (bash 5.0 and later).
BASH_ARGV0=-bash`,
  files: '~/.bash_profile ~/.bash_login ~/.profile',
}
/** bash itself has read its system-wide file by then, where it is built with one. */
const INNER = { systemFiles: '', files: '~/.bashrc' }

/**
 * Returns the init file for a bash whose questions go to `port` on the target's loopback. `counter` starts at 1 in each
 * process; a question is `key kind counter pid flags status text NUL`, its answer `key counter go|again|no LF` with the
 * other key, after which the steps may follow that have their verdict already, each as `flags text LF`. After `tell` follow
 * names of variables, each with a LF; those that hold one plain word come back in the first line of a `told` question, with
 * a `#` where it has digits alone. After `nest` follows the command that starts a nested shell in the step's place. A NUL ends it.
 *
 * The keys (32 characters for questions, then 32 for answers), and what needs no question until the next prompt, stand in
 * the DEBUG trap's own text, as arguments of the gate: who could change that text could as well remove the trap, so
 * nothing new has to be guarded; and neither `set` nor `declare -p` prints it.
 *
 * INVARIANT: what the person or a program can choose (a step's text, a line) is never put into a variable, only into
 * positional parameters. Variables have attributes: an integer's `a[$(rm x)]` would be evaluated in here, where no trap
 * looks. A variable that was made readonly ends the line: in POSIX mode an assignment to it is an error that goes back to
 * the prompt (tried on 5.2). Nor is there a `local`: it would take over attributes (`shopt -s localvar_inherit`).
 */
export function bashInit(port: number, nested?: NestedStart): string {
  const keepsConnection = nested === undefined
  const { systemFiles, files } = nested === undefined || nested.isLogin ? LOGIN : INNER
  return `
${nested === undefined ? `IFS= read -r -s ${NAME}_key` : nestedHead(nested)}
${NAME}_n=0 ${NAME}_asking=0
# First, and with nothing secret about it: here a trace (set -x) is put off. $1 is the status of the last command.
${NAME}_enter() {
  ${NAME}_status=$1
  # No more functions could be called than this many deep, and the gate's own would fail.
  if [[ -v FUNCNEST ]]; then FUNCNEST=0; fi
  # What an interrupted question of ours left on is not the user's.
  if [[ $${NAME}_asking != 1 ]]; then ${NAME}_options=:$SHELLOPTS: ${NAME}_asking=1; fi
  if [[ $- == *x* ]]; then \\${NAME}_untrace 2>/dev/null; fi
}
${NAME}_untrace() { POSIXLY_CORRECT=1; \\set +x; }
# Asks about "$2" with the keys $1, on the connection $3 if there is one; sets word, and ahead to the steps that may run
# without a question.
${NAME}_ask() {
  case $${NAME}_n in (''|*[!0-9]*) \\return ;; esac
  ${NAME}_n=$((${NAME}_n + 1)) ${NAME}_fd=$3
  if [[ -n $3 ]]; then
    # It is good for one question more: what one that was interrupted leaves on it would be taken for the next answer.
    ${NAME}_keep "$1" 0 ''
    # Something to read before it was asked is its end; to write to it would be a SIGPIPE.
    if builtin read -t 0 -u "$3"; then exec {${NAME}_fd}>&-; ${NAME}_fd=; fi
  fi
  if [[ -z $${NAME}_fd ]]; then exec {${NAME}_fd}<>/dev/tcp/127.0.0.1/${port} || \\return; fi
  builtin printf '%s %s %s %s %s %s %s\\0' "\${1:0:32}" "$${NAME}_kind" "$${NAME}_n" "$BASHPID" "$${NAME}_flags" "$${NAME}_status" "$2" >&$${NAME}_fd
  IFS= builtin read -r -u $${NAME}_fd ${NAME}_word || ${NAME}_word=
  IFS= builtin read -r -d '' -u $${NAME}_fd ${NAME}_ahead
  if [[ $${NAME}_flags != *k* ]]; then exec {${NAME}_fd}>&-; fi
  case $${NAME}_word in
    ("\${1:32} $${NAME}_n "*) ${NAME}_word=\${${NAME}_word##* } ;;
    (*) ${NAME}_word= ;;
  esac
}
# Asks again, and says which of the variables in $2 hold one plain word, or digits. $3 gathers them, $4 is the one looked at.
${NAME}_tell() {
  while [[ $2 == *$'\\n'* ]]; do
    \\set -- "$1" "\${2#*$'\\n'}" "$3" "\${2%%$'\\n'*}"
    if [[ $IFS == $' \\t\\n' && ! -R $4 && \${!4-} == [${PLAIN_FIRST}]* && \${!4-} != *[!${PLAIN_NEXT}]* ]]
    then if [[ \${!4} != *[!0123456789]* ]]; then \\set -- "$1" "$2" "$3 $4#"; else \\set -- "$1" "$2" "$3 $4"; fi
    fi
  done
  ${NAME}_ask "$1" "$3"$'\\n'"$BASH_COMMAND"
}
# Sets the trap to the keys $1 and the steps $3, which count until the second $2; $4 is a connection for the next line.
${NAME}_keep() { \\trap "\\\\${NAME}_enter \\"$?\\"; \\\\${NAME}_gate $1 $2 \${3@Q} '\\\\D{%s}' $4" DEBUG; }
# What has its verdict already, by keywords and expansions alone: a loop goes through here each time. A function of that
# name may run instead of the command; then its own steps are asked for. \${4@P} is the time (bash manual, "PROMPTING").
${NAME}_gate() {
  BASH_COMMAND=$1
  if [[ $'\\n'$3 == *$'\\n'"- $BASH_COMMAND"$'\\n'* && \${4@P} -lt $2 && $BASH_COMMAND != "$1" && \${BASH_COMMAND@a} != *r* && a != A &&
    $- == *T* && :$BASHOPTS: == *:extdebug:* && $${NAME}_options != *:xtrace:* && ! -v COMP_LINE ]]
  then ${NAME}_asking=0
  else \\${NAME}_judge "$@"
  fi
}
# The same as a function call (which needs one of that name), and whatever has to be asked. bash copies the body of a
# function at each call, so what is seldom needed has functions of its own.
${NAME}_judge() {
  POSIXLY_CORRECT=1
  \\unset -f builtin || { \\trap - EXIT; \\exit 77; }
  \\unset -n ${NAME}_kind ${NAME}_flags ${NAME}_word ${NAME}_ahead ${NAME}_now ${NAME}_fd
  \\unset -v ${NAME}_kind ${NAME}_flags ${NAME}_word ${NAME}_ahead ${NAME}_now ${NAME}_fd || builtin kill -KILL $$
  # A BASH_COMMAND that was unset once is an ordinary variable, and keeps what it is given.
  BASH_COMMAND=$1
  if [[ $- != *T* || :$BASHOPTS: != *:extdebug:* || $BASH_COMMAND == "$1" ]]; then builtin kill -KILL $$; fi
  ${NAME}_flags=- ${NAME}_word= ${NAME}_ahead=
  if [[ -v COMP_LINE ]]; then ${NAME}_flags+=c; fi
  if [[ $BASH_SUBSHELL != 0 ]]; then ${NAME}_flags+=s; fi
  builtin printf -v ${NAME}_now '%(%s)T' -1 || builtin kill -KILL $$
  case $BASH_COMMAND in
    ('${LINE_HOOK}') ${NAME}_kind=line; \\${NAME}_entered "$@" ;;
    ('${PROMPT_HOOK}') ${NAME}_kind=prompt; \\${NAME}_prompted "$@" ;;
    (*) ${NAME}_kind=step; \\${NAME}_stepped "$@" ;;
  esac 2>/dev/null
  if [[ $${NAME}_word != go ]]; then \\${NAME}_otherwise; fi
  ${NAME}_asking=0
  {
    if [[ $${NAME}_options == *:xtrace:* ]]; then \\set -x; fi
    if [[ $${NAME}_options != *:posix:* ]]; then \\unset -v POSIXLY_CORRECT; fi
    [[ $${NAME}_word == go ]]
  } 2>/dev/null
}
${NAME}_entered() {
  ${disarm()}
  ${NAME}_ask "$1" "$READLINE_LINE" "$5"
  case $${NAME}_word in
    (go) ${NAME}_keep "$1" $((${NAME}_now + ${AHEAD_SECONDS})) "$${NAME}_ahead"; ${arm()} ;;
    (no) READLINE_LINE= READLINE_POINT=0 ${NAME}_word=emptied ;;
  esac
}
${NAME}_prompted() {
  ${disarm()}
  ${keepsConnection ? `${NAME}_flags+=k` : ''}
  ${NAME}_ask "$1" "$BASH_COMMAND" "$5"
  if [[ $${NAME}_word == go ]]; then ${NAME}_keep "$1" $((${NAME}_now + ${AHEAD_SECONDS})) "$${NAME}_ahead" ${keepsConnection ? `"$${NAME}_fd"` : ''}; fi
}
${NAME}_stepped() {
  # Where the user has POSIX mode on, a special builtin comes before the function of its name.
  if [[ $${NAME}_options != *:posix:* ]] && builtin declare -F -- "\${BASH_COMMAND%%[[:space:]]*}" >/dev/null; then ${NAME}_flags+=f; fi
  # Not where case is folded (nocasematch): the texts are compared letter by letter.
  if [[ $${NAME}_flags != *c* && a != A && $${NAME}_now -lt $2 && $'\\n'$3 == *$'\\n'"\${${NAME}_flags/s/} $BASH_COMMAND"$'\\n'* ]]
  then ${NAME}_word=go
  else
    ${NAME}_ask "$1" "$BASH_COMMAND"
    case $${NAME}_word in
      (again) ${NAME}_again "$@" ;;
      (tell) ${NAME}_kind=told; ${NAME}_tell "$1" "$${NAME}_ahead" '' ;;
    esac
  fi
}
# The step $BASH_COMMAND needs no further question; a text of several lines would be several steps in the list.
${NAME}_again() {
  ${NAME}_word=go
  if [[ $BASH_COMMAND == *$'\\n'* ]]; then :
  elif [[ $${NAME}_now -lt $2 && \${#3} -lt ${MOST_AHEAD} ]]; then ${NAME}_keep "$1" "$2" "$3\${${NAME}_flags/s/} $BASH_COMMAND"$'\\n'
  else ${NAME}_keep "$1" $((${NAME}_now + ${AHEAD_SECONDS})) "\${${NAME}_flags/s/} $BASH_COMMAND"$'\\n'
  fi
}
# What is asked about does not run.
${NAME}_otherwise() {
  case $${NAME}_kind:$${NAME}_word in
    # In its place a shell starts that has a gate of its own; the step itself is skipped.
    (step:nest) builtin eval "\\\\builtin command $${NAME}_ahead" ;;
    (line:emptied) ;;
    (*:no) if [[ $BASHPID != $$ ]]; then \\trap - EXIT; \\exit 77; else builtin kill -INT $$; fi ;;
    (*) builtin kill -KILL $$ ;;
  esac
}
readonly -f ${NAME}_enter ${NAME}_untrace ${NAME}_judge ${NAME}_ask ${NAME}_tell ${NAME}_keep ${NAME}_gate
readonly -f ${NAME}_entered ${NAME}_prompted ${NAME}_stepped ${NAME}_again ${NAME}_otherwise
${systemFiles}
# A pager that another command starts (git log, man) must not start a shell: less(1), "SECURITY".
export LESSSECURE=1
# The prompt of a trace is expanded in the gate too, where no trap looks.
PS4='+ '
readonly LESSSECURE PS4
${nested === undefined ? 'stty echo' : `/bin/stty echo isig\nunset -v PROMPT_COMMAND`}
shopt -s extdebug
set -T
for ${NAME}_file in ${files} /dev/null; do
  [[ -r $${NAME}_file ]] && break
done
${NAME}_keep "$${NAME}_key" 0 ''
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
