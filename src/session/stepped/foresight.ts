/**
 * Verdicts before their time: what a shell will probably ask next is judged, so that it need not be asked. Only what the
 * policy allows outright counts. Each step is judged by its own words, not by what the line makes of them: a function of
 * an earlier line may bring the same words with another value of `$x`.
 */
import type { BetweenSteps } from '../../shell/between-steps.ts'
import { foreseenSteps } from '../../shell/foreseen.ts'
import type { Checkpoint } from '../checkpoint.ts'
import type { Draft, SessionContext } from '../context.ts'
import type { StepDialect } from './dialect.ts'
import type { Drafts, Stage } from './drafts.ts'
import { Habits, type Place } from './habits.ts'

export interface ForesightParts {
  readonly context: SessionContext
  readonly checkpoint: Pick<Checkpoint, 'ahead' | 'wouldAllow'>
  readonly drafts: Drafts
}

/** What may run without a question: steps of the line or prompt, and steps inside of the line editor's widgets. */
export interface Ahead {
  readonly ahead: readonly string[]
  readonly widgets: readonly string[]
}

interface Foreseen {
  readonly draft: Draft
  readonly place: Place
}

/** What a line says of itself, whoever asks. */
export interface LineRead {
  readonly reading: BetweenSteps
  readonly steps: readonly string[]
}

interface Expected extends LineRead {
  readonly line: string
  readonly foreseen: readonly Foreseen[]
  /** The texts that were allowed, and stored as that. */
  readonly allowed: Promise<readonly string[]>
}

export class Foresight {
  readonly #parts: ForesightParts
  readonly #habits = new Habits()
  #expected: Expected | undefined

  constructor(parts: ForesightParts) {
    this.#parts = parts
  }

  /** Keeps a step that was asked for and allowed: the same line, or each, will ask for it again. */
  keep(stage: Stage, step: string, place: Place): void {
    this.#habits.keep(stage, step, place)
  }

  /** Reports whether this line has been asked about before. */
  knows(stage: Stage): boolean {
    return this.#habits.of(stage).length > 0
  }

  /**
   * Enter was pressed at a prompt, behind what looks like this line: while the shell is on its way to report it, its steps
   * are judged and the log is written, and when it is reported its answer need not wait for the disk. A line that is
   * reported in other words is judged for itself. Nothing typed is stored but the words of commands that the policy allows.
   */
  expect(dialect: StepDialect, line: string): void {
    this.forget()
    try {
      const reading = dialect.between(line, this.#parts.context.services.analyse)
      // What the line does beside its steps has to be decided first.
      if (reading.kind !== 'read' || reading.analysis.effects.length > 0) return
      const steps = foreseenSteps(line)
      const foreseen = this.#foreseen(dialect, { kind: 'line', text: line, reading }, steps)
      if (foreseen.length > 0) this.#expected = { line, reading, steps, foreseen, allowed: this.#judge(foreseen) }
    } catch {
      // Whoever judges the line will tell of it.
    }
  }

  /** What a line that was reported says of itself; one that was expected has been read already. */
  read(dialect: StepDialect, line: string): LineRead {
    if (this.#expected?.line === line) return this.#expected
    const reading = dialect.between(line, this.#parts.context.services.analyse)
    return { reading, steps: reading.kind === 'read' ? foreseenSteps(line) : [] }
  }

  /** What was expected did not come. */
  forget(): void {
    this.#expected = undefined
  }

  /** Resolves to those of the steps that may run without a question. */
  async ahead(dialect: StepDialect, stage: Stage, steps: readonly string[]): Promise<Ahead> {
    const expected = this.#expected
    this.forget()
    if (expected !== undefined && stage.kind === 'line' && stage.text === expected.line) {
      const allowed = await expected.allowed
      // The policy may be another one since.
      const { checkpoint } = this.#parts
      return sorted(
        expected.foreseen.filter(({ draft }) => checkpoint.wouldAllow(draft)),
        allowed,
      )
    }
    const foreseen = this.#foreseen(dialect, stage, steps)
    return sorted(foreseen, await this.#judge(foreseen))
  }

  /** Resolves to the texts that are allowed. */
  async #judge(foreseen: readonly Foreseen[]): Promise<readonly string[]> {
    const drafts = new Map(foreseen.map(({ draft }) => [draft.text, draft]))
    return drafts.size === 0 ? [] : this.#parts.checkpoint.ahead([...drafts.values()])
  }

  #foreseen(dialect: StepDialect, stage: Stage, steps: readonly string[]): readonly Foreseen[] {
    if (!dialect.takesAhead) return []
    const { drafts } = this.#parts
    const at = (place: Place, texts: readonly string[]) =>
      [...new Set(texts)].flatMap((text): Foreseen[] => {
        const { alone, commands } = drafts.analyse(dialect, stage, { text, isFunctionCall: false })
        if (dialect.forbidden(text, commands) !== undefined) return []
        const draft = drafts.of(dialect, stage, text, alone)
        // Where an ungated stretch begins must be known when it begins.
        return draft.analysis?.effects.includes('escape') ? [] : [{ draft, place }]
      })
    return [
      ...at('line', [...steps, ...this.#habits.of(stage)]),
      ...at('widget', dialect.hasWidgets ? this.#habits.of(stage, 'widget') : []),
    ]
  }
}

function sorted(foreseen: readonly Foreseen[], allowed: readonly string[]): Ahead {
  const texts = new Set(allowed)
  const at = (where: Place) =>
    foreseen.filter(({ draft, place }) => place === where && texts.has(draft.text)).map(({ draft }) => draft.text)
  return { ahead: at('line'), widgets: at('widget') }
}
