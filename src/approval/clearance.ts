/**
 * A Clearance is the proof that one action may run: once, in one session, with exactly this text. Nothing reaches a
 * target's command line without one. This file is its only constructor: the symbol that marks a Clearance is not
 * exported, so no other code can make one, and the functions that can demand the reason for it.
 *
 * INVARIANT: a Clearance is redeemed at most once, and only for the session and the text it names.
 */
import type { Action } from '../core/action.ts'
import { BastionError } from '../core/errors.ts'
import type { Grant } from '../core/grant.ts'
import type { Hold } from '../core/hold.ts'
import type { ActionId, GrantId, HoldId, SessionId } from '../core/ids.ts'
import type { RuleRef, Verdict } from '../core/verdict.ts'
import { answersHold } from './grant.ts'

const proof: unique symbol = Symbol('clearance')

export interface Clearance {
  readonly [proof]: true
  readonly action: ActionId
  readonly session: SessionId
  readonly text: string
  /** The rule that allowed or held it; it may lay duties on a session. */
  readonly because: RuleRef
  /** The hold whose approval this is; undefined where the policy itself allowed the action. */
  readonly hold: HoldId | undefined
  /** The grant that stood in for an approval; undefined where none did. */
  readonly grant: GrantId | undefined
}

const redeemed = new WeakSet<Clearance>()

/** Returns the proof for an action that the policy allows. */
export function clearAllowed(action: Action, verdict: Extract<Verdict, { kind: 'allow' }>): Clearance {
  return Object.freeze({
    [proof]: true as const,
    action: action.id,
    session: action.session,
    text: action.text,
    because: verdict.because,
    hold: undefined,
    grant: undefined,
  })
}

/** Returns the proof for a hold that its reviewers approved; any other state is a bug of the caller's. */
export function clearApproved(hold: Hold): Clearance {
  if (hold.state.kind !== 'approved') {
    throw new BastionError(
      'internal',
      'The command was not approved.',
      new Error(`hold ${hold.id} is ${hold.state.kind}`),
    )
  }
  const { id, session, text } = hold.action
  return Object.freeze({
    [proof]: true as const,
    action: id,
    session,
    text,
    because: hold.because,
    hold: hold.id,
    grant: undefined,
  })
}

/** Returns the proof for a held action that a grant answers at this moment; any other grant is a bug of the caller's. */
export function clearGranted(
  action: Action,
  verdict: Verdict,
  use: { readonly grant: Grant; readonly now: Date },
): Clearance {
  const { grant, now } = use
  if (!answersHold(grant, action, verdict, now)) {
    throw new BastionError('internal', 'The command was not granted.', new Error(`grant ${grant.id} does not fit`))
  }
  return Object.freeze({
    [proof]: true as const,
    action: action.id,
    session: action.session,
    text: action.text,
    because: verdict.because,
    hold: undefined,
    grant: grant.id,
  })
}

/** Uses the clearance up. Throws when it was used before, or names another session or another text. */
export function redeem(clearance: Clearance, use: { readonly session: SessionId; readonly text: string }): void {
  if (redeemed.has(clearance)) throw new BastionError('conflict', 'This approval was used already; ask again.')
  if (clearance.session !== use.session || clearance.text !== use.text) {
    throw new BastionError('conflict', 'What would run is no longer what was approved; ask again.')
  }
  redeemed.add(clearance)
}
