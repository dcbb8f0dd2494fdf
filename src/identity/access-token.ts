/**
 * A program's bearer token (RFC 6750) → Principal: a JWT access token in the profile of RFC 9068, checked without
 * asking the provider about each one. An ID token, a token for somebody else and a token without a person are refused.
 */
import { BastionError } from '../core/errors.ts'
import type { Principal } from '../core/principal.ts'
import { principalFromClaims } from './claims.ts'
import type { SignInParts } from './provider.ts'
import { verifySignedToken } from './signed-token.ts'
import { isOutage, translate, withoutSecrets } from './translate.ts'

const MAX_TOKEN_LENGTH = 64 * 1024

export async function verifyBearerToken(
  token: string,
  { settings, discovery, clock }: SignInParts,
): Promise<Principal> {
  if (token.length > MAX_TOKEN_LENGTH) throw refusal(new Error('token too long'))
  const connection = await discovery.connect()
  const claims = await verifySignedToken(
    token,
    { audience: settings.audience, typ: 'at+jwt', requiredClaims: ['client_id'] },
    { connection, clock },
  ).catch((error: unknown) => {
    throw isOutage(error) ? translate(error) : refusal(withoutSecrets(error))
  })
  // RFC 9068 §2.2: where a client acts for itself, `sub` names the client. Approvals and sessions need a person.
  if (claims.sub === claims.client_id) throw refusal(new Error('the token names a client, not a person'))
  return principalFromClaims(claims, settings)
}

/** One sentence for every reason: whoever tries tokens learns nothing from the difference. */
function refusal(cause: unknown): BastionError {
  return new BastionError(
    'unauthenticated',
    'The bearer token is not valid here: it must be an unexpired access token of the identity provider, issued to a person for this bastion.',
    cause,
  )
}
