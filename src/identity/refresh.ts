/**
 * Asking the provider about somebody again: the refresh grant (RFC 6749 §6), answered with a new ID token (OpenID Connect
 * Core §12.2) whose signature, audience and person are checked as at the sign-in. An answer without an ID token says
 * nothing about the person, and counts as no.
 */
import * as oidc from 'openid-client'
import { BastionError } from '../core/errors.ts'
import type { PrincipalId } from '../core/ids.ts'
import type { SignedIn } from '../core/principal.ts'
import type { SignInParts } from './provider.ts'
import { signedIn } from './signed-in.ts'
import { verifySignedToken } from './signed-token.ts'
import { translate } from './translate.ts'

/** Rejects with `unavailable` while the provider does not answer; every other rejection means that it said no. */
export async function refreshSignIn(
  token: string,
  person: PrincipalId,
  { settings, discovery, clock }: SignInParts,
): Promise<SignedIn> {
  const connection = await discovery.connect()
  try {
    const tokens = await oidc.refreshTokenGrant(connection.client, token)
    if (tokens.id_token === undefined) {
      throw new BastionError('untrusted', 'The identity provider no longer says who this is; sign in again.')
    }
    const claims = await verifySignedToken(
      tokens.id_token,
      { audience: settings.clientId, requiredClaims: [] },
      { connection, clock },
    )
    // RFC 6749 §6: where no new refresh token comes, the old one stays good.
    const again = signedIn(claims, tokens.refresh_token ?? token, settings)
    if (again.principal.id !== person) {
      throw new BastionError('untrusted', 'The identity provider answered about somebody else; sign in again.')
    }
    return again
  } catch (error) {
    throw translate(error)
  }
}
