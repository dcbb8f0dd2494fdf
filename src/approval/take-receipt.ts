/** Takes the signature under a word, where there is one or has to be one. */
import { codeOf, messageFor } from '../core/errors.ts'
import type { Decision, Hold } from '../core/hold.ts'
import type { GrantWish } from './grant.ts'
import type { HoldEvents } from './hold-events.ts'
import type { Signature, Signing } from './signing.ts'

export interface SignedWord {
  readonly grant?: GrantWish | undefined
  readonly signature?: Signature | undefined
}

/** Does what `Signing.receiptOf` does. A signature that does not hold is somebody's attempt at something, so it is told. */
export async function takeReceipt(
  { signing, events }: { readonly signing: Signing; readonly events: HoldEvents },
  hold: Hold,
  said: Decision,
  word: SignedWord,
): Promise<Decision['receipt']> {
  try {
    return await signing.receiptOf(hold, said, word)
  } catch (error) {
    if (codeOf(error) === 'forbidden')
      await events.ofDecision('decision.refused', hold, said.by, { decision: said.kind, why: messageFor(error) })
    throw error
  }
}
