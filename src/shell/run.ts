/**
 * The state of one analysis: what was found so far, what the text defined, and how much may still be read. Everything is
 * bounded: a text that needs more is opaque from there on, and keeps what was found.
 */
import { type ParsedScript, parse, type Word, type WordPart } from 'unbash'
import type { ObjectRef, SimpleCommand } from '../core/action.ts'
import { type Argument, HOLE } from './argument.ts'
import { dangerInArithmetic } from './arithmetic.ts'
import type { Lookup } from './catalogue/catalogue.ts'
import type { ObjectKind } from './catalogue/schema.ts'
import { type EffectSet, effectList, NONE, OPAQUE, READ } from './effects.ts'
import { isHarmless, objectOf } from './objects.ts'
import { effectsOfVariable, Variables } from './variables.ts'
import { expandWhole, type Nested } from './words.ts'

/** What a command finds on its standard input. Text may have holes. */
export type Stdin =
  | { readonly kind: 'inherited' | 'file' | 'nothing' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'pipe'; readonly text: string | undefined }

/** The text that positions count in. A text from within a word has the word's place in the whole. */
export interface Frame {
  readonly text: string
  readonly at: Span | undefined
}

export interface Span {
  readonly start: number
  readonly end: number
}

export type Dialect = 'bash' | 'any'

export interface Context {
  readonly frame: Frame
  readonly stdin: Stdin
  /** How many texts, substitutions and wrappers we are inside of. */
  readonly depth: number
  /** It may not be executed, or not here: a branch, a subshell, a function's body. */
  readonly isConditional: boolean
  /** `any`: the text may be read by dash or another POSIX shell, which takes bash's own syntax for something else. */
  readonly dialect: Dialect
}

/** Reads a text that a program hands to a shell; `stdin` where it is not the program's own. */
export type ShellReader = (text: string, stdin?: Stdin) => void

/** The functions that call one another across files; analyse.ts puts them together. */
export interface Engine {
  script(run: Run, script: ParsedScript, context: Context): void
  /** Reads a command from its words. `finding` already has what its redirections and assignments do. */
  command(args: readonly Argument[], place: number, finding: Finding, at: Span): void
}

export interface DefinedFunction {
  readonly effects: EffectSet
  readonly isConditional: boolean
}

/** The input of several commands: what one of them reads the next does not, so its text is not certain. */
export function shared(stdin: Stdin): Stdin {
  return stdin.kind === 'text' ? { kind: 'pipe', text: stdin.text } : stdin
}

const MAX_COMMANDS = 1000
const MAX_DEPTH = 24
/** What is read again for each level it is nested in, all together. In UTF-16 units. */
const MAX_READ = 2 * 64 * 1024
/** Words and redirections of one command. */
export const MAX_WORDS = 4096

/** Thrown when a bound is reached; analyse.ts catches it. */
export class TooMuch extends Error {}

export class Run {
  readonly engine: Engine
  readonly lookup: Lookup
  readonly commands: (SimpleCommand | undefined)[] = []
  readonly variables = new Variables()
  readonly functions = new Map<string, DefinedFunction>()
  readonly aliases = new Map<string, EffectSet>()
  #effects: EffectSet = NONE
  #left = MAX_READ

  constructor(engine: Engine, lookup: Lookup) {
    this.engine = engine
    this.lookup = lookup
  }

  /** All effects found so far. */
  get effects(): EffectSet {
    return this.#effects
  }

  /** Runs `read` and returns the effects of the commands found in it. */
  effectsOf(read: () => void): EffectSet {
    const before = this.#effects
    this.#effects = NONE
    read()
    const found = this.#effects
    this.#effects |= before
    return found
  }

  /** Keeps a place for a command that is read now, so that it stands before those found within it. */
  reserve(): number {
    if (this.commands.length >= MAX_COMMANDS) throw new TooMuch('there are more commands than are followed')
    return this.commands.push(undefined) - 1
  }

  fill(place: number, name: string | undefined, finding: Finding, at: Span): void {
    const { frame } = finding.context
    const effects = finding.effects === NONE ? READ : finding.effects
    this.#effects |= effects
    this.commands[place] = {
      text: frame.text.slice(at.start, at.end),
      name,
      start: frame.at?.start ?? at.start,
      end: frame.at?.end ?? at.end,
      effects: effectList(effects),
      objects: finding.objects,
      because: finding.because(),
    }
  }

  /** Records something that is no command of its own: a redirection of a compound command, an unreadable part. */
  add(finding: Finding, at: Span): void {
    if (finding.effects !== NONE) this.fill(this.reserve(), undefined, finding, at)
  }

  /** Reads a text that a shell will read. Holes in it make it opaque; what can be read of it counts nevertheless. */
  shell(text: string, finding: Finding, at: Span, dialect: Dialect, stdin = shared(finding.context.stdin)): void {
    const { context } = finding
    this.enter(context.depth)
    this.spend(text.length)
    const { frame } = context
    const place = frame.at ?? at
    const inner: Context = {
      ...context,
      frame: { text, at: place },
      stdin,
      depth: context.depth + 1,
      isConditional: true,
      dialect,
    }
    this.variables.branch(() => this.engine.script(this, parse(text), inner))
  }

  /** Reads a command that another command runs. */
  command(args: readonly Argument[], finding: Finding): void {
    const [first] = args
    if (first === undefined) return
    const { context } = finding
    this.enter(context.depth)
    const inner = new Finding(this, { ...context, depth: context.depth + 1 })
    this.engine.command(args, this.reserve(), inner, {
      start: first.start,
      end: Math.max(first.end, args.at(-1)?.end ?? 0),
    })
  }

  /** Takes from what may still be read. */
  spend(units: number): void {
    this.#left -= units
    if (this.#left < 0) throw new TooMuch('there is more within the words than is followed')
  }

  enter(depth: number): void {
    if (depth >= MAX_DEPTH) throw new TooMuch('commands are nested more deeply than is followed')
  }
}

/** What is found about one command (or one piece of syntax that does something). */
export class Finding implements Nested {
  readonly run: Run
  readonly context: Context
  effects: EffectSet = NONE
  readonly objects: ObjectRef[] = []
  readonly #reasons: string[] = []

  constructor(run: Run, context: Context) {
    this.run = run
    this.context = context
  }

  /** Adds effects; `reason` is for people, and only the first few are kept. */
  add(effects: EffectSet, reason?: string): void {
    this.effects |= effects
    if (reason !== undefined && this.#reasons.length < 4 && !this.#reasons.includes(reason)) this.#reasons.push(reason)
  }

  /** Takes over what was found before the command itself was known. */
  take(other: Finding): void {
    this.effects |= other.effects
    this.objects.push(...other.objects)
    this.#reasons.push(...other.#reasons)
  }

  /** Adds an object and the effect of naming it; neither where it is harmless. */
  object(kind: ObjectKind, text: string, effects: EffectSet): void {
    if (kind === 'path' && isHarmless(text)) return
    this.effects |= effects
    const object = objectOf(kind, text)
    const last = this.objects.at(-1)
    if (last === undefined || last.kind !== kind || last.value !== object.value) this.objects.push(object)
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

  substitution(part: Extract<WordPart, { script: unknown }>): void {
    if (part.script === undefined) {
      this.opaque('a substitution that cannot be read')
      return
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
      isInteger: (name) => this.isInteger(name),
      assign: (name, isInteger) => this.assignTo(name, isInteger),
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
        this.substitution({
          type: 'CommandExpansion',
          pos: node.pos,
          end: node.end,
          text: node.text,
          script: node.script,
        })
        return HOLE
    }
  }

  assign(name: string): void {
    this.assignTo(name, false)
  }

  /** Notes that a variable is given a value, with the effects that has. */
  assignTo(name: string, isInteger: boolean): void {
    const effects = effectsOfVariable(name)
    if (effects !== NONE) this.add(effects, `$${name} decides what runs`)
    this.run.variables.assign(name, isInteger)
  }

  isInteger(name: string): boolean {
    return this.run.variables.isInteger(name)
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
