/**
 * Decisions that are signed with a passkey: asks for a signature, and takes it. What a signature says, and whether it
 * holds, is receipt.ts.
 *
 * INVARIANT: what was asked for is good once, for one person, one hold and LIFE_MS; a signature is taken only from a
 * passkey of that person's that is in force; and where the rule wants one, no approval is taken without.
 */
import type { Clock } from '../core/clock.ts'
import { BastionError } from '../core/errors.ts'
import type { Decision, Hold } from '../core/hold.ts'
import { type HoldId, type PrincipalId, randomText } from '../core/ids.ts'
import type { Assertion, PasskeyRecord, Receipt } from '../core/passkey.ts'
import type { Store } from '../core/ports.ts'
import type { Principal } from '../core/principal.ts'
import { auditHeadOf } from './audit-head.ts'
import type { GrantWish } from './grant.ts'
import {
  challengeOf,
  counterOf,
  type RelyingParty,
  type Statement,
  type StatementTerms,
  statementOf,
  verifyReceipt,
} from './receipt.ts'

/** How long a person may take at their authenticator. */
export const SIGNING_LIFE_MS = 2 * 60_000
const MAX_ASKED = 2000
const MAX_PER_PERSON = 20

export interface SigningParts {
  readonly store: Store
  readonly clock: Clock
  /** Digest of the policy in force. */
  readonly policyDigest: () => string
  /** Where the pages are; undefined where browsers would use no passkey, and then none is asked for or taken. */
  readonly relyingParty?: RelyingParty | undefined
}

/** What is to be signed, for the browser of whoever asked. */
export interface SigningRequest {
  readonly nonce: string
  readonly challenge: string
  readonly site: string
  /** The person's passkeys, any of which may sign. */
  readonly credentials: readonly string[]
  readonly expiresAt: Date
}

/** What came back: of which request, and what the passkey said. */
export interface Signature {
  readonly nonce: string
  readonly assertion: Assertion
}

interface SaidWord {
  readonly kind: Decision['kind']
  readonly reason: string
  readonly grant?: GrantWish | undefined
}

interface Asked {
  readonly hold: HoldId
  readonly by: PrincipalId
  readonly terms: Omit<StatementTerms, 'grant'>
}

const NO_PASSKEYS =
  'Passkeys cannot be used at this address: the bastion’s web.url has to be https with a domain name (or localhost).'

export class Signing {
  readonly #parts: SigningParts
  /** By nonce, oldest first. */
  readonly #asked = new Map<string, Asked>()

  constructor(parts: SigningParts) {
    this.#parts = parts
  }

  /** Undefined: browsers would use no passkey at the address of the pages. */
  get relyingParty(): RelyingParty | undefined {
    return this.#parts.relyingParty
  }

  /** Returns the relying party; throws `unavailable`, with what to do about it, where there is none. */
  demandRelyingParty(): RelyingParty {
    if (this.#parts.relyingParty === undefined) throw new BastionError('unavailable', NO_PASSKEYS)
    return this.#parts.relyingParty
  }

  /** Whether this person may decide is the caller's question. Throws `invalid` where they have no passkey. */
  async ask(hold: Hold, by: Principal, word: SaidWord): Promise<SigningRequest> {
    const { id: site } = this.demandRelyingParty()
    const { store, clock, policyDigest } = this.#parts
    const passkeys = (await store.passkeys.list(by.id)).filter((passkey) => isInForce(passkey, site))
    if (passkeys.length === 0) {
      throw new BastionError('invalid', 'You have no passkey here yet; add one on your own page.')
    }
    // It would be kept as another text, and the receipt would no longer hold.
    if (!word.reason.isWellFormed()) throw new BastionError('invalid', 'The reason is not plain text.')
    const [newest] = await store.audit.list({ limit: 1 })
    const terms = {
      policy: policyDigest(),
      auditHead: auditHeadOf(newest),
      expiresAt: new Date(clock.now().getTime() + SIGNING_LIFE_MS),
      nonce: randomText(26),
    }
    this.#keep({ hold: hold.id, by: by.id, terms })
    return {
      nonce: terms.nonce,
      challenge: challengeOf(statementFor(hold, { by, word, terms })),
      site,
      credentials: passkeys.map(({ credential }) => credential),
      expiresAt: terms.expiresAt,
    }
  }

  /**
   * Resolves to the receipt of a signed decision, and to undefined for one that nobody signed or had to. Throws
   * `forbidden` where the signature does not hold, or is missing and the rule wants one.
   */
  async receiptOf(
    hold: Hold,
    decision: Decision,
    { grant, signature }: { readonly grant?: GrantWish | undefined; readonly signature?: Signature | undefined },
  ): Promise<Receipt | undefined> {
    if (signature === undefined) {
      if (hold.quorum.sign !== 'passkey' || decision.kind !== 'approve') return undefined
      throw new BastionError('forbidden', this.#missing())
    }
    const relyingParty = this.demandRelyingParty()
    const { by } = decision
    const asked = this.#take(signature.nonce)
    if (asked === undefined || asked.hold !== hold.id || asked.by !== by.id) {
      throw notTaken('it was asked for another request, used before, or took too long')
    }
    if (asked.terms.policy !== this.#parts.policyDigest()) throw notTaken('the policy changed meanwhile')
    const terms: StatementTerms = { ...asked.terms, grant }
    const passkey = await this.#parts.store.passkeys.find(signature.assertion.credential)
    if (passkey === undefined || !isInForce(passkey, relyingParty.id)) {
      throw notTaken('this passkey is not registered here, or was revoked')
    }
    const receipt: Receipt = { statement: statementOf(hold, decision, terms), assertion: signature.assertion }
    const result = verifyReceipt(receipt, { hold, decision, terms, passkey, relyingParty })
    if (result.kind === 'refused') throw notTaken(result.why)
    const use = { counter: counterOf(receipt), at: decision.at }
    if (!(await this.#parts.store.passkeys.use(passkey.credential, use))) {
      throw notTaken('the passkey’s counter did not grow, so there may be a copy of it')
    }
    return receipt
  }

  #missing(): string {
    const rule = 'This rule takes only approvals that are signed with a passkey'
    return this.#parts.relyingParty === undefined
      ? `${rule}. ${NO_PASSKEYS}`
      : `${rule}: open the request in a browser and sign it there. A passkey is added on your own page.`
  }

  #keep(asked: Asked): void {
    const now = this.#parts.clock.now().getTime()
    let own = 0
    for (const { by } of this.#asked.values()) if (by === asked.by) own += 1
    for (const [nonce, { by, terms }] of this.#asked) {
      const isCrowded = this.#asked.size >= MAX_ASKED || (by === asked.by && own >= MAX_PER_PERSON)
      if (terms.expiresAt.getTime() > now && !isCrowded) continue
      this.#asked.delete(nonce)
      if (by === asked.by) own -= 1
    }
    this.#asked.set(asked.terms.nonce, asked)
  }

  /** Returns what was asked for, and forgets it, whatever then comes of it. */
  #take(nonce: string): Asked | undefined {
    const asked = this.#asked.get(nonce)
    this.#asked.delete(nonce)
    if (asked === undefined) return undefined
    return asked.terms.expiresAt.getTime() > this.#parts.clock.now().getTime() ? asked : undefined
  }
}

function statementFor(
  hold: Hold,
  { by, word, terms }: { readonly by: Principal; readonly word: SaidWord; readonly terms: Asked['terms'] },
): Statement {
  const { kind, reason, grant } = word
  return statementOf(hold, { kind, reason: reason.trim(), by }, { ...terms, grant })
}

function isInForce({ revokedAt, site }: PasskeyRecord, here: string): boolean {
  return revokedAt === undefined && site === here
}

function notTaken(why: string): BastionError {
  return new BastionError('forbidden', `The signature was not taken: ${why}. Sign again.`)
}
