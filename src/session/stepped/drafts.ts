/** From a step that a shell reports to what is judged of it, at the stage that the shell is in. */
import type { Analysis, Effect } from '../../core/action.ts'
import type { BetweenSteps } from '../../shell/between-steps.ts'
import { ofStartFileStep } from '../../shell/step.ts'
import type { Draft, SessionContext } from '../context.ts'
import type { StepDialect } from './dialect.ts'
import type { Question } from './question.ts'

/** Where the shell is between two prompts. */
export type Stage =
  | { readonly kind: 'starting' }
  | { readonly kind: 'prompt' }
  | { readonly kind: 'line'; readonly text: string; readonly reading: BetweenSteps }

export interface DraftsParts {
  readonly context: SessionContext
  /** The account that the shell runs as, where that is not the session's. */
  readonly login?: string | undefined
  /** Programs of the target that the gate keeps from starting others. */
  readonly secured: ReadonlySet<string>
}

export class Drafts {
  readonly #parts: DraftsParts

  constructor(parts: DraftsParts) {
    this.#parts = parts
  }

  /** What a step does by itself, and all the commands that its text holds. */
  analyse(
    dialect: StepDialect,
    stage: Stage,
    step: Pick<Question, 'text' | 'isFunctionCall'>,
    told?: Pick<Question, 'plain' | 'digits'>,
  ): Pick<Analysis, 'commands'> & { readonly alone: Analysis } {
    const { services } = this.#parts.context
    const surroundings = {
      secured: this.#parts.secured,
      ...(told !== undefined && { plain: told.plain, digits: told.digits }),
    }
    const known = new Map<string, Analysis>()
    const analyse = (text: string): Analysis => {
      const analysis = known.get(text) ?? services.analyse(text, surroundings)
      known.set(text, analysis)
      return analysis
    }
    const alone = dialect.alone(step, { analyse, isStarting: stage.kind === 'starting' })
    return { alone, commands: analyse(dialect.parseable(step.text)).commands }
  }

  of(dialect: StepDialect, stage: Stage, text: string, alone: Analysis): Draft {
    return this.as({ kind: 'step', text, assurance: 'stepped', analysis: atStage(dialect, stage, alone) })
  }

  as(draft: Draft): Draft {
    return { ...draft, login: this.#parts.login }
  }
}

/** Start files may source and evaluate; a step of a line that could not be read may do more than it says. */
function atStage(dialect: StepDialect, stage: Stage, analysis: Analysis): Analysis {
  if (stage.kind === 'starting') return ofStartFileStep(analysis)
  if (dialect.tellsAll || stage.kind !== 'line' || stage.reading.kind === 'read') return analysis
  const effects: readonly Effect[] = [...new Set<Effect>([...analysis.effects, 'opaque'])]
  return { ...analysis, effects }
}
