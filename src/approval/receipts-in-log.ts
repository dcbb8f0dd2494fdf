/**
 * The receipts of signed decisions, verified from the audit log alone: no bastion, no table beside it, nothing believed that
 * a receipt says of itself. What a decision was about is rebuilt from the events before it, and has to be, field by field,
 * what the reviewer's passkey signed (receipt.ts).
 *
 * This finds what the log's own signature cannot: a decision that was put into the log by somebody who has the log's key.
 * Who decided without a passkey is vouched for by the server alone, and counted as that.
 */
import { ASSURANCES } from '../core/action.ts'
import type { StoredAuditEvent } from '../core/audit.ts'
import type { HoldId, PrincipalId } from '../core/ids.ts'
import type { PublicJwk, Receipt } from '../core/passkey.ts'
import { GRANT_SCOPES } from '../core/verdict.ts'
import { auditHeadOf } from './audit-head.ts'
import type { GrantWish } from './grant.ts'
import { type RelyingParty, relyingPartyOf, type SignedHold, type StatementTerms, verifyReceipt } from './receipt.ts'

/** The events as they are stored, oldest first. */
export interface LoggedEvents {
  /** Those whose seq is above this one; `event` is undefined where it cannot be read. */
  after(
    seq: number,
    limit: number,
  ): Promise<readonly { readonly seq: number; readonly event: StoredAuditEvent | undefined }[]>
}

export interface ReceiptFinding {
  /** The event with the decision. */
  readonly seq: number
  readonly message: string
}

export interface ReceiptsReport {
  /** Decisions with a signature, those in the findings among them. */
  readonly signed: number
  /** Decisions that nobody but the bastion vouches for. */
  readonly vouchedByServer: number
  /** Signed decisions of which the log says too little: they are of an older Sallyport. */
  readonly unproven: number
  readonly findings: readonly ReceiptFinding[]
  /** Findings beyond those that are kept. */
  readonly more: number
}

const PAGE = 500
const MOST_FINDINGS = 1000
/** Holds that have ended and are still known: what came at the same moment may stand in the log behind the end. */
const MOST_ENDED = 1000
/** A grant begins when it was asked for, which is a moment before the decision is stored. */
const GRANT_SLACK_MS = 60_000

const DECISIONS = { 'hold.approved': 'approve', 'hold.rejected': 'reject', 'glass.broken': 'break-glass' } as const
const ENDS: ReadonlySet<string> = new Set(['hold.rejected', 'hold.expired', 'hold.withdrawn', 'glass.broken'])

interface Registered {
  readonly principal: PrincipalId
  readonly publicKey: PublicJwk
  readonly site: string
  /** The event that revoked it. */
  revokedBy: number | undefined
}

interface Held {
  readonly seq: number
  /** Undefined where the event says too little. */
  readonly hold: SignedHold | undefined
  /** Its rule takes no unsigned approval. */
  readonly isSignedOnly: boolean
}

export function verifyReceipts(events: LoggedEvents): Promise<ReceiptsReport> {
  return new Verification(events).run()
}

class Verification {
  readonly #events: LoggedEvents
  readonly #passkeys = new Map<string, Registered>()
  readonly #policies = new Set<unknown>()
  readonly #held = new Map<HoldId, Held>()
  /** What the signature under the last approval of a hold grants, and when that was. */
  readonly #granted = new Map<HoldId, { readonly wish: GrantWish | undefined; readonly atMs: number }>()
  /** Oldest first. */
  readonly #ended = new Set<HoldId>()
  readonly #findings: ReceiptFinding[] = []
  #more = 0
  #signed = 0
  #vouchedByServer = 0
  #unproven = 0

  constructor(events: LoggedEvents) {
    this.#events = events
  }

  async run(): Promise<ReceiptsReport> {
    for (let after = 0; ; ) {
      const page = await this.#events.after(after, PAGE)
      // What cannot be read was changed, and the log's own verification says so.
      for (const { event } of page) if (event !== undefined) await this.#take(event)
      const last = page.at(-1)?.seq ?? after
      if (page.length < PAGE || last <= after) break
      after = last
    }
    return {
      signed: this.#signed,
      vouchedByServer: this.#vouchedByServer,
      unproven: this.#unproven,
      findings: this.#findings,
      more: this.#more,
    }
  }

  async #take(event: StoredAuditEvent): Promise<void> {
    const { type, detail, hold, seq } = event
    if (type === 'passkey.registered') this.#register(event)
    if (type === 'passkey.revoked') {
      const passkey = this.#passkeys.get(String(detail.credential))
      if (passkey !== undefined) passkey.revokedBy ??= seq
    }
    if (type === 'policy.loaded') this.#policies.add(detail.digest)
    if (hold === undefined) return
    if (type === 'command.held') this.#held.set(hold, heldOf(event, hold))
    if (type in DECISIONS) await this.#decide(event, hold, DECISIONS[type as keyof typeof DECISIONS])
    if (type === 'grant.given') this.#give(event, hold)
    if (ENDS.has(type) || (type === 'hold.approved' && detail.complete === true)) this.#end(hold)
  }

  #end(hold: HoldId): void {
    this.#ended.add(hold)
    const [oldest] = this.#ended
    if (oldest === undefined || this.#ended.size <= MOST_ENDED) return
    this.#ended.delete(oldest)
    this.#held.delete(oldest)
    this.#granted.delete(oldest)
  }

  #register({ actor, detail }: StoredAuditEvent): void {
    const { credential, publicKey, site } = detail
    // A credential is somebody's once: where another one tried, it was refused, though the event was there before.
    if (actor === undefined || typeof credential !== 'string' || this.#passkeys.has(credential)) return
    if (!isTexts(publicKey) || typeof site !== 'string') return
    this.#passkeys.set(credential, { principal: actor, publicKey, site, revokedBy: undefined })
  }

  async #decide(event: StoredAuditEvent, id: HoldId, kind: 'approve' | 'reject' | 'break-glass'): Promise<void> {
    const { seq, at, detail } = event
    const held = this.#held.get(id)
    if (detail.receipt === undefined || detail.receipt === null) {
      this.#vouchedByServer++
      this.#granted.delete(id)
      if (kind === 'approve' && held?.isSignedOnly) this.#found(seq, 'it is not signed, and its rule takes no other')
      return
    }
    this.#signed++
    const terms = termsOf(detail.receipt)
    if (terms === undefined) return this.#found(seq, 'the receipt cannot be read')
    this.#granted.set(id, { wish: terms.grant, atMs: at.getTime() })
    if (held === undefined) return this.#found(seq, 'nothing was held that it could be about')
    if (held.hold === undefined) {
      this.#unproven++
      return
    }
    const why = (await this.#wrongTerms(terms, event, held)) ?? this.#wrongSignature(event, held.hold, kind, terms)
    if (why !== undefined) this.#found(seq, why)
  }

  /** What the statement says of the moment that it was asked for. */
  async #wrongTerms(
    { auditHead, policy }: StatementTerms,
    { seq }: StoredAuditEvent,
    held: Held,
  ): Promise<string | undefined> {
    if (!this.#policies.has(policy)) return 'the policy that it names was never loaded'
    const { size, hash } = auditHead
    if (size < held.seq || size >= seq) return 'the log was not as long as it says'
    const [newest] = await this.#events.after(size - 1, 1)
    const isSame = newest?.event !== undefined && newest.seq === size && auditHeadOf(newest.event).hash === hash
    return isSame ? undefined : `event ${size} is not what it was signed after`
  }

  #wrongSignature(
    { actor, at, detail }: StoredAuditEvent,
    hold: SignedHold,
    kind: 'approve' | 'reject' | 'break-glass',
    terms: StatementTerms,
  ): string | undefined {
    const { reason } = detail
    const receipt = detail.receipt as Receipt
    if (actor === undefined || typeof reason !== 'string') return 'the event does not say who decided, or why'
    const { credential } = receipt.assertion
    const passkey = this.#passkeys.get(credential)
    if (passkey === undefined) return 'no such passkey was registered before it'
    if (passkey.revokedBy !== undefined && passkey.revokedBy <= terms.auditHead.size)
      return 'the passkey had been revoked when it was asked for'
    const relyingParty = siteOf(receipt, passkey.site)
    if (relyingParty === undefined) return 'it was signed on another site'
    const result = verifyReceipt(receipt, {
      hold,
      decision: { kind, reason, at, by: { id: actor } },
      terms,
      passkey: { credential, principal: passkey.principal, publicKey: passkey.publicKey },
      relyingParty,
    })
    return result.kind === 'refused' ? result.why : undefined
  }

  /** A grant may be no wider than the signature under the approval that it came with. */
  #give({ seq, detail }: StoredAuditEvent, hold: HoldId): void {
    const approved = this.#granted.get(hold)
    if (approved === undefined) return
    const { wish, atMs } = approved
    const until = Date.parse(String(detail.until))
    const isWithin =
      wish !== undefined &&
      until <= atMs + wish.minutes * 60_000 + GRANT_SLACK_MS &&
      (wish.scope === detail.scope || wish.scope === 'person')
    if (!isWithin) this.#found(seq, 'the grant is wider than what was signed', 'Grant')
  }

  #found(seq: number, why: string, what = 'Decision'): void {
    if (this.#findings.length >= MOST_FINDINGS) this.#more++
    else this.#findings.push({ seq, message: `${what}: ${why}.` })
  }
}

/** Of a `command.held`; what of it is no statement's is not looked at. */
function heldOf({ seq, session, actor, detail }: StoredAuditEvent, id: HoldId): Held {
  const { text, assurance, kind, login, target: name, address, rule, sign } = detail
  const isSignedOnly = sign === 'passkey'
  const { host, port, hostKeys } = fieldsOf(address)
  const { name: ruleName, file, line } = fieldsOf(rule)
  const isWhole =
    session !== undefined &&
    actor !== undefined &&
    ASSURANCES.includes(assurance as never) &&
    [text, kind, login, name, host, ruleName, file].every((each) => typeof each === 'string') &&
    [port, line].every(Number.isSafeInteger) &&
    Array.isArray(hostKeys)
  if (!isWhole) return { seq, hold: undefined, isSignedOnly }
  const hold = {
    id,
    because: { name: ruleName, file, line },
    action: { session, login, kind, assurance, text, principal: { id: actor }, target: { name, host, port, hostKeys } },
  }
  return { seq, hold: hold as SignedHold, isSignedOnly }
}

/** What of a receipt's statement follows from nothing else; undefined for what is no receipt. */
function termsOf(receipt: unknown): StatementTerms | undefined {
  const { statement, assertion } = fieldsOf(receipt)
  const { grant, policy, auditHead, expiresAt, nonce } = fieldsOf(statement)
  const { size, hash } = fieldsOf(auditHead)
  const { credential, authenticatorData, clientData, signature } = fieldsOf(assertion)
  const texts = [policy, hash, expiresAt, nonce, credential, authenticatorData, clientData, signature]
  if (!texts.every((each) => typeof each === 'string') || !Number.isSafeInteger(size)) return undefined
  const expires = new Date(String(expiresAt))
  const wish = grant === null ? undefined : wishOf(grant)
  if (Number.isNaN(expires.getTime()) || (grant !== null && wish === undefined)) return undefined
  return {
    grant: wish,
    policy: String(policy),
    auditHead: { size: Number(size), hash: String(hash) },
    expiresAt: expires,
    nonce: String(nonce),
  }
}

function wishOf(grant: unknown): GrantWish | undefined {
  const { minutes, scope } = fieldsOf(grant)
  const known = GRANT_SCOPES.find((each) => each === scope)
  return Number.isSafeInteger(minutes) && known !== undefined ? { minutes: Number(minutes), scope: known } : undefined
}

/** The log has the host name of a passkey's site; the browser's own account has scheme and port beside it. */
function siteOf({ assertion }: Receipt, site: string): RelyingParty | undefined {
  try {
    const client: unknown = JSON.parse(Buffer.from(assertion.clientData, 'base64url').toString('utf8'))
    const party = relyingPartyOf(new URL(String(fieldsOf(client).origin)))
    return party?.id === site ? party : undefined
  } catch {
    return undefined
  }
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}
}

function isTexts(value: unknown): value is PublicJwk {
  return (
    Object.values(fieldsOf(value)).length > 0 &&
    Object.values(fieldsOf(value)).every((each) => typeof each === 'string')
  )
}
