/**
 * A signed decision: what a reviewer's passkey signs, and whether a receipt of it holds. Pure, so that the desk can ask
 * before it counts a decision and anybody with the stored receipt can ask again years later, without a bastion.
 *
 * The passkey signs a challenge (Web Authentication Level 3, §7.2), and the challenge is a hash over everything that the
 * decision is about. So a receipt cannot be moved to another command, session, target, policy or moment.
 *
 * INVARIANT: whoever verifies brings the key and the relying party from where passkeys are kept, never from the receipt.
 */
import { createHash, createPublicKey, timingSafeEqual, verify } from 'node:crypto'
import type { Action } from '../core/action.ts'
import type { Decision, Hold } from '../core/hold.ts'
import type { PrincipalId } from '../core/ids.ts'
import type { PublicJwk, Receipt } from '../core/passkey.ts'
import type { Target } from '../core/target.ts'
import type { GrantWish } from './grant.ts'

/** How the log stood when the decision was asked for: so many events, and the hash that stands for them all. */
export interface AuditHead {
  readonly size: number
  readonly hash: string
}

/** What of a statement does not follow from the hold and the decision. */
export interface StatementTerms {
  readonly grant: GrantWish | undefined
  /** Digest of the policy in force. */
  readonly policy: string
  readonly auditHead: AuditHead
  /** Until when the signature counts. */
  readonly expiresAt: Date
  /** Random; makes each request for a signature another one. */
  readonly nonce: string
}

/** Plain JSON; each field is covered by the signature. */
export type Statement = Readonly<Record<string, unknown>>

/** What a statement says of a hold; the audit log has as much of it (receipts-in-log.ts). */
export interface SignedHold extends Pick<Hold, 'id' | 'because'> {
  readonly action: Pick<Action, 'session' | 'login' | 'kind' | 'assurance' | 'text'> & {
    readonly principal: { readonly id: PrincipalId }
    readonly target: Pick<Target, 'name' | 'host' | 'port' | 'hostKeys'>
  }
}

export type SignedDecision = Pick<Decision, 'kind' | 'reason' | 'at'> & { readonly by: { readonly id: PrincipalId } }

export function statementOf(hold: SignedHold, decision: Omit<SignedDecision, 'at'>, terms: StatementTerms): Statement {
  const { action } = hold
  const { target } = action
  return {
    version: 1,
    hold: hold.id,
    session: action.session,
    requester: action.principal.id,
    target: { name: target.name, host: target.host, port: target.port, hostKeys: target.hostKeys },
    login: action.login,
    kind: action.kind,
    assurance: action.assurance,
    text: action.text,
    rule: { name: hold.because.name, file: hold.because.file, line: hold.because.line },
    decision: decision.kind,
    reason: decision.reason,
    reviewer: decision.by.id,
    grant: terms.grant === undefined ? null : { minutes: terms.grant.minutes, scope: terms.grant.scope },
    policy: terms.policy,
    auditHead: { size: terms.auditHead.size, hash: terms.auditHead.hash },
    expiresAt: terms.expiresAt.toISOString(),
    nonce: terms.nonce,
  }
}

/** The 32 bytes that a passkey is asked to sign, as base64url. The prefix keeps them apart from any other challenge. */
export function challengeOf(statement: Statement): string {
  return createHash('sha256')
    .update(`sallyport decision v1\n${canonical(statement)}`)
    .digest('base64url')
}

/** JSON with sorted keys and no spaces: one text for one value (RFC 8785, whose numbers are only ever integers here). */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))
  return `{${entries.map(([name, each]) => `${JSON.stringify(name)}:${canonical(each)}`).join(',')}}`
}

/** Of a passkey, what its signatures are verified by. */
export interface Passkey {
  readonly credential: string
  readonly principal: PrincipalId
  readonly publicKey: PublicJwk
}

export interface RelyingParty {
  /** The host name of the bastion's web. */
  readonly id: string
  readonly origin: string
}

/**
 * Returns who browsers at this address would sign for; undefined where they would not: a passkey is bound to a domain
 * name, never to an address of numbers, and wants https or this very machine (WebAuthn §5.1.3, Secure Contexts §3.1).
 */
export function relyingPartyOf(url: URL): RelyingParty | undefined {
  const { hostname, origin, protocol } = url
  const isHere = hostname === 'localhost' || hostname.endsWith('.localhost')
  // A host that ends in a number is an IPv4 address, and one in brackets IPv6 (WHATWG URL §3.5).
  if (hostname.startsWith('[') || /(?:^|\.)\d+\.?$/.test(hostname)) return undefined
  return protocol === 'https:' || isHere ? { id: hostname, origin } : undefined
}

export interface Claim {
  readonly hold: SignedHold
  readonly decision: SignedDecision
  readonly terms: StatementTerms
  readonly passkey: Passkey
  readonly relyingParty: RelyingParty
}

export type ReceiptResult = { readonly kind: 'holds' } | { readonly kind: 'refused'; readonly why: string }

/** Reports whether this receipt is the reviewer's signature over exactly this decision. */
export function verifyReceipt(receipt: Receipt, claim: Claim): ReceiptResult {
  const { hold, decision, terms, passkey, relyingParty } = claim
  const refused = (why: string): ReceiptResult => ({ kind: 'refused', why })
  if (canonical(receipt.statement) !== canonical(statementOf(hold, decision, terms)))
    return refused('the statement is not about this decision')
  if (passkey.principal !== decision.by.id) return refused('the passkey is another person’s')
  if (passkey.credential !== receipt.assertion.credential) return refused('another passkey signed it')
  if (!(decision.at.getTime() < terms.expiresAt.getTime())) return refused('it was decided after the signature expired')
  const [authenticator, client, signature] = [
    bytesOf(receipt.assertion.authenticatorData),
    bytesOf(receipt.assertion.clientData),
    bytesOf(receipt.assertion.signature),
  ]
  if (authenticator === undefined || client === undefined || signature === undefined)
    return refused('the assertion is not base64url')
  const why =
    wrongClient(client, challengeOf(receipt.statement), relyingParty) ?? wrongAuthenticator(authenticator, relyingParty)
  if (why !== undefined) return refused(why)
  const signed = Buffer.concat([authenticator, createHash('sha256').update(client).digest()])
  return isSignedBy(passkey.publicKey, signed, signature) ? { kind: 'holds' } : refused('the signature does not fit')
}

/** §7.2, steps 10 to 14: the browser's own account of what it signed, where, and for whom. */
function wrongClient(bytes: Buffer, challenge: string, { origin }: RelyingParty): string | undefined {
  let client: Record<string, unknown>
  try {
    client = JSON.parse(bytes.toString('utf8'))
  } catch {
    return 'the browser’s data cannot be read'
  }
  if (typeof client !== 'object' || client === null) return 'the browser’s data cannot be read'
  if (client.type !== 'webauthn.get') return 'it is not an assertion'
  if (client.challenge !== challenge) return 'it was signed for another statement'
  if (client.origin !== origin) return 'it was signed on another site'
  if (client.crossOrigin === true) return 'it was signed inside of another site'
  return undefined
}

/** The authenticator's counter of its signatures (§6.1). Only of data that was verified. */
export function counterOf(receipt: Receipt): number {
  return Buffer.from(receipt.assertion.authenticatorData, 'base64url').readUInt32BE(33)
}

const USER_PRESENT = 0x01
const USER_VERIFIED = 0x04
/** §6.1: 32 bytes of hash, the flags, four bytes of counter. */
const LEAST_BYTES = 37

function wrongAuthenticator(bytes: Buffer, { id }: RelyingParty): string | undefined {
  if (bytes.length < LEAST_BYTES) return 'the authenticator’s data is cut off'
  if (!timingSafeEqual(bytes.subarray(0, 32), createHash('sha256').update(id).digest()))
    return 'the passkey is for another site'
  const flags = bytes[32]!
  if ((flags & USER_PRESENT) === 0) return 'nobody touched the passkey'
  if ((flags & USER_VERIFIED) === 0) return 'the passkey did not make sure who touched it'
  return undefined
}

/** The key says which algorithm: ES256, EdDSA over Ed25519, or RS256; no other is verified. */
function isSignedBy(jwk: PublicJwk, signed: Buffer, signature: Buffer): boolean {
  try {
    const key = createPublicKey({ key: jwk, format: 'jwk' })
    if (jwk.kty === 'EC' && jwk.crv === 'P-256') return verify('sha256', signed, key, signature)
    if (jwk.kty === 'RSA') return verify('sha256', signed, key, signature)
    if (jwk.kty === 'OKP' && jwk.crv === 'Ed25519') return verify(null, signed, key, signature)
    return false
  } catch {
    return false
  }
}

/** One text for one value: what another text decodes to the same bytes is refused. */
function bytesOf(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url')
  return bytes.toString('base64url') === text ? bytes : undefined
}
