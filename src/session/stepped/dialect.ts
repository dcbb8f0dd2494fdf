/**
 * What the stepped gate has to know of one kind of shell: how to start it gated, and what must not run in it. One value
 * for each kind; everything else of the gate is the same for all.
 */
import type { Analysis, SimpleCommand } from '../../core/action.ts'
import type { ShellFacts } from '../channel.ts'
import { bash } from './bash.ts'
import { fish } from './fish.ts'

export interface Dialect {
  readonly kind: ShellFacts['kind']
  /** Reports whether this version can be gated. */
  canStep(version: string): boolean
  /**
   * Returns the command that replaces the login shell's own by the same shell under the gate. Its questions go to `port`
   * on the target's loopback; the session's key is not in it, the terminal brings that as its first line.
   */
  launcher(path: string, port: number): string
  /** What the init file itself runs before the first prompt, word for word as the shell reports it. */
  readonly initSteps: ReadonlySet<string>
  /** Returns a text that the analysis can parse, and that runs nothing more than the reported step does. */
  parseable(step: string): string
  /** Why a command may not run in a gated shell, whatever the policy says; undefined where it does not touch the gate. */
  forbidden(text: string, commands: readonly SimpleCommand[]): string | undefined
  /** The same for the person's start files, which may do a little more: the gate closes after them. */
  forbiddenAtStart(text: string): string | undefined
  /**
   * Where the shell reports lines and no steps: the line in what it reported, and what the line can do as a whole.
   * Undefined where steps follow.
   */
  readonly wholeLine?: (
    reported: string,
    analyse: (text: string) => Analysis,
  ) => { readonly text: string; readonly analysis: Analysis }
}

const DIALECTS: readonly Dialect[] = [bash, fish]

/** Returns how to gate this shell; undefined where it cannot be put under the stepped gate. */
export function dialectFor(facts: ShellFacts): Dialect | undefined {
  const dialect = DIALECTS.find(({ kind }) => kind === facts.kind)
  return dialect?.canStep(facts.version) === true ? dialect : undefined
}
