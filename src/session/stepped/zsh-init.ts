/**
 * The init file that puts a zsh under the stepped gate. Tried on zsh 5.9 (test/session/stepped and test/bypass hold the
 * tries); zshmisc(1) "FUNCTIONS" and zshoptions(1) DEBUG_BEFORE_CMD describe the mechanism:
 *  - The function TRAPDEBUG is called before every sublist (a pipeline with its `&&` and `||`) and finds its whole text in
 *    ZSH_DEBUG_CMD, aliases and history expanded, a compound command with its redirections first and then each sublist of
 *    its body. A function trap, unlike `trap … DEBUG`, is kept in subshells. With ERR_EXIT set in it the command is
 *    skipped; returning 1 ends the line (in a subshell, the subshell).
 *  - It is not called inside of another trap. So nobody may set one: the invariants say so, and the shell is killed when a
 *    function TRAP… is there.
 *  - A function named `builtin` would come before the builtin of that name; when there is one, nothing runs any more. All
 *    else here is reserved words and expansions. `emulate -L zsh` makes the options ours for the time of a question.
 *  - A trace (`setopt xtrace`) expands PS4, which may hold a `$(…)`, and inside the trap nobody would ask for that. The
 *    word of a `case` is expanded before it is traced, so the trace is put off in the first of them.
 *  - A function can hide a variable by a local one of another type, and a subscript of what is no association is arithmetic,
 *    which runs what is in `a[$(…)]`. So the type of each table that is looked into in here is compared first, and
 *    nothing that a person can set is put into arithmetic.
 *  - ZLE's parameters are read-only in a trap; the widget empties the buffer of a refused line.
 *  - What needs no question until the next prompt stands in a function's own text: who could change a function of the
 *    gate's could as well change TRAPDEBUG, so nothing new has to be guarded. A variable could be written through a name
 *    that is put together at run time. The text is compiled in here with aliases off, as a global one would change it.
 *  - Widget and prompt hook kill the shell when the trap did not see them: a gate that was lost is noticed at the next
 *    prompt and the next Enter.
 *
 * zsh has no `--rcfile`. It starts without start files and without ZLE; the first line from the terminal, which the bastion
 * types with echo off, reads this file from an inherited descriptor, and the second is the session's key.
 */
const NAME = '__sallyport'

/** The widgets that accept a line (zshzle(1)); each becomes one that reports the line first. */
const ACCEPTING = ['accept-line', 'accept-and-hold', 'accept-line-and-down-history', 'accept-and-infer-next-history']

/** What the init file runs once the gate is closed, each word for word as zsh reports it. */
const FILES = ['.zshenv', '.zprofile', '.zshrc', '.zlogin']
const reading = (file: string) => `[[ -o rcs && -r \${ZDOTDIR:-$HOME}/${file} ]] && . \${ZDOTDIR:-$HOME}/${file}`
const shielded = (step: string) => `{\n\t${step}\n} always {\n\tTRY_BLOCK_ERROR=0 \n}`
const HISTORY = '[[ -n $HISTFILE && -r $HISTFILE ]] && fc -R'
const CLOSING = `${NAME}_close`
const CLOSING_STEPS = [
  ...ACCEPTING.map((widget) => `zle -N ${widget} ${NAME}_accept`),
  // A search accepts by the builtin widget, unreported (tried on 5.9): Enter ends it, and the next Enter runs what it found.
  `bindkey -M isearch '^M' accept-search`,
  `bindkey -M isearch '^J' accept-search`,
  `precmd_functions+=(${NAME}_prompt) `,
  'typeset -gr NULLCMD=cat READNULLCMD=cat ',
  'stty echo',
]

export const ZSH_INIT_STEPS: readonly string[] = [
  ...FILES.flatMap((file) => [shielded(reading(file)), reading(file)]),
  'TRY_BLOCK_ERROR=0 ',
  HISTORY,
  CLOSING,
  ...CLOSING_STEPS,
]

/** Steps of the gate's own functions, which need no question: who types them changes nothing. */
const LINE_HOOK = `: ${NAME}_line`
const PROMPT_HOOK = `: ${NAME}_prompt`
const SEEN_PROMPT = `[[ $${NAME}_prompt == go ]] || builtin kill -KILL $$`
const ACCEPT = `[[ $${NAME}_line == go ]] && builtin zle .$WIDGET`
const EMPTY = `[[ $${NAME}_line == no ]] && BUFFER= `
const SEEN_LINE = `[[ -n $${NAME}_line ]] || builtin kill -KILL $$`
const OWN = [SEEN_PROMPT, ACCEPT, EMPTY, SEEN_LINE]

/** How long an answer counts for the same text of the same line without another question, as in bash-init.ts. */
const AHEAD_SECONDS = 30
/** Characters of such texts; comparing them must not become slow. */
const MOST_AHEAD = 8192

/** Loads what asks: nothing but the builtin that connects and the number of the process. */
const MODULES =
  'zmodload -F zsh/net/tcp b:ztcp && zmodload -F zsh/system p:sysparams && zmodload zsh/parameter zsh/zle || kill -KILL $$'

/**
 * Returns the init file for a zsh whose questions go to `port` on the target's loopback; questions and answers are those
 * of bash-init.ts. The system-wide files are read before the gate closes: they are the administrator's. (Ubuntu's starts
 * the completion system, which would read a file of the person's; `skip_global_compinit` is its own switch for that.)
 */
export function zshInit(port: number): string {
  return `
IFS= builtin read -r -s ${NAME}_key
exec 9<&-
typeset +x PS1
PS1='%m%# '
unsetopt histignorespace
setopt rcs zle promptcr promptsp
${MODULES}
typeset -g ${NAME}_n=0 ${NAME}_line= ${NAME}_prompt= ${NAME}_status= ${NAME}_xtrace= ${NAME}_debug=
skip_global_compinit=1
for ${NAME}_file in zprofile zshrc zlogin; do
  if [[ -r /etc/zsh/$${NAME}_file ]]; then . /etc/zsh/$${NAME}_file
  elif [[ -r /etc/$${NAME}_file ]]; then . /etc/$${NAME}_file
  fi
done
unset skip_global_compinit ${NAME}_file
# A pager that another command starts (git log, man) must not start a shell: less(1), "SECURITY".
typeset -grx LESSSECURE=1
${NAME}_prompt() {
  ${PROMPT_HOOK}
  ${SEEN_PROMPT}
}
${NAME}_accept() {
  ${LINE_HOOK}
  ${ACCEPT}
  ${EMPTY}
  ${SEEN_LINE}
}
${NAME}_known() { known=() good=0; }
${CLOSING}() {
${CLOSING_STEPS.map((step) => `  ${step}`).join('\n')}
}
TRAPDEBUG() {
  case "\${${NAME}_status::=$?}\${\${(M)\${(t)options}:#association-hide-hideval-special}:?the gate of this session was changed}\${${NAME}_debug::=\${options[debugbeforecmd]}}\${${NAME}_xtrace::=\${options[xtrace]}}\${options[xtrace]::=off}" in (*) ;; esac
  () {
    if [[ \${(t)options}:\${(t)functions}:\${(t)sysparams} != association-hide-hideval-special:association-hide-hideval-special:association-*special ]] || (( \${+functions[builtin]} )); then
      local gone=\${${NAME}_gone:?the gate of this session was changed}
    fi
    builtin emulate -L zsh
    [[ \${(t)ZSH_DEBUG_CMD} == scalar(|-export) && $${NAME}_debug == on && \${(k)functions[(I)TRAP*]} == TRAPDEBUG ]] || builtin kill -KILL $$
    # No alias of the person's may be expanded in what is compiled below.
    options[aliases]=off
    local kind=step text="$ZSH_DEBUG_CMD" flags=- answer= REPLY= fd= step= now=\${(%):-%D{%s}} good=0
    local -a known
    case $text in
${OWN.map((step) => `      ('${step}') builtin return 0 ;;`).join('\n')}
      ('${LINE_HOOK}') kind=line text="$BUFFER" ${NAME}_line= ${NAME}_prompt= ;;
      ('${PROMPT_HOOK}') kind=prompt text= ${NAME}_line= ${NAME}_prompt= ;;
    esac
    [[ -n $WIDGET ]] && flags+=c
    [[ $kind == step ]] && (( \${+functions[\${text%%[[:space:]]*}]} )) && flags+=f
    step="$flags $text"
    if [[ $kind == step ]]; then
      ${NAME}_known
      [[ $now -lt $good ]] && (( \${known[(Ie)$step]} )) && builtin return 0
    fi
    [[ $ZSH_SUBSHELL == 0 ]] || flags="\${flags/f/}s\${(M)flags%f}"
    [[ $${NAME}_n == <-> ]] || builtin kill -KILL $$
    ${NAME}_n=$((${NAME}_n + 1))
    if builtin ztcp 127.0.0.1 ${port}; then
      fd=$REPLY
      builtin print -rn -u $fd -- "\${${NAME}_key[1,32]} $kind $${NAME}_n $sysparams[pid] $flags $${NAME}_status $text"$'\\0'
      IFS= builtin read -r -u $fd answer
      if [[ $kind != step ]]; then
        known=()
        while IFS= builtin read -r -u $fd REPLY; do known+=("$REPLY"); done
      fi
      builtin ztcp -c $fd
    fi 2>/dev/null
    case $answer in
      ("\${${NAME}_key[33,64]} $${NAME}_n "(go|again))
        case $kind in (line) ${NAME}_line=go ;; (prompt) ${NAME}_prompt=go ;; esac
        if [[ $kind != step ]]; then good=$((now + ${AHEAD_SECONDS}))
        elif [[ $answer != *again ]]; then builtin return 0
        elif [[ $now -lt $good && \${#\${(j::)known}} -lt ${MOST_AHEAD} ]]; then known+=("$step")
        else known=("$step") good=$((now + ${AHEAD_SECONDS}))
        fi
        functions[${NAME}_known]="known=(\${(@qq)known}) good=$good"
        builtin return 0 ;;
      ("\${${NAME}_key[33,64]} $${NAME}_n no") if [[ $kind == line ]]; then ${NAME}_line=no; builtin return 0; fi ;;
      (*) builtin kill -KILL $$ ;;
    esac
    builtin return 1
  }
  case "$?\${options[xtrace]::=$${NAME}_xtrace}" in
    (0*) ;;
    (*) options[errexit]=on; builtin return 1 ;;
  esac
}
${FILES.map((file) => shielded(reading(file))).join('\n')}
${HISTORY}
${CLOSING}
`
}

/** Returns the command that replaces the login shell's own by a gated zsh. The key is not in it. */
export function zshLauncher(path: string, port: number): string {
  const quoted = `'${path.replaceAll("'", `'\\''`)}'`
  return `PS1= exec ${quoted} -f -l -i +Z -o histignorespace +o promptcr +o promptsp 9<<'SALLYPORT'\n${zshInit(port)}\nSALLYPORT\n`
}

/** The line that reads the init file, kept out of the history by its first character. The key follows it. */
export const ZSH_FIRST_LINE = ' . /dev/fd/9\n'
