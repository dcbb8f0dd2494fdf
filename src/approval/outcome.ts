/** How a request ends for the gate that asked: with a clearance, or with a refusal and its words. */
import type { Grant } from '../core/grant.ts'
import type { Hold } from '../core/hold.ts'
import type { HoldId } from '../core/ids.ts'
import type { RuleRef } from '../core/verdict.ts'
import type { Clearance } from './clearance.ts'

/** Why an action does not run; `message` is for the person who asked. */
export interface Refusal {
  readonly kind: 'refused'
  readonly how: 'denied' | 'rejected' | 'expired' | 'withdrawn' | 'broken'
  readonly message: string
  readonly because: RuleRef
  readonly hold: HoldId | undefined
}

export type Outcome =
  | {
      readonly kind: 'cleared'
      readonly clearance: Clearance
      /** Undefined where nothing was held. */
      readonly hold: Hold | undefined
      /** The grant that stood in for an approval or, beside a hold, the one that was given with its approval. */
      readonly grant: Grant | undefined
    }
  | Refusal

export function refusal(hold: Hold, how: Refusal['how']): Omit<Refusal, 'message'> {
  return { kind: 'refused', how, because: hold.because, hold: hold.id }
}

/** `clear` makes the clearance where the hold is approved: the desk does, and nobody else. */
export function outcomeOf(hold: Hold, grant: Grant | undefined, clear: () => Clearance): Outcome {
  const { state } = hold
  switch (state.kind) {
    case 'approved':
      return { kind: 'cleared', clearance: clear(), hold, grant }
    case 'rejected':
      return { ...refusal(hold, 'rejected'), message: `rejected by ${state.by.name}: ${state.reason}` }
    case 'expired':
      return { ...refusal(hold, 'expired'), message: `expired: ${state.reason}` }
    case 'withdrawn':
      return { ...refusal(hold, 'withdrawn'), message: `withdrawn: ${state.reason}` }
    default:
      return { ...refusal(hold, 'broken'), message: 'the request ended in a state that nobody expected' }
  }
}
