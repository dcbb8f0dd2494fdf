import type { ProposalId } from './ids.ts'
import type { Principal } from './principal.ts'

/**
 * A change of the bastion itself that one administrator wants and another has to approve: four eyes on those who watch
 * the others.
 */
export interface Proposal {
  readonly id: ProposalId
  readonly change: Change
  readonly by: Principal
  readonly reason: string
  readonly madeAt: Date
  readonly expiresAt: Date
  /** Of whoever approved or rejected it. */
  readonly decision: ProposalDecision | undefined
  readonly state: ProposalState
  /** What must not be read by anybody until it is applied, sealed; forgotten as soon as it cannot be applied any more. */
  readonly sealed: string | undefined
}

export interface ProposalDecision {
  readonly kind: 'approve' | 'reject'
  readonly by: Principal
  readonly at: Date
  readonly reason: string
}

/** What would change. `base` says what it was made from: where that is no longer so, the proposal is stale. */
export type Change =
  | {
      readonly kind: 'policy'
      /** As messages name it. */
      readonly file: string
      /** Digest of the text that was changed. */
      readonly base: string
      readonly before: string
      readonly text: string
      readonly digest: string
    }
  | {
      readonly kind: 'secret'
      readonly name: string
      /** When the secret that it replaces was put into the vault. */
      readonly base: string
      /** What came of trying the new one before it was proposed. */
      readonly trials: readonly Trial[]
    }

/** How far a connection with a key came: each word says that what stands before it went well. */
export const TRIAL_OUTCOMES = ['no-key', 'unreachable', 'wrong-host', 'refused', 'opened'] as const
export type TrialOutcome = (typeof TRIAL_OUTCOMES)[number]

/** What came of connecting to one account of a target with a key. */
export interface Trial {
  readonly target: string
  readonly login: string
  readonly outcome: TrialOutcome
  /** For people to read. */
  readonly message: string
}

/**
 * `pending` is the only state that can be decided; from there it goes once to approved, rejected, withdrawn, expired or
 * stale (what it was made from has changed). What is approved is applied, or failed, and then says why.
 */
export type ProposalState =
  | { readonly kind: 'pending' }
  | { readonly kind: 'approved'; readonly at: Date }
  | { readonly kind: 'applied'; readonly at: Date }
  | { readonly kind: 'rejected'; readonly at: Date }
  | { readonly kind: 'withdrawn'; readonly at: Date }
  | { readonly kind: 'expired'; readonly at: Date }
  | { readonly kind: 'stale'; readonly at: Date; readonly reason: string }
  | { readonly kind: 'failed'; readonly at: Date; readonly reason: string }

export type ProposalStateKind = ProposalState['kind']

export interface ProposalStore {
  insert(proposal: Proposal): Promise<void>
  find(id: ProposalId): Promise<Proposal | undefined>
  /** Newest first. */
  list(filter: { readonly state?: ProposalStateKind; readonly limit: number }): Promise<readonly Proposal[]>
  /**
   * Moves it from `from` to `to`, atomically, and keeps the decision that did. Resolves to it as it then stands, or
   * undefined when it was not in `from`: somebody was faster, and nothing was stored.
   */
  move(
    id: ProposalId,
    from: ProposalStateKind,
    to: ProposalState,
    decision?: ProposalDecision,
  ): Promise<Proposal | undefined>
}
