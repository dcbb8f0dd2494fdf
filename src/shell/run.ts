/**
 * The state of one analysis: what was found so far, what the text defined, and how much may still be read. Everything is
 * bounded: a text that needs more is opaque from there on, and keeps what was found.
 */
import { type ParsedScript, parse } from 'unbash'
import type { SimpleCommand } from '../core/action.ts'
import type { Argument } from './argument.ts'
import type { Lookup } from './catalogue/catalogue.ts'
import { type Context, type Dialect, type Span, type Surroundings, shared } from './context.ts'
import { type EffectSet, effectList, NONE, READ } from './effects.ts'
import { Finding } from './finding.ts'
import { Variables } from './variables.ts'

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

const MAX_COMMANDS = 500
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
  readonly surroundings: Surroundings
  readonly commands: (SimpleCommand | undefined)[] = []
  readonly variables = new Variables()
  readonly functions = new Map<string, DefinedFunction>()
  readonly aliases = new Map<string, EffectSet>()
  #effects: EffectSet = NONE
  #left = MAX_READ

  constructor(engine: Engine, lookup: Lookup, surroundings: Surroundings) {
    this.engine = engine
    this.lookup = lookup
    this.surroundings = surroundings
    for (const name of surroundings.plain ?? []) this.variables.assign(name, 'plain')
    for (const name of surroundings.digits ?? []) this.variables.assign(name, 'digits')
  }

  /** All effects found so far. */
  get effects(): EffectSet {
    return this.#effects
  }

  /** Runs `read` and returns the effects of the commands found in it. */
  effectsOf(read: () => void): EffectSet {
    const before = this.#effects
    this.#effects = NONE
    try {
      read()
      return this.#effects
    } finally {
      this.#effects |= before
    }
  }

  /** Keeps a place for a command that is read now, so that it stands before those found within it. */
  reserve(): number {
    if (this.commands.length >= MAX_COMMANDS) throw new TooMuch('there are more commands than are followed')
    return this.commands.push(undefined) - 1
  }

  fill(place: number, name: string | undefined, finding: Finding, at: Span): void {
    const { frame } = finding.context
    // The parser steps over a backslash and what it quotes, also where nothing follows.
    const end = Math.min(at.end, frame.text.length)
    if (end < at.end) finding.opaque('the text ends in the middle of a word')
    finding.settle()
    const effects = finding.effects === NONE ? READ : finding.effects
    this.#effects |= effects
    this.commands[place] = {
      text: frame.text.slice(at.start, end),
      name,
      start: frame.at?.start ?? at.start,
      end: frame.at?.end ?? end,
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
    // A trap's text, or an alias's, runs later.
    this.variables.repeat(() => this.engine.script(this, parse(text), inner))
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
