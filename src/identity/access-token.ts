/**
 * A program's bearer token (RFC 6750) → Principal: a JWT access token in the profile of RFC 9068, checked without
 * asking the provider about each one. An ID token, a token for somebody else and a token without a person are refused.
 */
import { BastionError } from '../core/errors.ts'
import { principalId } from '../core/ids.ts'
import type { Principal } from '../core/principal.ts'
import { type Claims, principalFromClaims } from './claims.ts'
import type { IdentitySettings } from './config.ts'
import type { SignInParts } from './provider.ts'
import { verifySignedToken } from './signed-token.ts'
import { isOutage, translate, withoutSecrets } from './translate.ts'

const MAX_TOKEN_LENGTH = 64 * 1024

export interface TokenHolder {
  readonly principal: Principal
  readonly expiresAt: Date
}

export async function verifyBearerToken(
  token: string,
  { settings, discovery, clock }: SignInParts,
): Promise<TokenHolder> {
  if (token.length > MAX_TOKEN_LENGTH) throw refusal(new Error('token too long'))
  const connection = await discovery.connect()
  const claims = await verifySignedToken(
    token,
    { audience: settings.audience, typ: 'at+jwt', requiredClaims: ['client_id'] },
    { connection, clock },
  ).catch((error: unknown) => {
    throw isOutage(error) ? translate(error) : refusal(withoutSecrets(error))
  })
  return { principal: holderOf(claims, settings), expiresAt: new Date(Number(claims.exp) * 1000) }
}

/**
 * RFC 9068 §2.2: where a client acts for itself, `sub` names the client. Only one that somebody answers for is let in.
 * Some providers give it a `sub` of another form; it then has the client's name nowhere, and is taken as a person who is
 * in no group unless the provider says otherwise.
 */
function holderOf(claims: Claims, settings: IdentitySettings): Principal {
  const client = String(claims.client_id)
  const agent = settings.agents.get(client)
  if (claims.sub !== client && agent === undefined) return principalFromClaims(claims, settings)
  if (agent === undefined) throw refusal(new Error('the token names a client that nobody answers for'))
  const principal = principalFromClaims(claims, settings)
  return {
    ...principal,
    name: client.slice(0, 64),
    email: undefined,
    groups: agent.groups ?? principal.groups,
    owner: principalId(principal.issuer, agent.owner),
  }
}

/** One sentence for every reason: whoever tries tokens learns nothing from the difference. */
function refusal(cause: unknown): BastionError {
  return new BastionError(
    'unauthenticated',
    'The bearer token is not valid here: it must be an unexpired access token of the identity provider, issued for this bastion to a person, or to an agent that is configured here.',
    cause,
  )
}
