/**
 * What no policy and no reviewer can let through a gated shell: commands that would turn the gate off. Denied by an
 * invariant, not by a rule. The gate holds even where this list has a gap (its functions and key are readonly, and it
 * kills the shell when its options are gone); the list is what makes the answer a sentence instead of a dead session.
 */
import type { SimpleCommand } from '../../core/action.ts'
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
const GUARDED = /\b(?:POSIXLY_CORRECT|COMP_LINE|BASHOPTS|SHELLOPTS|READLINE_LINE|BASH_COMMAND)\b/
const EXPANSION = /[$`]/

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
  // A word that is only known when it is expanded could be any of the words below.
  const plain = rest.replace(/["'\\]/g, '')
  switch (name) {
    case 'trap':
      return /\bDEBUG\b/.test(plain) || EXPANSION.test(lastWord(rest)) ? 'it changes the DEBUG trap' : undefined
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

function lastWord(text: string): string {
  return text.trim().split(/\s+/).at(-1) ?? ''
}

/** Returns what comes before `--`: `set -- $args` changes only the positional parameters. */
function beforeOperands(text: string): string {
  return text.split(/(?:^|\s)--(?:\s|$)/)[0] ?? ''
}
