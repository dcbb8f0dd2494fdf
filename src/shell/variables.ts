/**
 * What a text does to shell variables. Two things matter: names that decide what runs (catalogue/data/variables.ts), and
 * what a variable can hold, as far as the text itself says so. bash evaluates a variable's text when arithmetic names it, and
 * `a[$(cmd)]` runs `cmd` there (tried on bash 5.2); and a value that begins with a dash may be an option.
 */

import { isKnown } from './argument.ts'
import { variables as table } from './catalogue/data/variables.ts'
import { type EffectSet, NONE, parseEffects } from './effects.ts'

/** bash itself gives these an integer. Assigning to them, or unsetting them, is opaque by the table. */
const INTEGERS: ReadonlySet<string> = new Set([
  'UID',
  'EUID',
  'PPID',
  'BASHPID',
  'LINENO',
  'SECONDS',
  'RANDOM',
  'SRANDOM',
  'EPOCHSECONDS',
])

/** bash gives these a value by itself, whatever was assigned. */
const UNRELIABLE =
  /^(?:_|REPLY|OPT(?:ARG|IND|ERR)|MAPFILE|COPROC|BASH.*|COMP.*|READLINE.*|DIRSTACK|FUNCNAME|GROUPS|PIPESTATUS|HIST.*|PWD|OLDPWD|LINES|COLUMNS|EPOCH.*)$/

const compiled = table.map(({ name, effects, isPassed }) => ({ name, effects: parseEffects(effects), isPassed }))
const known = new Map<string, EffectSet>()

/** The effects of giving a variable a value; `isPassed`: in the environment of what runs. */
export function effectsOfVariable(name: string, isPassed: boolean): EffectSet {
  const key = isPassed ? `${name}=` : name
  let effects = known.get(key)
  if (effects === undefined) {
    effects =
      compiled.find((each) => (isPassed || each.isPassed === undefined) && each.name.test(name))?.effects ?? NONE
    // Names come from people: the memory of them is bounded.
    if (known.size < 10_000) known.set(key, effects)
  }
  return effects
}

/**
 * What a variable can hold. `integer` · `digits`: one or more, no sign · `numeric`: an integer or nothing · `plain`: one word without anything that a shell
 * or a tool takes for more · `begins x`: anything that begins with that character · `text`: anything.
 */
export type Value = 'integer' | 'digits' | 'numeric' | 'plain' | `begins ${string}` | 'text'

const INTEGER = /^-?[\d\uFFFE\uFDD0]+$/
const NUMERIC_TEXT = /^-?[\d\uFFFE\uFDD0\uFDD2]+$/
const PLAIN_TEXT = /^[\w./:@%,\uFFFE\uFDD1][\w./:@%,+=\uFFFE\uFDD0\uFDD1-]*$/

/** What a variable can hold that is given one of these texts, which may have holes. */
export function possibleValue(texts: readonly string[]): Value {
  if (texts.length === 0) return 'text'
  if (texts.every((text) => INTEGER.test(text))) return 'integer'
  if (texts.every((text) => PLAIN_TEXT.test(text))) return 'plain'
  if (texts.every((text) => NUMERIC_TEXT.test(text))) return 'numeric'
  const first = texts[0]?.[0] ?? ''
  return isKnown(first) && /^[\w./:@%]$/.test(first) && texts.every((text) => text[0] === first)
    ? `begins ${first}`
    : 'text'
}

export class Variables {
  /** What is assigned for certain where we are; one table for each branch that may not be taken. */
  readonly #scopes: Map<string, Value>[] = [new Map()]
  /** What is assigned anywhere. */
  readonly #assigned = new Map<string, Set<Value>>()
  /** Relied upon where it is run again, or later: what is assigned after that counts as well. */
  readonly #relied = new Map<string, Value>()
  readonly #arrays = new Set<string>()
  #repeats = 0

  /** Runs `read` for a part of the text that may not be executed: what it assigns is not certain afterwards. */
  branch(read: () => void): void {
    this.#scopes.push(new Map())
    read()
    this.#scopes.pop()
  }

  /** The same for a part that may be executed more than once, or later: a loop, a function, a trap. */
  repeat(read: () => void): void {
    this.#repeats++
    this.branch(read)
    this.#repeats--
  }

  assign(name: string, value: Value, isCertain = true): void {
    const assigned = this.#assigned.get(name)
    if (assigned === undefined) this.#assigned.set(name, new Set([value]))
    else assigned.add(value)
    if (isCertain) this.#scopes.at(-1)?.set(name, value)
  }

  assignArray(name: string): void {
    this.#arrays.add(name)
    this.assign(name, 'text')
  }

  isArray(name: string): boolean {
    return this.#arrays.has(name)
  }

  /** What it holds here. */
  valueOf(name: string): Value {
    const assigned = this.#assigned.get(name)
    if (UNRELIABLE.test(name)) return INTEGERS.has(name) && assigned === undefined ? 'integer' : 'text'
    if (assigned === undefined) {
      if (!INTEGERS.has(name)) return 'text'
    } else if (assigned.size > 1 || !this.#scopes.some((scope) => scope.has(name))) return 'text'
    const [value = 'integer'] = assigned ?? []
    if (this.#repeats > 0) this.#relied.set(name, value)
    return value
  }

  /** A variable that was relied upon in a loop or function, and is given something else somewhere. */
  contradiction(): string | undefined {
    for (const [name, value] of this.#relied) {
      for (const other of this.#assigned.get(name) ?? []) if (other !== value) return name
    }
    return undefined
  }
}
