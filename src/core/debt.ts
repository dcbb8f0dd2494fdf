import type { HoldId } from './ids.ts'
import type { Principal } from './principal.ts'

/** What breaking the glass leaves behind: somebody else has to look at it, and say so, until a time. */
export interface Debt {
  /** The hold that was run without waiting; one debt each. */
  readonly hold: HoldId
  /** Who owes it. */
  readonly principal: Principal
  readonly reason: string
  readonly brokenAt: Date
  /** From then on, while it is open, its person can break no glass. */
  readonly dueAt: Date
  /** Roles that were told, and roles that may close it, by the rule of that moment. */
  readonly alert: readonly string[]
  readonly reviewers: readonly string[]
  /** Undefined while it is open. */
  readonly closed: DebtClosing | undefined
}

export interface DebtClosing {
  readonly at: Date
  readonly by: Principal
  /** What they found. */
  readonly word: string
}
