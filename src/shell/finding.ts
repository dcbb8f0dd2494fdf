/**
 * What is found about one command, or one piece of syntax that does something: effects, objects and reasons. As the words
 * of the command are expanded it is told of whatever runs or is evaluated within them.
 */
import type { Word, WordPart } from 'unbash'
import type { ObjectRef } from '../core/action.ts'
import { type Fields, HOLE, hasHole, NUMERIC } from './argument.ts'
import { dangerInArithmetic } from './arithmetic.ts'
import type { ObjectKind } from './catalogue/schema.ts'
import type { Context, Stdin } from './context.ts'
import { DESTROY, type EffectSet, NONE, OPAQUE, TRANSFER, WRITE } from './effects.ts'
import { isHarmless, objectOf } from './objects.ts'
import { printsNumber } from './outputs.ts'
import type { Run } from './run.ts'
import { effectsOfCopy, effectsOfStartFile } from './start-files.ts'
import { effectsOfVariable, type Value } from './variables.ts'
import { expandWhole, type Nested } from './words.ts'

interface NamedPath {
  readonly text: string
  readonly effects: EffectSet
  readonly fields: Fields
}

export const START_FILE = 'writes what may be a start file, which is read before the gate looks'

/** What is found about one command (or one piece of syntax that does something). */
export class Finding implements Nested {
  readonly run: Run
  readonly context: Context
  effects: EffectSet = NONE
  readonly objects: ObjectRef[] = []
  readonly #reasons: string[] = []
  /** What was added other than by naming an object. */
  #own: EffectSet = NONE
  readonly #paths: NamedPath[] = []
  /** The command itself destroys what it names, whatever its arguments are: nobody reads a file that is gone. */
  isRemoval = false

  constructor(run: Run, context: Context) {
    this.run = run
    this.context = context
  }

  /** Adds effects; `reason` is for people, and only the first few are kept. */
  add(effects: EffectSet, reason?: string): void {
    this.effects |= effects
    this.#own |= effects
    if (reason !== undefined && this.#reasons.length < 4 && !this.#reasons.includes(reason)) this.#reasons.push(reason)
  }

  /** Takes over what was found before the command itself was known. */
  take(other: Finding): void {
    this.effects |= other.effects
    this.objects.push(...other.objects)
    this.#reasons.push(...other.#reasons)
  }

  /** Adds an object and the effect of naming it; neither where it is harmless. */
  object(kind: ObjectKind, text: string, effects: EffectSet, fields: Fields = 'one'): void {
    if (kind === 'path' && isHarmless(text)) return
    this.effects |= effects
    if (kind === 'path') this.#paths.push({ text, effects, fields })
    // Looking up `$(cat key).example.org` carries the key to whoever answers for example.org.
    if (kind === 'host' && hasHole(text)) this.add(TRANSFER, 'a host whose name is not in the text')
    const object = objectOf(kind, text)
    const last = this.objects.at(-1)
    if (last === undefined || last.kind !== kind || last.value !== object.value) this.objects.push(object)
  }

  /** Adds what writing to the paths that were named does besides; called when all of the command has been read. */
  settle(): void {
    const how = this.isRemoval ? WRITE : WRITE | DESTROY
    let written = this.#paths.filter(({ effects }) => (effects & how) !== 0)
    // Which of them it writes is not said: `sed -i`, `chmod`.
    if (written.length === 0 && (this.#own & WRITE) !== 0)
      written = this.#paths.filter(({ effects }) => effects === NONE)
    for (const target of written) {
      let effects = effectsOfStartFile(target.text, target.fields)
      for (const source of this.#paths) if (source !== target) effects |= effectsOfCopy(source.text, target.text)
      if (effects !== NONE) this.add(effects, START_FILE)
    }
  }

  because(): string {
    return this.#reasons.length > 0 ? this.#reasons.join('; ') : 'shell syntax'
  }

  spend(units: number): void {
    this.run.spend(units)
  }

  bashOnly(what: string): void {
    if (this.context.dialect !== 'bash') this.opaque(`${what} means something else to other shells`)
  }

  opaque(why: string): void {
    this.add(OPAQUE, why)
  }

  substitution(part: Extract<WordPart, { script: unknown }>): boolean {
    if (part.script === undefined) {
      this.opaque('a substitution that cannot be read')
      return false
    }
    const { context, run } = this
    run.enter(context.depth)
    run.spend(part.end - part.pos)
    // The parser ends the word at a process substitution, bash does not: `a<(c)b` is one word.
    if (part.type === 'ProcessSubstitution' && !standsAlone(context.frame.text, part))
      this.opaque('a word with a process substitution in it')
    const { source } = part.script
    const frame =
      source === undefined
        ? context.frame
        : { text: source, at: context.frame.at ?? { start: part.pos, end: part.end } }
    // `>(…)` reads what is written to it; all others read what the shell reads.
    const stdin: Stdin =
      part.type === 'ProcessSubstitution' && part.operator === '>' ? { kind: 'pipe', text: undefined } : context.stdin
    const inner: Context = { ...context, frame, stdin, depth: context.depth + 1, isConditional: true }
    const { script } = part
    run.variables.branch(() => run.engine.script(run, script, inner))
    return printsNumber(script, (name) => run.functions.has(name) || run.aliases.has(name))
  }

  arithmetic(part: Extract<WordPart, { type: 'ArithmeticExpansion' }>): void {
    this.run.spend(part.end - part.pos)
    if (part.text.startsWith('$[')) this.bashOnly('$[…]')
    this.expression(part, part.text.startsWith('$[') ? part.text.slice(2, -1) : part.text.slice(3, -2))
  }

  /** Looks at an arithmetic expression; `source` is its text, enough where it has no expansions. */
  expression(node: { readonly expression: ArithmeticNode | undefined }, source: string): void {
    if (!/[$`'"\\]/.test(source)) {
      this.#evaluate(source)
      return
    }
    const { expression } = node
    if (/['"\\]/.test(source)) {
      this.opaque('quotes in arithmetic')
      if (expression !== undefined) this.#flatten(expression)
    } else if (expression === undefined) this.opaque('arithmetic that cannot be read')
    else this.#evaluate(this.#flatten(expression))
  }

  arithmeticWord(word: Word): void {
    if (/['"\\]/.test(word.text) && /[$`[]/.test(word.text)) this.opaque('quotes in arithmetic')
    this.#evaluate(expandWhole(word, this))
  }

  /** Evaluates a text that is known to be arithmetic, after its expansions. */
  evaluate(text: string): void {
    this.#evaluate(text)
  }

  #evaluate(text: string): void {
    const danger = dangerInArithmetic(text, {
      isInteger: (name) => /^(?:integer|digits|numeric)$/.test(this.valueOf(name)),
      assign: (name, isCertain) => this.assignTo(name, 'integer', { isCertain }),
    })
    if (danger !== undefined) this.opaque(danger)
  }

  /** The expression as text, with its expansions done. */
  #flatten(node: ArithmeticNode): string {
    switch (node.type) {
      case 'ArithmeticBinary':
        return `${this.#flatten(node.left)} ${node.operator} ${this.#flatten(node.right)}`
      case 'ArithmeticUnary':
        return node.prefix
          ? `${node.operator}${this.#flatten(node.operand)}`
          : `${this.#flatten(node.operand)}${node.operator}`
      case 'ArithmeticTernary':
        return `${this.#flatten(node.test)} ? ${this.#flatten(node.consequent)} : ${this.#flatten(node.alternate)}`
      case 'ArithmeticGroup':
        return `(${this.#flatten(node.expression)})`
      case 'ArithmeticWord':
        return expandWhole(wordOf(node), this)
      case 'ArithmeticCommandExpansion':
        return this.substitution({
          type: 'CommandExpansion',
          pos: node.pos,
          end: node.end,
          text: node.text,
          script: node.script,
        })
          ? NUMERIC
          : HOLE
    }
  }

  assign(name: string): void {
    this.assignTo(name, 'text')
  }

  /** Notes that a variable is given a value, with the effects that has. */
  assignTo(name: string, value: Value, how: { readonly isPassed?: boolean; readonly isCertain?: boolean } = {}): void {
    const effects = effectsOfVariable(name, how.isPassed ?? false)
    if (effects !== NONE) this.add(effects, `$${name} decides what runs`)
    this.run.variables.assign(name, value, how.isCertain)
  }

  valueOf(name: string): Value {
    return this.run.variables.valueOf(name)
  }
}

function standsAlone(text: string, part: { readonly pos: number; readonly end: number }): boolean {
  return (
    /^[\s(;|&]?$/.test(text.slice(Math.max(0, part.pos - 1), part.pos)) && /^[\s);|&]?$/.test(text.charAt(part.end))
  )
}

type ArithmeticNode = NonNullable<Extract<WordPart, { type: 'ArithmeticExpansion' }>['expression']>

function wordOf(node: Extract<ArithmeticNode, { type: 'ArithmeticWord' }>): Word {
  return { type: 'Word', text: node.value, value: node.value, pos: node.pos, end: node.end, parts: node.parts }
}
