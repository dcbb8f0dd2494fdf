/**
 * Signed decisions of a bundle, verified without a bastion: the keys are those that the log has as registered, and each
 * receipt must also stand in the event of its decision.
 */
import { canonical, type Passkey, type StatementTerms, verifyReceipt } from '../approval/receipt.ts'
import { BastionError } from '../core/errors.ts'
import type { Decision, Hold } from '../core/hold.ts'
import type { PrincipalId } from '../core/ids.ts'
import type { PublicJwk, Receipt } from '../core/passkey.ts'
import type { RowEvent } from '../evidence/event-row.ts'
import { isFields } from './manifest.ts'

interface Registered extends Passkey {
  readonly site: string
}

export class Receipts {
  readonly #origin: string
  readonly #passkeys = new Map<string, Registered>()
  /** By hold and person: the receipt that the log has. */
  readonly #logged = new Map<string, string>()
  #verified = 0

  constructor(origin: string) {
    this.#origin = origin
  }

  get verified(): number {
    return this.#verified
  }

  take({ type, actor, hold, detail }: RowEvent): void {
    if (type === 'passkey.registered' && actor !== null && isFields(detail.publicKey)) {
      const { credential, publicKey, site } = detail
      if (typeof credential !== 'string' || typeof site !== 'string') return
      this.#passkeys.set(credential, {
        credential,
        principal: actor as PrincipalId,
        publicKey: publicKey as PublicJwk,
        site,
      })
    }
    if (isFields(detail.receipt)) this.#logged.set(`${hold} ${actor}`, canonical(detail.receipt))
  }

  /** Returns what is wrong with a line of approvals.jsonl. */
  verify(line: string): readonly string[] {
    const hold = holdOf(line)
    const wrong: string[] = []
    for (const decision of hold.decisions) {
      const { receipt, by } = decision
      const logged = this.#logged.get(`${hold.id} ${by.id}`)
      if (receipt === undefined) {
        if (logged !== undefined) wrong.push(`The receipt of ${by.id} for ${hold.id} was taken out.`)
        continue
      }
      const why = logged === canonical(receipt) ? this.#why(hold, decision, receipt) : 'the log has another one'
      if (why === undefined) this.#verified++
      else wrong.push(`The receipt of ${by.id} for ${hold.id} does not hold: ${why}.`)
    }
    return wrong
  }

  #why(hold: Hold, decision: Decision, receipt: Receipt): string | undefined {
    const passkey = this.#passkeys.get(receipt.assertion.credential)
    if (passkey === undefined) return 'the log has no such passkey'
    const terms = termsOf(receipt)
    if (terms === undefined) return 'it is none'
    // What the bundle leaves out of the target is in the statement, and signed there.
    const { target } = receipt.statement
    if (!isFields(target) || target.name !== hold.action.target.name) return 'it is for another target'
    const whole = { ...hold, action: { ...hold.action, target: { ...hold.action.target, ...target } } } as Hold
    const relyingParty = { id: passkey.site, origin: this.#origin }
    const result = verifyReceipt(receipt, { hold: whole, decision, terms, passkey, relyingParty })
    return result.kind === 'holds' ? undefined : result.why
  }
}

function termsOf({ statement }: Receipt): StatementTerms | undefined {
  const { grant, policy, auditHead, expiresAt, nonce } = statement
  if (typeof policy !== 'string' || typeof nonce !== 'string' || typeof expiresAt !== 'string') return undefined
  if (!isFields(auditHead) || (grant !== null && !isFields(grant))) return undefined
  const wish = grant as { readonly minutes: number; readonly scope: 'session' | 'person' } | null
  return {
    grant: wish ?? undefined,
    policy,
    auditHead: { size: Number(auditHead.size), hash: String(auditHead.hash) },
    expiresAt: new Date(expiresAt),
    nonce,
  }
}

/** As much of it as a receipt is about. */
function holdOf(line: string): Hold {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch (error) {
    throw new BastionError('untrusted', 'A line of approvals.jsonl cannot be read.', error)
  }
  if (
    !isFields(value) ||
    !isFields(value.action) ||
    !isFields(value.action.target) ||
    !Array.isArray(value.decisions)
  ) {
    throw new BastionError('untrusted', 'A line of approvals.jsonl is none of a request.')
  }
  const decisions = value.decisions.map((decision) => {
    if (!isFields(decision) || !isFields(decision.by) || typeof decision.at !== 'string') {
      throw new BastionError('untrusted', 'A line of approvals.jsonl has a decision that is none.')
    }
    return { ...decision, at: new Date(decision.at) }
  })
  return { ...value, decisions } as unknown as Hold
}
