/** What a person says of a hold, before anybody has looked whether they may. */
import { BastionError } from '../core/errors.ts'
import type { Hold } from '../core/hold.ts'
import type { Authentication } from '../core/principal.ts'
import type { GrantWish } from './grant.ts'
import type { Signature } from './signing.ts'

/** A person's word; `grant` asks for the approval to be good for the same command until a time. */
export interface Word {
  readonly kind: 'approve' | 'reject'
  readonly reason: string
  readonly grant?: GrantWish | undefined
  /** Of a word that is signed with a passkey. */
  readonly signature?: Signature | undefined
  /** How the person came in; undefined where nothing is known of that. */
  readonly authentication?: Authentication | undefined
}

export const REASON_LIMIT = 2000

/** Returns the reason as it is kept; throws `invalid` where it is too long, or is missing and has to be there. */
export function reasonOf(said: string, missing: string | undefined): string {
  const reason = said.trim()
  if (reason.length > REASON_LIMIT) {
    throw new BastionError('invalid', `The reason is too long; ${REASON_LIMIT} characters are kept.`)
  }
  if (reason === '' && missing !== undefined) throw new BastionError('invalid', missing)
  return reason
}

/** What is said where a decision on this hold needs a reason; undefined where it needs none. */
export function reasonMissing(kind: Word['kind'], { quorum }: Hold): string | undefined {
  if (kind === 'reject') return 'Say why you reject it.'
  return quorum.reasonRequired ? 'This rule asks for a reason with each approval.' : undefined
}
