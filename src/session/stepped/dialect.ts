/**
 * What the stepped gate has to know of one kind of shell: how to start it gated, and what must not run in it. One value
 * for each kind; everything else of the gate is the same for all.
 */
import type { Analysis, SimpleCommand } from '../../core/action.ts'
import type { BetweenSteps } from '../../shell/between-steps.ts'
import type { Analyse } from '../../shell/context.ts'
import type { ShellFacts } from '../channel.ts'
import { bash } from './bash.ts'
import type { NestedStart } from './bash-init.ts'
import { fish } from './fish.ts'
import type { Question } from './question.ts'
import { zsh } from './zsh.ts'

/** What analysing a step needs besides its words. */
export interface StepContext {
  readonly analyse: Analyse
  readonly isStarting: boolean
}

interface EveryDialect {
  readonly kind: ShellFacts['kind']
  /** Reports whether this version can be gated. */
  canStep(version: string): boolean
  /**
   * Returns the command that replaces the login shell's own by the same shell under the gate. Its questions go to `port`
   * on the target's loopback; the session's key is not in it, the terminal brings that as its first line.
   */
  launcher(path: string, port: number): string
  /** What the terminal brings before the key, so that the shell reads its init file; undefined where it needs nothing. */
  readonly firstLine: string | undefined
  /** What the init file itself runs before the first prompt, word for word as the shell reports it. */
  readonly initSteps: ReadonlySet<string>
  /** Returns a text that the analysis can parse, and that runs nothing more than the reported step does. */
  parseable(step: string): string
  /** Why a command may not run in a gated shell, whatever the policy says; undefined where it does not touch the gate. */
  forbidden(text: string, commands: readonly SimpleCommand[]): string | undefined
  /** The same for the person's start files, which may do a little more: the gate closes after them. */
  forbiddenAtStart(text: string): string | undefined
}

/** How a shell of this kind is started under a gate inside another. */
export interface BashNesting {
  init(port: number, start: NestedStart): string
}

/** A shell that reports each line at Enter, and then each step before it runs. */
export interface StepDialect extends EveryDialect {
  readonly reports: 'steps'
  /** Reports whether its init file takes verdicts ahead of the questions. */
  readonly takesAhead: boolean
  /** Its line editor runs hooks of its own for each line, and knows their steps by the flag of a completion. */
  readonly hasWidgets: boolean
  /** Reports whether it can say which variables hold one plain word. */
  readonly tells: boolean
  /** Undefined where shells started inside this kind are not given a gate. */
  readonly nesting: BashNesting | undefined
  /** Reports whether its steps tell everything, so that one of a line that cannot be read does no more than it says. */
  readonly tellsAll: boolean
  /** What a line, or the lines so far of a longer one, does that none of its steps will tell. */
  between(text: string, analyse: (text: string) => Analysis): BetweenSteps
  /** What a step does without what will be reported as steps of its own. */
  alone(question: Pick<Question, 'text' | 'isFunctionCall'>, context: StepContext): Analysis
}

/** A shell that reports each line at Enter, and no step: a line is judged whole. */
export interface LineDialect extends EveryDialect {
  readonly reports: 'lines'
  /** The line in what was reported, and what it can do as a whole. */
  wholeLine(
    reported: string,
    analyse: (text: string) => Analysis,
  ): { readonly text: string; readonly analysis: Analysis }
}

export type Dialect = StepDialect | LineDialect

const DIALECTS: readonly Dialect[] = [bash, zsh, fish]

/** Returns how to gate this shell; undefined where it cannot be put under the stepped gate. */
export function dialectFor(facts: ShellFacts): Dialect | undefined {
  const dialect = DIALECTS.find(({ kind }) => kind === facts.kind)
  return dialect?.canStep(facts.version) === true ? dialect : undefined
}
