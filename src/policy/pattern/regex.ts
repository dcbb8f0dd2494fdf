/**
 * Regular expressions on a command's text: the common part of JavaScript's syntax (ECMA-262 §22.2.1), run by an
 * automaton that cannot be made to hang. What needs backtracking (back references, look-around) is refused when the
 * policy is read.
 *
 * Two differences are on purpose, because a rule must not be escaped with a line feed: `.` matches every character, and
 * `^` and `$` stand for the beginning and the end of the whole text.
 */
import { type CharacterSet, type Program, WORD } from '../../core/program.ts'
import { compile, type Expression, run } from './automaton.ts'
import { type Certainty, certain } from './certainty.ts'
import { type Refusal, refuse } from './refusal.ts'

export interface Pattern {
  readonly source: string
  readonly program: Program
}

const MAX_SOURCE = 500
const MAX_REPEAT = 100
const MAX_DEPTH = 20
/** The analysis calls longer texts opaque; here they are unclear. */
export const MAX_TEXT = 64 * 1024

/** A leading `(?i)` makes ASCII letters match in either case. */
export function parsePattern(source: string): Pattern | Refusal {
  if (source.length > MAX_SOURCE) return refuse(`a regular expression may have ${MAX_SOURCE} characters at most`)
  try {
    const expression = new PatternReader(source).read()
    const program = compile(expression)
    return program === undefined
      ? refuse('the regular expression repeats too much to be checked quickly')
      : { source, program }
  } catch (error) {
    if (error instanceof PatternError) return refuse(error.message)
    throw error
  }
}

export function matchesPattern(pattern: Pattern, text: string): Certainty {
  return text.length > MAX_TEXT ? 'unclear' : certain(run(pattern.program, text).isMatch)
}

class PatternError extends Error {}

const CLASSES: Readonly<Record<string, CharacterSet>> = {
  d: { ranges: [[0x30, 0x39]], isNegated: false },
  D: { ranges: [[0x30, 0x39]], isNegated: true },
  w: { ranges: WORD, isNegated: false },
  W: { ranges: WORD, isNegated: true },
  s: {
    ranges: [
      [0x09, 0x0d],
      [0x20, 0x20],
      [0xa0, 0xa0],
      [0x1680, 0x1680],
      [0x2000, 0x200a],
      [0x2028, 0x2029],
      [0x202f, 0x202f],
      [0x205f, 0x205f],
      [0x3000, 0x3000],
      [0xfeff, 0xfeff],
    ],
    isNegated: false,
  },
}
const CONTROLS: Readonly<Record<string, number>> = { n: 0x0a, r: 0x0d, t: 0x09, f: 0x0c, v: 0x0b, 0: 0x00 }
const ANYTHING: CharacterSet = { ranges: [], isNegated: true }

/** Recursive descent: choice → sequence → repeated → atom. */
class PatternReader {
  readonly #characters: readonly string[]
  readonly #ignoresCase: boolean
  #at = 0
  #depth = 0

  constructor(source: string) {
    this.#ignoresCase = source.startsWith('(?i)')
    this.#characters = Array.from(this.#ignoresCase ? source.slice(4) : source)
  }

  read(): Expression {
    const expression = this.#choice()
    if (this.#at < this.#characters.length) throw new PatternError('there is a “)” without its “(”')
    return expression
  }

  #choice(): Expression {
    const items = [this.#sequence()]
    while (this.#take('|')) items.push(this.#sequence())
    return items.length === 1 ? items[0]! : { kind: 'choice', items }
  }

  #sequence(): Expression {
    const items: Expression[] = []
    while (this.#at < this.#characters.length && this.#peek() !== '|' && this.#peek() !== ')')
      items.push(this.#repeated())
    return { kind: 'sequence', items }
  }

  #repeated(): Expression {
    const item = this.#atom()
    const bounds = this.#bounds()
    if (bounds === undefined) return item
    if (item.kind === 'at') throw new PatternError('“^”, “$” and “\\b” cannot be repeated')
    // Whether it takes as much or as little as it can makes no difference to whether there is a match.
    this.#take('?')
    if (this.#bounds() !== undefined) throw new PatternError('two repetitions follow each other')
    return { kind: 'repeat', item, ...bounds }
  }

  #bounds(): { readonly min: number; readonly max: number | undefined } | undefined {
    if (this.#take('*')) return { min: 0, max: undefined }
    if (this.#take('+')) return { min: 1, max: undefined }
    if (this.#take('?')) return { min: 0, max: 1 }
    if (this.#peek() !== '{') return undefined
    const found = /^\{(\d{1,4})(,(\d{1,4})?)?\}/.exec(this.#characters.slice(this.#at, this.#at + 12).join(''))
    if (found === null) throw new PatternError('“{” begins a repetition such as {2,5}; write “\\{” for the character')
    this.#at += found[0].length
    const min = Number(found[1])
    const max = found[2] === undefined ? min : found[3] === undefined ? undefined : Number(found[3])
    if (max !== undefined && max < min) throw new PatternError('a repetition’s numbers are in the wrong order')
    if (min > MAX_REPEAT || (max ?? 0) > MAX_REPEAT)
      throw new PatternError(`a repetition may count to ${MAX_REPEAT} at most`)
    return { min, max }
  }

  #atom(): Expression {
    const character = this.#next()
    switch (character) {
      case '.':
        return { kind: 'set', set: ANYTHING }
      case '^':
        return { kind: 'at', place: 'start' }
      case '$':
        return { kind: 'at', place: 'end' }
      case '(':
        return this.#group()
      case '[':
        return { kind: 'set', set: this.#bracket() }
      case '\\':
        return this.#escape()
      case '*':
      case '+':
      case '?':
        throw new PatternError(`there is nothing that “${character}” could repeat`)
      case ']':
      case '{':
      case '}':
        throw new PatternError(`write “\\${character}” for the character “${character}”`)
      default:
        return { kind: 'set', set: this.#literal(character) }
    }
  }

  #group(): Expression {
    if (this.#take('?') && !this.#take(':')) {
      throw new PatternError(
        'look-around, named groups and flags inside are not supported; only (…), (?:…) and a leading (?i) are',
      )
    }
    if (++this.#depth > MAX_DEPTH) throw new PatternError('its groups are nested too deep')
    const expression = this.#choice()
    if (!this.#take(')')) throw new PatternError('a “(” is not closed')
    this.#depth--
    return expression
  }

  #escape(): Expression {
    const character = this.#next()
    if (character === 'b') return { kind: 'at', place: 'word-border' }
    if (character === 'B') return { kind: 'at', place: 'no-word-border' }
    return { kind: 'set', set: this.#escaped(character) }
  }

  #escaped(character: string): CharacterSet {
    const named = CLASSES[character] ?? (character === 'S' ? { ...CLASSES.s!, isNegated: true } : undefined)
    if (named !== undefined) return named
    const control = CONTROLS[character]
    if (control !== undefined) return one(control)
    if (character === 'x') return this.#hex(2)
    if (character === 'u') return this.#hex(4)
    if (/[1-9]/.test(character))
      throw new PatternError('back references are not supported: they cannot be checked quickly')
    if (/[A-Za-z]/.test(character)) throw new PatternError(`“\\${character}” has no meaning here`)
    return this.#literal(character)
  }

  #hex(digits: number): CharacterSet {
    const text = this.#characters.slice(this.#at, this.#at + digits).join('')
    if (!new RegExp(`^[0-9A-Fa-f]{${digits}}$`).test(text))
      throw new PatternError(`${digits} hexadecimal digits are missing`)
    this.#at += digits
    return one(Number.parseInt(text, 16))
  }

  #bracket(): CharacterSet {
    const isNegated = this.#take('^')
    const ranges: (readonly [number, number])[] = []
    while (!this.#take(']')) {
      const from = this.#member()
      if (this.#peek() !== '-' || this.#characters[this.#at + 1] === ']') {
        ranges.push(...from.ranges)
        continue
      }
      this.#at++
      const to = this.#member()
      const low = from.ranges[0]?.[0]
      const high = to.ranges[0]?.[0]
      if (!isSingle(from) || !isSingle(to) || low === undefined || high === undefined || low > high) {
        throw new PatternError('a range in […] goes from one character to a later one')
      }
      ranges.push([low, high])
    }
    if (ranges.length === 0) throw new PatternError('[…] is empty')
    return { ranges: this.#ignoresCase ? bothCases(ranges) : ranges, isNegated }
  }

  /** One member of a […]; letters come in the case in which they are written. */
  #member(): CharacterSet {
    const character = this.#next('a “[” is not closed')
    if (character !== '\\') return one(character.codePointAt(0)!)
    const escaped = this.#next()
    if (escaped === 'b') return one(0x08)
    const set = /[A-Za-z0-9]/.test(escaped) ? this.#escaped(escaped) : one(escaped.codePointAt(0)!)
    if (set.isNegated) throw new PatternError(`“\\${escaped}” cannot stand in […]`)
    return set
  }

  #literal(character: string): CharacterSet {
    const set = one(character.codePointAt(0)!)
    return this.#ignoresCase ? { ...set, ranges: bothCases(set.ranges) } : set
  }

  #peek(): string | undefined {
    return this.#characters[this.#at]
  }

  #take(character: string): boolean {
    if (this.#peek() !== character) return false
    this.#at++
    return true
  }

  #next(otherwise = 'it ends too early'): string {
    const character = this.#characters[this.#at++]
    if (character === undefined) throw new PatternError(otherwise)
    return character
  }
}

function one(character: number): CharacterSet {
  return { ranges: [[character, character]], isNegated: false }
}

function isSingle(set: CharacterSet): boolean {
  return set.ranges.length === 1 && set.ranges[0]![0] === set.ranges[0]![1]
}

/** Adds the other case of the ASCII letters in the ranges. */
function bothCases(ranges: CharacterSet['ranges']): CharacterSet['ranges'] {
  const moved = (from: number, to: number, by: number) =>
    ranges.flatMap(([low, high]): (readonly [number, number])[] => {
      const first = Math.max(low, from)
      const last = Math.min(high, to)
      return first <= last ? [[first + by, last + by]] : []
    })
  return [...ranges, ...moved(0x41, 0x5a, 0x20), ...moved(0x61, 0x7a, -0x20)]
}
