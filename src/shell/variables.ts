/**
 * What a text does to shell variables. Two things matter: names that decide what runs (catalogue/data/variables.ts), and
 * which variables can only hold an integer — because bash evaluates a variable's text when arithmetic names it, and a
 * text such as `a[$(cmd)]` runs `cmd` there (tried on bash 5.2).
 */
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

const compiled = table.map(({ name, effects }) => ({ name, effects: parseEffects(effects) }))
const known = new Map<string, EffectSet>()

/** The effects of giving a variable a value. */
export function effectsOfVariable(name: string): EffectSet {
  let effects = known.get(name)
  if (effects === undefined) {
    effects = compiled.find((each) => each.name.test(name))?.effects ?? NONE
    // Names come from people: the memory of them is bounded.
    if (known.size < 10_000) known.set(name, effects)
  }
  return effects
}

export class Variables {
  /** Integers assigned for certain where we are; one set for each branch that may not be taken. */
  readonly #scopes: Set<string>[] = [new Set()]
  /** Given some text that is not an integer, anywhere. */
  readonly #texts = new Set<string>()
  /** Relied upon to be integers. */
  readonly #relied = new Set<string>()
  readonly #arrays = new Set<string>()

  /** Runs `read` for a part of the text that may not be executed: what it assigns is not certain afterwards. */
  branch(read: () => void): void {
    this.#scopes.push(new Set())
    read()
    this.#scopes.pop()
  }

  assign(name: string, isInteger: boolean): void {
    if (isInteger) this.#scopes.at(-1)?.add(name)
    else this.#texts.add(name)
  }

  assignArray(name: string): void {
    this.#arrays.add(name)
    this.#texts.add(name)
  }

  isArray(name: string): boolean {
    return this.#arrays.has(name)
  }

  /** Reports whether it holds an integer here, and remembers that this was relied upon. */
  isInteger(name: string): boolean {
    if (this.#texts.has(name)) return false
    if (!INTEGERS.has(name) && !this.#scopes.some((scope) => scope.has(name))) return false
    this.#relied.add(name)
    return true
  }

  /** A variable that was taken for an integer and given a text elsewhere: loops and functions may bring them together. */
  contradiction(): string | undefined {
    for (const name of this.#relied) if (this.#texts.has(name)) return name
    return undefined
  }
}
