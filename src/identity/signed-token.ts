/**
 * Checks a JWT of the provider: signature by one of its published keys, issuer, audience and lifetime.
 *
 * openid-client checks the claims of an ID token and leaves its signature alone when it came over TLS from the token
 * endpoint, as OpenID Connect Core §3.1.3.7 (6) permits. Here every token is checked, whatever way it came: a proxy that
 * ends TLS in front of the provider must not be able to name a person.
 */
import { type JWTPayload, type JWTVerifyOptions, jwtVerify } from 'jose'
import type { Clock } from '../core/clock.ts'
import { CLOCK_TOLERANCE_SECONDS, type ProviderConnection } from './discovery.ts'

/**
 * Signatures by a key pair only. With `none` anybody could write a token, and with an HMAC anybody who knows the public
 * key could, if it were taken for the secret (RFC 8725 §2.1 and §3.1).
 */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'Ed25519', 'EdDSA']

export interface TokenExpectations {
  readonly audience: string
  /** The `typ` of the header (RFC 8725 §3.11): keeps one kind of token from being taken for another. */
  readonly typ?: string
  readonly requiredClaims: readonly string[]
  /** True where the token need not say whom it is about. */
  readonly isWithoutPerson?: boolean
}

/** Resolves to the claims. Rejects with what jose says; the caller decides what that means. */
export async function verifySignedToken(
  token: string,
  expected: TokenExpectations,
  { connection, clock }: { readonly connection: ProviderConnection; readonly clock: Clock },
): Promise<JWTPayload> {
  const options: JWTVerifyOptions = {
    algorithms: ALGORITHMS,
    issuer: connection.issuer,
    audience: expected.audience,
    requiredClaims: [...(expected.isWithoutPerson === true ? [] : ['sub']), 'exp', 'iat', ...expected.requiredClaims],
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    currentDate: clock.now(),
  }
  if (expected.typ !== undefined) options.typ = expected.typ
  const { payload } = await jwtVerify(token, connection.keys, options)
  return payload
}
