/**
 * What no policy and no reviewer can let through a gated shell: commands that would turn the gate off. Denied by an
 * invariant, not by a rule. The gate holds even where this list has a gap (its functions and key are readonly, and it
 * kills the shell when its options are gone); the list is what makes the answer a sentence instead of a dead session.
 */
import type { SimpleCommand } from '../../core/action.ts'
import { type LiteralWord, literalWords } from '../../shell/literal-words.ts'
import { RESERVED } from './bash-init.ts'

/** Builtins through which the trap, its options, its keys or its variables could be changed. */
const GATE_BUILTINS = new Set([
  'trap',
  'shopt',
  'set',
  'enable',
  'unset',
  'bind',
  'declare',
  'typeset',
  'local',
  'readonly',
  'export',
  'alias',
  'unalias',
  'hash',
  'read',
  'printf',
  'mapfile',
  'readarray',
  'getopts',
  'let',
  'wait',
])
const PREFIXES = /^(?:(?:builtin|command|exec)\s+(?:-\S+\s+)*)+/
/** Names whose value the gate reads. */
const GUARDED_NAMES = [
  'POSIXLY_CORRECT',
  'COMP_LINE',
  'BASHOPTS',
  'SHELLOPTS',
  'READLINE_LINE',
  'BASH_COMMAND',
  'PROMPT_COMMAND',
  'PS4',
  'LESSSECURE',
  'FUNCNEST',
  RESERVED,
]
const GUARDED = /\b(?:POSIXLY_CORRECT|COMP_LINE|BASHOPTS|SHELLOPTS|READLINE_LINE|BASH_COMMAND|FUNCNEST)\b/
const EXPANSION = /[$`]/
/** Builtins that write to the variables they are given by name. */
const WRITERS = new Set([
  'unset',
  'declare',
  'typeset',
  'local',
  'readonly',
  'export',
  'read',
  'mapfile',
  'readarray',
  'getopts',
  'printf',
  'wait',
])

/** Returns why this command may not run in a gated shell, or undefined when it does not touch the gate. */
export function forbiddenInGate(text: string, commands: readonly SimpleCommand[]): string | undefined {
  if (text.includes(RESERVED)) return 'it names a part of the gate'
  for (const command of [...commands.map((found) => found.text), text]) {
    const reason = forbidden(command)
    if (reason !== undefined) return reason
  }
  return undefined
}

/**
 * The same for the person's start files, which may set PROMPT_COMMAND and bind keys: the init file adds its own hook and
 * its own bindings to theirs afterwards.
 */
export function forbiddenAtStart(text: string): string | undefined {
  if (text.includes(RESERVED)) return 'it names a part of the gate'
  const reason = forbidden(text)
  return reason === CHANGES_PROMPT || reason === CHANGES_KEYS ? undefined : reason
}

const CHANGES_PROMPT = 'it changes PROMPT_COMMAND, which tells the gate when the shell is ready'
const CHANGES_KEYS = 'it changes what a key does'

function forbidden(source: string): string | undefined {
  const words = source.trim().replace(PREFIXES, '').split(/\s+/)
  const name = (words[0] ?? '').replace(/["'\\]/g, '')
  const rest = words.slice(1).join(' ')
  if (/^PROMPT_COMMAND(\[|\+?=)/.test(words[0] ?? '') || (GATE_BUILTINS.has(name) && /\bPROMPT_COMMAND\b/.test(rest))) {
    return CHANGES_PROMPT
  }
  if (/^(?:POSIXLY_CORRECT|COMP_LINE)\+?=/.test(words[0] ?? '') || (GATE_BUILTINS.has(name) && GUARDED.test(rest))) {
    return 'it changes a variable that the gate reads'
  }
  const literals =
    WRITERS.has(name) || name === 'trap' ? literalWords(source.trim().replace(PREFIXES, '')).slice(1) : []
  if (WRITERS.has(name) && writesComputedName(name, literals)) {
    return 'it writes to a variable whose name is only known when it runs, and the gate keeps some of its own there'
  }
  // A word that is only known when it is expanded could be any of the words below.
  const plain = rest.replace(/["'\\]/g, '')
  switch (name) {
    case 'trap':
      return forbiddenTrap(literals)
    case 'shopt':
      return /-[a-z]*[su]/.test(plain) && (/\bextdebug\b/.test(plain) || EXPANSION.test(rest))
        ? 'it changes extdebug'
        : undefined
    case 'set':
      return /(?:^|\s)\+\w*T/.test(plain) || /\+o\s+functrace/.test(plain) || EXPANSION.test(beforeOperands(rest))
        ? 'it changes function tracing'
        : undefined
    case 'enable':
      return plain !== '' && !/^-[aps]+$/.test(plain) ? 'it turns a builtin on or off' : undefined
    case 'bind':
      return plain !== '' && !/^-[lpPsSvVX]+$/.test(plain) ? CHANGES_KEYS : undefined
    case 'hash':
      return /-\w*p/.test(plain) ? 'it changes which program a name runs' : undefined
    default:
      return undefined
  }
}

/**
 * Signal handlers, and those for RETURN and ERR, may come due while the gate asks, and there no trap looks (tried on bash
 * 5.2). EXIT does not. Taking a handler away, or ignoring a signal, runs nothing. A list of all traps would show the key.
 */
function forbiddenTrap(words: readonly LiteralWord[]): string | undefined {
  if (words.some(({ fixed }) => /^(?:SIG)?DEBUG$/i.test(fixed))) return 'it changes the DEBUG trap'
  const [first, ...names] = words.filter(({ fixed, isOpen }) => isOpen || fixed !== '--')
  if (first === undefined || (/^-p/.test(first.fixed) && names.length === 0)) {
    return 'it lists the DEBUG trap, which is the gate’s own; name the signal whose handler you want to see'
  }
  if (names.some(({ isOpen }) => isOpen) || (names.length === 0 && first.isOpen)) {
    return 'it names a trap that is only known when it runs, and that could be DEBUG'
  }
  const isHandler = names.length > 0 && (first.isOpen || !/^(?:|-|-[lp]|\d+)$/.test(first.fixed))
  return !isHandler || names.every(({ fixed }) => /^(?:(?:SIG)?EXIT|0)$/i.test(fixed))
    ? undefined
    : 'it sets a handler that could run while the gate asks; only EXIT may have one'
}

/** Options whose argument is no name. */
const OPTION_ARGUMENTS: Readonly<Record<string, RegExp>> = {
  read: /^-[a-zA-Z]*[dinNptu]$/,
  mapfile: /^-[a-zA-Z]*[dnOscCu]$/,
  readarray: /^-[a-zA-Z]*[dnOscCu]$/,
}

/** Reports whether a name that the builtin writes to could turn out to be one of the gate's. */
function writesComputedName(name: string, words: readonly LiteralWord[]): boolean {
  const at = words.findIndex(({ fixed }) => fixed.startsWith('-v'))
  if (name !== 'printf') {
    const takesArgument = OPTION_ARGUMENTS[name]
    return words.some(
      (word, index) => couldBeGuarded(word) && takesArgument?.test(words[index - 1]?.fixed ?? '') !== true,
    )
  }
  if (at === -1) return words[0]?.isOpen === true && words[0].fixed === ''
  const attached = words[at]!
  return (
    couldBeGuarded({ ...attached, fixed: attached.fixed.slice(2) }) ||
    (words[at + 1] !== undefined && couldBeGuarded(words[at + 1]!))
  )
}

function couldBeGuarded({ fixed, isOpen }: LiteralWord): boolean {
  return isOpen && GUARDED_NAMES.some((guarded) => guarded.startsWith(fixed))
}

/** Returns what comes before `--`: `set -- $args` changes only the positional parameters. */
function beforeOperands(text: string): string {
  return text.split(/(?:^|\s)--(?:\s|$)/)[0] ?? ''
}
