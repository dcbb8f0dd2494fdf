/**
 * What no policy and no reviewer can let through a gated zsh: commands that would turn the gate off, or that make zsh run
 * something where its DEBUG trap is not called. A trap's own commands are that (tried on zsh 5.9), so no trap may be set.
 */
import type { SimpleCommand } from '../../core/action.ts'

const RESERVED = '__sallyport'
const CHANGES_PROMPT = 'it changes what runs before each prompt, which tells the gate when the shell is ready'
const CHANGES_ENTER = 'it changes what Enter does'
const UNSEEN_TRAP = 'the commands of a trap run where the gate does not see them'
const CHANGES_GATE = 'it changes what the gate is made of'
/** Modules that only tell or compute, or that a line editor needs; what files and sockets can be reached by is not here. */
const HARMLESS_MODULES =
  /^zsh\/(?:complete|complist|compctl|computil|zle|zleparameter|zutil|parameter|datetime|langinfo|mathfunc|nearcolor|pcre|regex|rlimits|sched|stat|termcap|terminfo|watch|main|newuser|hashed|zprof)$/
const EXPANSION = /[$`*?[{~^#<(]/

/** Returns why this command may not run in a gated zsh, or undefined when it does not touch the gate. */
export function forbiddenInZsh(text: string, commands: readonly SimpleCommand[]): string | undefined {
  const ofText = forbiddenText(text)
  if (ofText !== undefined) return ofText
  if (/\bprecmd_functions\b[^\n]*=/.test(text)) return CHANGES_PROMPT
  for (const command of [...commands.map((found) => found.text), ...text.split(/\n|&&|\|\|?|;/)]) {
    const reason = forbiddenCommand(command)
    if (reason !== undefined) return reason
  }
  return undefined
}

/** The person's start files may add hooks and wrap widgets: the gate's own come after theirs. */
export function forbiddenAtZshStart(text: string): string | undefined {
  const ofText = forbiddenText(text)
  if (ofText !== undefined) return ofText
  for (const command of text.split(/\n|&&|\|\|?|;/)) {
    const reason = forbiddenCommand(command)
    if (reason !== undefined && reason !== CHANGES_ENTER) return reason
  }
  return undefined
}

function forbiddenText(text: string): string | undefined {
  const plain = text.replace(/["'\\]/g, '')
  if (text.includes(RESERVED) || plain.includes(RESERVED)) return 'it names a part of the gate'
  if (/\bTRAP[A-Z]+\d?\b/.test(plain)) return UNSEEN_TRAP
  if (/debugbeforecmd/i.test(plain.replaceAll('_', ''))) return CHANGES_GATE
  if (plain.includes('ZSH_DEBUG_CMD')) return CHANGES_GATE
  // `$f () {`: what it is called is only known when it is too late to say no.
  if (/(?:\bbuiltin\b|[$`])[^\n;&|{]*\(\) \{/.test(plain)) return CHANGES_GATE
  // The special arrays of zsh/parameter are the shell's own tables.
  if (/\b(?:dis_)?(?:functions|options|builtins|commands|modules|reswords|patchars)(?:\[[^\]]*\])?[:+]*=/.test(plain))
    return CHANGES_GATE
  if (/\$\{\([^)]*P[^)]*\)[^}]*=/.test(text)) return 'it changes a variable whose name is not known'
  return undefined
}

const PREFIXES = /^(?:(?:builtin|command|exec|noglob|nocorrect|-|time|!|coproc)\s+(?:-\S+\s+)*)+/

function forbiddenCommand(source: string): string | undefined {
  const words = source
    .trim()
    .replace(/^[({\s]+/, '')
    .replace(PREFIXES, '')
    .split(/\s+/)
  const name = (words[0] ?? '').replace(/["'\\]/g, '')
  const args = words.slice(1)
  const rest = args.join(' ')
  const plain = rest.replace(/["'\\]/g, '')
  switch (name) {
    case 'trap':
      return /^(?:$|-(?:\s|$)|-[lp](?:\s|$)|(?:''|"")(?:\s|$))/.test(rest) && !/\bDEBUG\b|[$`{*?[]/.test(rest)
        ? undefined
        : UNSEEN_TRAP
    case 'setopt':
    case 'unsetopt':
      return EXPANSION.test(rest) || /(?:^|\s)-\w*m/.test(plain) ? CHANGES_GATE : undefined
    case 'set':
      return /(?:^|\s)[-+]\w*o\s+\S*[$`]/.test(rest) || /(?:^|\s)[-+]\w*A/.test(plain) ? CHANGES_GATE : undefined
    case 'disable':
    case 'enable':
      return plain === '' ? undefined : 'it turns a part of the shell on or off'
    case 'unfunction':
    case 'unhash':
      return EXPANSION.test(rest) || /(?:^|\s)-\w*m/.test(plain) ? CHANGES_GATE : undefined
    case 'unset':
      return /(?:^|\s)-\w*[mf]/.test(plain) && (EXPANSION.test(rest) || /-\w*m/.test(plain)) ? CHANGES_GATE : undefined
    case 'functions':
    case 'autoload':
      return /(?:^|\s)[-+]\w*[cmM]/.test(plain) || /[$`]/.test(rest) ? CHANGES_GATE : undefined
    case 'typeset':
    case 'declare':
    case 'local':
    case 'export':
    case 'readonly':
      // `typeset -fu NAME` lets a function be read from a file when it is called next.
      return /(?:^|\s)[-+]\w*f/.test(plain) && EXPANSION.test(rest) ? CHANGES_GATE : undefined
    case 'zmodload':
      return args.every(
        (word) => HARMLESS_MODULES.test(word) || /^-[aFiLleA]*$/.test(word) || /^[+]?[bcfp]:\w+$/.test(word),
      )
        ? undefined
        : 'it loads or unloads a part of the shell'
    case 'zle':
      return /(?:^|\s)-[NADC]\b.*\baccept-/.test(plain) || /\.accept-/.test(plain) ? CHANGES_ENTER : undefined
    case 'bindkey':
      return /\.accept-/.test(plain) ? CHANGES_ENTER : undefined
    case 'hash':
      return plain.includes('=') && !/^-d\b/.test(plain) ? 'it changes which program a name runs' : undefined
    default:
      return undefined
  }
}
