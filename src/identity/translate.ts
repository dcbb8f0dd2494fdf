/**
 * The border for foreign errors: what openid-client, jose and fetch throw becomes a BastionError here and nowhere else.
 * No text of the provider's reaches a person; it may carry anything. It stays in `cause`, for the operator.
 */
import { errors as jose } from 'jose'
import * as oidc from 'openid-client'
import { BastionError, type ErrorCode } from '../core/errors.ts'

const UNREACHABLE = 'The identity provider does not answer, so nobody can be signed in. Try again in a moment.'
const REFUSES_US =
  'The identity provider does not accept this bastion as its client. The operator must correct the client id or secret.'
const BAD_PROOF =
  'The identity provider could not prove who signed in, so nobody is. Try again; if it stays, tell the operator.'
const NOT_OFFERED = 'The identity provider does not offer this way to sign in. Tell the operator.'
const REFUSED = 'The identity provider refused the request of this bastion. Tell the operator.'
const OUR_BUG = 'Something broke inside the bastion while signing in; the operator will find the cause in its log.'
const DENIED = 'The sign-in was denied at the identity provider.'
const SPENT = 'This sign-in has expired or was used before. Start again.'

/** Error codes of RFC 6749 §4.1.2.1 and §5.2, RFC 8628 §3.5 and OpenID Connect Core §3.1.2.6. */
const BY_OAUTH_CODE: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  access_denied: ['forbidden', DENIED],
  expired_token: ['unauthenticated', SPENT],
  invalid_grant: ['unauthenticated', SPENT],
  login_required: ['unauthenticated', 'The identity provider asks to sign in there first. Start again.'],
  interaction_required: ['unauthenticated', 'The identity provider asks to sign in there first. Start again.'],
  consent_required: ['forbidden', DENIED],
  invalid_client: ['unavailable', REFUSES_US],
  unauthorized_client: ['unavailable', REFUSES_US],
  server_error: ['unavailable', UNREACHABLE],
  temporarily_unavailable: ['unavailable', UNREACHABLE],
}

/** What openid-client says about an answer that is no OAuth answer at all: a proxy's page, half a document. */
const BROKEN_ANSWER = new Set(['OAUTH_RESPONSE_IS_NOT_CONFORM', 'OAUTH_RESPONSE_IS_NOT_JSON', 'OAUTH_PARSE_ERROR'])
/** What it says about an answer that is one, and does not hold. */
const BAD_ANSWER =
  /^OAUTH_(INVALID_RESPONSE|JWT_|JSON_ATTRIBUTE|KEY_SELECTION|UNSUPPORTED|HTTP_REQUEST_FORBIDDEN|REQUEST_PROTOCOL)/
const BAD_METADATA = /^OAUTH_(MISSING|INVALID)_SERVER_METADATA/

/** Returns what a person is told about `error`, and a `cause` fit for a log. */
export function translate(error: unknown): BastionError {
  const ours = bastionErrorWithin(error)
  if (ours !== undefined) return ours
  const [code, message] = classify(error)
  return new BastionError(code, message, withoutSecrets(error))
}

function classify(error: unknown): readonly [ErrorCode, string] {
  if (isOutage(error)) return ['unavailable', UNREACHABLE]
  if (error instanceof oidc.ResponseBodyError || error instanceof oidc.AuthorizationResponseError) {
    const known = Object.hasOwn(BY_OAUTH_CODE, error.error) ? BY_OAUTH_CODE[error.error] : undefined
    return known ?? ['unavailable', REFUSED]
  }
  if (error instanceof oidc.WWWAuthenticateChallengeError) return ['unavailable', REFUSES_US]
  if (error instanceof jose.JOSEError || BAD_ANSWER.test(errorCode(error))) return ['untrusted', BAD_PROOF]
  if (BAD_METADATA.test(errorCode(error))) return ['unavailable', NOT_OFFERED]
  return ['internal', OUR_BUG]
}

/**
 * The libraries hang whole answers on their errors: tokens, codes, claims. Of those a log gets the name, the message and
 * the codes, and nothing else.
 */
export function withoutSecrets(error: unknown, depth = 0): Error {
  if (!(error instanceof Error)) return new Error('not an Error')
  const said = error instanceof oidc.ResponseBodyError || error instanceof oidc.AuthorizationResponseError
  const details = [errorCode(error), said ? error.error : '', said ? (error.error_description ?? '') : '']
  const text = [`${error.name}: ${error.message}`, ...details.filter((detail) => detail !== '')]
    .join('; ')
    .slice(0, 500)
  const cause = error.cause instanceof Error && depth < 5 ? withoutSecrets(error.cause, depth + 1) : undefined
  return new Error(text, cause === undefined ? undefined : { cause })
}

/** Reports whether the provider was not there to answer, so that the same request may be repeated later. */
export function isOutage(error: unknown): boolean {
  if (bastionErrorWithin(error) !== undefined) return false
  if (error instanceof oidc.ResponseBodyError) {
    return error.status >= 500 || error.error === 'temporarily_unavailable' || error.error === 'server_error'
  }
  if (error instanceof oidc.ClientError) {
    const code = errorCode(error)
    return BROKEN_ANSWER.has(code) || code === 'OAUTH_TIMEOUT' || code === 'OAUTH_ABORT' || isOutage(error.cause)
  }
  // jose's bare JOSEError: the key set was answered with another status than 200, or with something else than JSON.
  if (error instanceof jose.JWKSTimeout || error instanceof jose.JWKSInvalid) return true
  if (error instanceof jose.JOSEError) return error.code === jose.JOSEError.code
  if (error instanceof DOMException) return error.name === 'TimeoutError' || error.name === 'AbortError'
  // fetch rejects with a TypeError that has a cause; a library's complaint about arguments has a code instead.
  return error instanceof TypeError && !('code' in error)
}

/** openid-client's codes stand on its own errors and on those of the library below it. */
function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}

/** openid-client wraps what it does not know, and our own fetch may be what threw. */
function bastionErrorWithin(error: unknown): BastionError | undefined {
  for (let depth = 0, each = error; depth < 5 && each instanceof Error; depth += 1, each = each.cause) {
    if (each instanceof BastionError) return each
  }
  return undefined
}
