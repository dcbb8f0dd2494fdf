/**
 * Signing in from a terminal of `ssh`: the device grant, and who confirmed it.
 *
 * INVARIANT: a login resolves only to whom the ID token names that this login's own device code was exchanged for.
 */
import { BastionError } from '../core/errors.ts'
import type { Principal, SignedIn } from '../core/principal.ts'
import { type DeviceGrant, startDeviceGrant, type TokenAnswer } from './device-grant.ts'
import type { ProviderConnection } from './discovery.ts'
import type { SignInParts } from './provider.ts'
import { signedIn } from './signed-in.ts'
import { verifySignedToken } from './signed-token.ts'
import { translate } from './translate.ts'

export interface DeviceLogin
  extends Pick<DeviceGrant, 'userCode' | 'verificationUri' | 'verificationUriComplete' | 'expiresAt'> {
  /** Who confirmed the code; rejects as the grant's tokens do. May be left unobserved. */
  readonly principal: Promise<Principal>
  /** The same, with what is needed to ask about them again. */
  readonly signedIn: Promise<SignedIn>
}

export async function startDeviceLogin(signal: AbortSignal, parts: SignInParts): Promise<DeviceLogin> {
  const { connection, tokens, ...shown } = await startDeviceGrant(signal, parts)
  const granted = tokens.then((answer) => readTokens(answer, connection, parts))
  const principal = granted.then((signed) => signed.principal)
  // The terminal may be gone before the answer is there.
  principal.catch(() => {})
  return { ...shown, principal, signedIn: granted }
}

async function readTokens(
  { id_token: idToken, refresh_token: refreshToken }: TokenAnswer,
  connection: ProviderConnection,
  parts: SignInParts,
): Promise<SignedIn> {
  const { settings, clock } = parts
  if (idToken === undefined) {
    throw new BastionError(
      'untrusted',
      'The identity provider does not say who signed in, so nobody is. Tell the operator.',
    )
  }
  const claims = await verifySignedToken(
    idToken,
    { audience: settings.clientId, requiredClaims: [] },
    { connection, clock },
  ).catch((error: unknown) => {
    throw translate(error)
  })
  return signedIn(claims, refreshToken, settings)
}
