/**
 * Signing in with a browser: authorization code with PKCE (RFC 7636, S256), state and nonce. What must be known again
 * when the browser comes back is plain JSON that the caller keeps on its side, bound to that browser; it is never put
 * into a cookie or a URL, and the caller forgets it after the first use.
 */
import * as oidc from 'openid-client'
import { BastionError } from '../core/errors.ts'
import type { SignedIn } from '../core/principal.ts'
import { isTrustworthyUrl } from './config.ts'
import type { SignInParts } from './provider.ts'
import { signedIn } from './signed-in.ts'
import { verifySignedToken } from './signed-token.ts'
import { translate } from './translate.ts'

export interface WebSignInSecret {
  readonly codeVerifier: string
  readonly nonce: string
  readonly state: string
}

export interface WebSignIn {
  /** Where to send the browser. */
  readonly location: URL
  /** Comes back in the callback's query: find `secret` by it, in what was kept for this very browser. */
  readonly state: string
  readonly secret: WebSignInSecret
}

/** Where somebody has to prove anew who they are. */
export interface FreshSignIn {
  /** Any of these authentication contexts will do; none named: every one. */
  readonly acr: readonly string[]
}

export async function beginWebSignIn(
  { settings, discovery }: Pick<SignInParts, 'settings' | 'discovery'>,
  fresh?: FreshSignIn,
): Promise<WebSignIn> {
  const { client } = await discovery.connect()
  const secret = {
    codeVerifier: oidc.randomPKCECodeVerifier(),
    nonce: oidc.randomNonce(),
    state: oidc.randomState(),
  }
  const parameters = {
    redirect_uri: settings.redirectUri.href,
    scope: settings.scopes,
    code_challenge: await oidc.calculatePKCECodeChallenge(secret.codeVerifier),
    code_challenge_method: 'S256',
    nonce: secret.nonce,
    state: secret.state,
    // OpenID Connect Core §3.1.2.1: both, because providers heed one or the other; `max_age` also brings `auth_time` back.
    ...(fresh !== undefined && { prompt: 'login', max_age: '0' }),
    ...(fresh !== undefined && fresh.acr.length > 0 && { acr_values: fresh.acr.join(' ') }),
  }
  const location = authorizationUrl(client, parameters)
  if (!isTrustworthyUrl(location, settings.allowInsecureLoopback)) {
    throw new BastionError(
      'untrusted',
      'The identity provider names a sign-in page without TLS; the bastion sends nobody there.',
    )
  }
  return { location, state: secret.state, secret }
}

/** `callbackUrl`: only its query is read, so that a proxy in front of our web may have changed the rest. */
export async function finishWebSignIn(
  callbackUrl: URL,
  secret: WebSignInSecret,
  parts: SignInParts,
): Promise<SignedIn> {
  const { settings, discovery, clock } = parts
  const states = callbackUrl.searchParams.getAll('state')
  if (states.length !== 1 || states[0] !== secret.state) {
    throw new BastionError(
      'unauthenticated',
      'This answer belongs to another sign-in than the one begun here. Start again.',
    )
  }
  const connection = await discovery.connect()
  const callback = new URL(settings.redirectUri)
  callback.search = callbackUrl.search
  try {
    const tokens = await oidc.authorizationCodeGrant(connection.client, callback, {
      pkceCodeVerifier: secret.codeVerifier,
      expectedState: secret.state,
      expectedNonce: secret.nonce,
      idTokenExpected: true,
    })
    const claims = await verifySignedToken(
      tokens.id_token ?? '',
      { audience: settings.clientId, requiredClaims: ['nonce'] },
      { connection, clock },
    )
    return signedIn(claims, tokens.refresh_token, settings)
  } catch (error) {
    throw translate(error)
  }
}

function authorizationUrl(client: oidc.Configuration, parameters: Record<string, string>): URL {
  try {
    return oidc.buildAuthorizationUrl(client, parameters)
  } catch (error) {
    throw translate(error)
  }
}
