/**
 * The provider's word that a person or one of its sessions is signed out (OpenID Connect Back-Channel Logout 1.0): a
 * signed token that anybody may carry to us, so everything about it is checked, and it is taken once.
 */
import type { JWTPayload } from 'jose'
import { BastionError } from '../core/errors.ts'
import type { SignInParts } from './provider.ts'
import { verifySignedToken } from './signed-token.ts'
import { isOutage, translate, withoutSecrets } from './translate.ts'

export interface Logout {
  readonly issuer: string
  /** At least one of the two: all of a person's sign-ins, those of one session of the provider's, or both at once. */
  readonly subject: string | undefined
  readonly sid: string | undefined
}

const EVENT = 'http://schemas.openid.net/event/backchannel-logout'
const MAX_TOKEN_LENGTH = 16 * 1024
/** §2.4 recommends two minutes; an old one would sign people out who have signed in again. */
const MAX_AGE_SECONDS = 5 * 60
const MAX_SEEN = 10_000

/** Which tokens were taken already, until they could not be taken any more. */
export class SeenTokens {
  readonly #seen = new Map<string, number>()

  /** Returns false for one that was seen before. */
  take(jti: string, nowMs: number): boolean {
    for (const [oldest, endsAtMs] of this.#seen) {
      if (endsAtMs > nowMs && this.#seen.size < MAX_SEEN) break
      this.#seen.delete(oldest)
    }
    if (this.#seen.has(jti)) return false
    this.#seen.set(jti, nowMs + 2 * MAX_AGE_SECONDS * 1000)
    return true
  }
}

/** Rejects with `invalid` for everything but a good one, `unavailable` while the provider's keys cannot be had. */
export async function verifyLogoutToken(token: string, parts: SignInParts, seen: SeenTokens): Promise<Logout> {
  const { settings, discovery, clock } = parts
  if (token.length > MAX_TOKEN_LENGTH) throw refusal(new Error('token too long'))
  const connection = await discovery.connect()
  const claims = await verifySignedToken(
    token,
    { audience: settings.clientId, requiredClaims: ['jti', 'events'], isWithoutPerson: true },
    { connection, clock },
  ).catch((error: unknown) => {
    throw isOutage(error) ? translate(error) : refusal(withoutSecrets(error))
  })
  const now = clock.now().getTime()
  const { sub, sid, jti } = claims
  // §2.6: the event is what tells it from an ID token, and a nonce would make it one.
  if (!hasEvent(claims) || claims.nonce !== undefined) throw refusal(new Error('it is no logout token'))
  if (now / 1000 - Number(claims.iat) > MAX_AGE_SECONDS) throw refusal(new Error('it is too old'))
  if (!isNameOrNone(sub) || !isNameOrNone(sid) || (sub === undefined && sid === undefined)) {
    throw refusal(new Error('it names nobody'))
  }
  if (typeof jti !== 'string' || !seen.take(jti, now)) throw refusal(new Error('it was used before'))
  return { issuer: connection.issuer, subject: sub, sid }
}

function hasEvent({ events }: JWTPayload): boolean {
  if (typeof events !== 'object' || events === null || !Object.hasOwn(events, EVENT)) return false
  const event = (events as Readonly<Record<string, unknown>>)[EVENT]
  return typeof event === 'object' && event !== null
}

function isNameOrNone(value: unknown): value is string | undefined {
  return value === undefined || (typeof value === 'string' && value !== '' && value.length <= 255)
}

function refusal(cause: unknown): BastionError {
  return new BastionError('invalid', 'This is no logout token of the identity provider for this bastion.', cause)
}
