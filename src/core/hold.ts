import type { Action } from './action.ts'
import type { HoldId } from './ids.ts'
import type { Receipt } from './passkey.ts'
import type { Principal } from './principal.ts'
import type { Quorum, RuleRef } from './verdict.ts'

/** A person's word on a hold. (The policy's is a Verdict.) */
export interface Decision {
  /** `break-glass` is the requester's own, where the rule lets them run it without waiting; see core/debt.ts. */
  readonly kind: 'approve' | 'reject' | 'break-glass'
  readonly by: Principal
  readonly at: Date
  readonly reason: string
  /** Where it was signed with a passkey; without one, nobody but the bastion vouches for it. */
  readonly receipt?: Receipt | undefined
}

/** What the requester says about why they want it, or a reviewer asks them. Said while the hold waits; never taken back. */
export interface Explanation {
  readonly at: Date
  readonly text: string
  /** Of a question: the reviewer's, who asks it. */
  readonly askedBy?: Principal | undefined
}

/** Each is read by people before they decide, so that more would hide what matters. */
export const EXPLANATION_CHARACTERS = 500
/** Of each side. */
export const EXPLANATIONS_OF_A_HOLD = 5

/**
 * Where a hold stands. `pending` is the only state that can be decided; from there it goes once, and only once, to
 * approved, rejected, expired or withdrawn; from approved to running, then done or unknown (ran, outcome not known), or
 * to revoked: the approval ended before it was used, and never will be.
 */
export type HoldState =
  | { readonly kind: 'pending' }
  | { readonly kind: 'approved'; readonly at: Date }
  | { readonly kind: 'running'; readonly at: Date }
  | { readonly kind: 'done'; readonly at: Date; readonly exitStatus: number }
  | { readonly kind: 'unknown'; readonly at: Date }
  | { readonly kind: 'rejected'; readonly at: Date; readonly by: Principal; readonly reason: string }
  | { readonly kind: 'expired'; readonly at: Date; readonly reason: string }
  | { readonly kind: 'withdrawn'; readonly at: Date; readonly reason: string }
  | { readonly kind: 'revoked'; readonly at: Date; readonly reason: string }

export type HoldStateKind = HoldState['kind']

export interface Hold {
  readonly id: HoldId
  readonly action: Action
  readonly because: RuleRef
  readonly quorum: Quorum
  readonly message: string | undefined
  readonly createdAt: Date
  readonly expiresAt: Date
  /** When the further roles of its rule were asked; they are among its reviewers since. */
  readonly escalatedAt?: Date | undefined
  /** The last lines of the session's screen when it was held, plain text. */
  readonly screen: readonly string[]
  readonly explanations: readonly Explanation[]
  readonly decisions: readonly Decision[]
  readonly state: HoldState
}
