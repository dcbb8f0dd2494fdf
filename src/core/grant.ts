import type { ActionKind, Assurance } from './action.ts'
import type { GrantId, HoldId, SessionId } from './ids.ts'
import type { Principal } from './principal.ts'
import type { GrantScope, RuleRef } from './verdict.ts'

/** A reviewer's word that one person may run one command on one target until a time, without asking again. */
export interface Grant {
  readonly id: GrantId
  /** The hold that was approved with it. */
  readonly hold: HoldId
  /** To whom. */
  readonly principal: Principal
  /** Exactly what may run, and how it arrives and how sure we are of it. */
  readonly text: string
  readonly kind: ActionKind
  readonly assurance: Assurance
  /** Names of the target and of the account on it. */
  readonly target: string
  readonly login: string
  readonly scope: GrantScope
  /** Where it was given; with the scope `session` it is good there alone. */
  readonly session: SessionId
  readonly givenAt: Date
  /** The first moment at which it is over. */
  readonly until: Date
  /** The rule whose hold it answers. */
  readonly because: RuleRef
  /** Digest of the policy under which it was given: a changed policy was not what the reviewer agreed to. */
  readonly policy: string
  /** The roles that could decide the hold, and so may take it back. */
  readonly reviewers: readonly string[]
  readonly by: Principal
  readonly reason: string
  readonly uses: number
  readonly lastUsedAt: Date | undefined
  /** Undefined while nobody and nothing has ended it before its time. */
  readonly ended: GrantEnd | undefined
}

export interface GrantEnd {
  readonly at: Date
  /** Who revoked it; undefined where the bastion ended it. */
  readonly by: Principal | undefined
  readonly reason: string
}
