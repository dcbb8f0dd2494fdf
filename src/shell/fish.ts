/**
 * Which lines of fish mean the same in bash, so that the analysis (which reads bash) may speak for them. Everything else
 * is opaque: fish's `(…)`, lists, braces, blocks, its own builtins and the functions of the session.
 *
 * INVARIANT: for a line that is taken here, fish runs no command, opens no file and sets no environment that bash would
 * not for the text handed to the analysis. test/shell/fish.test.ts lets a real fish and a real bash compare the words.
 */
import type { Analysis, Effect } from '../core/action.ts'

/** What the shell itself says of the words of a line: those that are functions, and whose they are. */
export interface FishFunctions {
  /** Of fish's own or of the target's administrator. */
  readonly system: ReadonlySet<string>
  /** Defined in this session. */
  readonly session: ReadonlySet<string>
}

/** Builtins and functions of fish that do what the program or builtin of bash of that name does. */
const SAME = new Set(
  'cd echo pwd true false test printf exit jobs fg bg wait type disown ulimit umask command ls grep diff man realpath seq kill pushd popd dirs'.split(
    ' ',
  ),
)
/** Functions that come with fish, by what they call. */
const STANDS_FOR: Readonly<Record<string, string>> = { ll: 'ls', la: 'ls' }
/** Builtins that only compute and print. `string` can set variables: see below. */
const PURE = new Set(['string', 'count', 'contains', 'math', 'random'])
/** Words that fish, or bash, does not look up as a program. */
const FOREIGN = new Set(
  `. : _ [ [[ abbr alias and argparse begin bind block break breakpoint builtin caller case commandline compgen complete
  compopt continue coproc declare do done elif else emit enable end esac eval exec export fc fi for function functions
  getopts hash help history if in let local logout mapfile not or path read readarray readonly return select set
  set_color shift shopt source status suspend switch then time times trap typeset unalias unset until while`.split(
    /\s+/,
  ),
)
const NAME = /^[A-Za-z0-9_./+-]+$/
/** A named group sets a variable of that name (fish's `string match --regex`). */
const NAMED_GROUP = /\(\?P?[<']/
/** Only plain names: upper case is for the environment, and `fish…` changes the shell. */
const PLAIN_VARIABLE = /^(?!fish|argv$|status$|pipestatus$|umask$|history$|hostname$|version$)[a-z][a-z0-9_]*$/

interface Word {
  readonly start: number
  readonly end: number
  readonly isRedirected: boolean
}

type Reading = { readonly kind: 'same'; readonly text: string } | { readonly kind: 'opaque'; readonly why: string }

/** One piece of a word each; what none of them takes is not in the common part. */
// Letters of any script; fish's own marks are in the private use area and among the noncharacters (its wildcard.h).
const PLAIN = /[\p{L}\p{M}\p{N}_./:,+@=%-]+/uy
const ESCAPED = /\\[ '"$*?~#()<>&|;\\]/y
const SINGLE = /'[^'\\]*'/y
const DOUBLE = /"(?:[^"\\$`]|\$[A-Za-z_][A-Za-z0-9_]*(?![[A-Za-z0-9_]))*"/y
const STAR = /(?<!\*)\*(?!\*)/y
const HOME = /~[A-Za-z0-9_.-]*(?=[/\s;|]|$)/y
/** Alone only: a list that is empty takes the whole word with it, which in bash it does not. */
const VARIABLE = /\$[A-Za-z_][A-Za-z0-9_]*(?=[\s;|]|$)/y
const DUPLICATE = /[12]?>&[12](?=[\s;|]|$)/y
const REDIRECTION = /(?:[12]?>>?|<)(?![<>&|?(])/y
const OPERATOR = /&&(?=\s)|\|\|(?=\s)|\|(?![|&])|;|&(?=\s|$)/y
const BLANK = /[ \t]+/y
const COMMENT = /#[^\n]*/y

/** Reads a line of fish as bash, or says why it cannot. */
export function readFish(text: string, functions: FishFunctions): Reading {
  let at = 0
  let words: Word[] = []
  let canEndHere = true
  const masks: { readonly start: number; readonly end: number; readonly by: string }[] = []
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at
    const found = pattern.exec(text)?.[0]
    if (found !== undefined) at += found.length
    return found
  }
  const slice = ({ start, end }: Word) => text.slice(start, end)
  const opaque = (why: string): Reading => ({ kind: 'opaque', why })

  const takeWord = (isRedirected: boolean): boolean => {
    const start = at
    if (text[at] === '%') return false
    if (take(VARIABLE) === undefined) {
      take(HOME)
      while (take(PLAIN) ?? take(ESCAPED) ?? take(SINGLE) ?? take(DOUBLE) ?? take(STAR));
    }
    if (at === start || (at < text.length && !/[\s;|]/.test(text[at]!))) return false
    words.push({ start, end: at, isRedirected })
    return true
  }

  /** Looks at the command that has just ended; says why it is not understood. */
  const endCommand = (): string | undefined => {
    const [first, ...rest] = words.filter((word) => !word.isRedirected)
    words = []
    if (first === undefined) return 'a redirection stands without a command'
    const name = slice(first)
    if (!NAME.test(name)) return 'a command’s name is not plain'
    if (functions.session.has(name)) return `${name} is a function of this session`
    const stands = STANDS_FOR[name]
    if (stands !== undefined) masks.push({ ...first, by: stands })
    else if (PURE.has(name)) {
      if (rest.some((word) => NAMED_GROUP.test(slice(word)))) return 'a named group sets a variable'
      masks.push({ ...first, by: 'id' })
    } else if (name === 'set') {
      const operands = rest.map(slice)
      while (operands[0] === '-g' || operands[0] === '-l') operands.shift()
      if (!PLAIN_VARIABLE.test(operands[0] ?? '')) return 'set changes more than a variable of the person’s own'
      masks.push({ ...first, by: ':' })
    } else if (FOREIGN.has(name)) return `${name} is not the same in fish and in bash`
    else if (functions.system.has(name) && !SAME.has(name)) return `${name} is a function of fish’s`
    return undefined
  }

  while (at < text.length) {
    if (take(BLANK) !== undefined) continue
    const isAfterBlank = at === 0 || /\s/.test(text[at - 1]!)
    if (isAfterBlank && take(COMMENT) !== undefined) continue
    if (text[at] === '\n') {
      at++
      if (words.length === 0 && !canEndHere) return opaque('a line ends where a command is expected')
      if (words.length > 0) {
        const why = endCommand()
        if (why !== undefined) return opaque(why)
      }
      canEndHere = true
      continue
    }
    const operator = take(OPERATOR)
    if (operator !== undefined) {
      if (operator.startsWith('&') && !isAfterBlank) return opaque('& stands inside a word')
      if (words.length === 0) return opaque('a command is missing')
      const why = endCommand()
      if (why !== undefined) return opaque(why)
      canEndHere = operator === ';' || operator === '&'
      continue
    }
    if (isAfterBlank && take(DUPLICATE) !== undefined) {
      if (words.length === 0) return opaque('a redirection stands without a command')
      continue
    }
    if (isAfterBlank && take(REDIRECTION) !== undefined) {
      take(BLANK)
      if (words.length === 0 || !takeWord(true)) return opaque('a redirection is not plain')
      continue
    }
    if (!takeWord(false)) return opaque('this part of fish is not read')
  }
  if (words.length > 0) {
    const why = endCommand()
    if (why !== undefined) return opaque(why)
  } else if (!canEndHere) return opaque('a command is missing')
  let same = text
  for (const { start, end, by } of masks) {
    same = same.slice(0, start) + by.padEnd(end - start) + same.slice(end)
  }
  return { kind: 'same', text: same }
}

/** Returns what a line of fish can do; what is not understood is opaque as a whole. */
export function analyseFish(text: string, functions: FishFunctions, analyse: (text: string) => Analysis): Analysis {
  const reading = readFish(text, functions)
  if (reading.kind === 'same') {
    const found = analyse(reading.text)
    return {
      ...found,
      commands: found.commands.map((command) => {
        const original = text.slice(command.start, command.end)
        const isMasked = original !== command.text && reading.text.slice(command.start, command.end) === command.text
        return isMasked ? { ...command, text: original, name: /^\S+/.exec(original)?.[0] } : command
      }),
    }
  }
  // What bash would make of it is shown to the reviewer and to the rules, but never counts as the whole.
  const seems = analyse(text)
  const whole = {
    text,
    name: undefined,
    start: 0,
    end: text.length,
    effects: ['opaque'] as const,
    objects: [],
    because: `fish: ${reading.why}`,
  }
  const effects: readonly Effect[] = [...new Set<Effect>([...seems.effects, 'opaque'])]
  return { commands: [...seems.commands, whole], effects, objects: seems.objects }
}
