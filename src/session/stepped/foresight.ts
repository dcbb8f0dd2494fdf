/**
 * Verdicts before their time: what a shell will probably ask next is judged, so that it need not be asked. Only what the
 * policy allows outright counts. Each step is judged by its own words, not by what the line makes of them: a function of
 * an earlier line may bring the same words with another value of `$x`.
 */
import { foreseenSteps } from '../../shell/foreseen.ts'
import type { Checkpoint } from '../checkpoint.ts'
import type { Draft, SessionContext } from '../context.ts'
import type { StepDialect } from './dialect.ts'
import type { Drafts, Stage } from './drafts.ts'
import { Habits } from './habits.ts'

export interface ForesightParts {
  readonly context: SessionContext
  readonly checkpoint: Pick<Checkpoint, 'ahead' | 'wouldAllow'>
  readonly drafts: Drafts
}

interface Expected {
  readonly line: string
  readonly drafts: readonly Draft[]
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

  /** Keeps a step that was asked for and allowed: the same line will ask for it again. */
  keep(stage: Stage, step: string): void {
    this.#habits.keep(stage, step)
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
      const drafts = this.#drafts(dialect, { kind: 'line', text: line, reading }, foreseenSteps(line))
      if (drafts.length > 0) this.#expected = { line, drafts, allowed: this.#parts.checkpoint.ahead(drafts) }
    } catch {
      // Whoever judges the line will tell of it.
    }
  }

  /** What was expected did not come. */
  forget(): void {
    this.#expected = undefined
  }

  /** Resolves to those of the steps that may run without a question. */
  async ahead(dialect: StepDialect, stage: Stage, foreseen: readonly string[]): Promise<readonly string[]> {
    const expected = this.#expected
    this.forget()
    if (expected !== undefined && stage.kind === 'line' && stage.text === expected.line) {
      const allowed = new Set(await expected.allowed)
      // The policy may be another one since.
      const { checkpoint } = this.#parts
      return expected.drafts
        .filter((draft) => allowed.has(draft.text) && checkpoint.wouldAllow(draft))
        .map(({ text }) => text)
    }
    const drafts = this.#drafts(dialect, stage, foreseen)
    return drafts.length === 0 ? [] : this.#parts.checkpoint.ahead(drafts)
  }

  #drafts(dialect: StepDialect, stage: Stage, foreseen: readonly string[]): readonly Draft[] {
    if (!dialect.takesAhead) return []
    const { drafts } = this.#parts
    return [...new Set([...foreseen, ...this.#habits.of(stage)])].flatMap((text): Draft[] => {
      const { alone, commands } = drafts.analyse(dialect, stage, { text, isFunctionCall: false })
      if (dialect.forbidden(text, commands) !== undefined) return []
      const step = drafts.of(dialect, stage, text, alone)
      // Where an ungated stretch begins must be known when it begins.
      return step.analysis?.effects.includes('escape') ? [] : [step]
    })
  }
}
