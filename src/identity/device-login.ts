/**
 * Signing in from a terminal: the device grant (RFC 8628). The provider's code and addresses end up in a terminal and
 * as a link on a page, so they are held to a strict shape before anybody sees them.
 *
 * INVARIANT: a login resolves only to whom the ID token names that this login's own device code was exchanged for.
 */
import * as oidc from 'openid-client'
import { BastionError } from '../core/errors.ts'
import type { Principal, SignedIn } from '../core/principal.ts'
import { type IdentitySettings, isTrustworthyUrl } from './config.ts'
import { cancelled, type PollAnswer, pollUntilGranted } from './device-poll.ts'
import type { ProviderConnection } from './discovery.ts'
import type { SignInParts } from './provider.ts'
import { signedIn } from './signed-in.ts'
import { verifySignedToken } from './signed-token.ts'
import { isOutage, translate, withoutSecrets } from './translate.ts'

export interface DeviceLogin {
  /** What a person reads off the terminal: 1 to 32 visible ASCII characters. */
  readonly userCode: string
  readonly verificationUri: string
  /** With the code in it; not every provider has one. */
  readonly verificationUriComplete: string | undefined
  readonly expiresAt: Date
  /**
   * Who confirmed the code. Rejects with `forbidden` when they denied it, `unauthenticated` when it expired or was
   * cancelled, `unavailable` when the provider stayed away. May be left unobserved.
   */
  readonly principal: Promise<Principal>
  /** The same, with what is needed to ask about them again. */
  readonly signedIn: Promise<SignedIn>
}

const DEVICE_CODE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code'
/** RFC 8628 §3.2: five seconds when the provider does not say. */
const DEFAULT_INTERVAL_SECONDS = 5
const MIN_INTERVAL_MS = 50
const MAX_INTERVAL_MS = 60_000
/** A code that lives longer is only longer to guess and to phish with. */
const MAX_LIFETIME_MS = 15 * 60_000

export async function startDeviceLogin(signal: AbortSignal, parts: SignInParts): Promise<DeviceLogin> {
  const { settings, discovery, clock } = parts
  const connection = await discovery.connect()
  if (signal.aborted) throw cancelled()
  const requestedAt = clock.now().getTime()
  const grant = await oidc
    .initiateDeviceAuthorization(connection.client, { scope: settings.scopes })
    .catch((error: unknown) => {
      throw translate(error)
    })
  const expiresAt = new Date(requestedAt + Math.min(grant.expires_in * 1000, MAX_LIFETIME_MS))
  const intervalMs = (grant.interval ?? DEFAULT_INTERVAL_SECONDS) * 1000
  const login = {
    userCode: readUserCode(grant.user_code),
    verificationUri: readLink(grant.verification_uri, settings),
    verificationUriComplete:
      grant.verification_uri_complete === undefined ? undefined : readLink(grant.verification_uri_complete, settings),
    expiresAt,
  }
  const granted = pollUntilGranted(() => askOnce(grant.device_code, connection), {
    clock,
    signal,
    intervalMs: Math.min(Math.max(intervalMs, MIN_INTERVAL_MS), MAX_INTERVAL_MS),
    expiresAt,
  }).then((tokens) => readTokens(tokens, connection, parts))
  const principal = granted.then((signed) => signed.principal)
  // The terminal may be gone before the answer is there.
  principal.catch(() => {})
  return { ...login, principal, signedIn: granted }
}

interface Tokens {
  readonly idToken: string
  readonly refreshToken: string | undefined
}

/** One exchange of the device code. The ID token's claims are checked by openid-client on the way. */
async function askOnce(deviceCode: string, { client }: ProviderConnection): Promise<PollAnswer<Tokens>> {
  try {
    const tokens = await oidc.genericGrantRequest(client, DEVICE_CODE_GRANT, { device_code: deviceCode })
    if (tokens.id_token === undefined) {
      throw new BastionError(
        'untrusted',
        'The identity provider does not say who signed in, so nobody is. Tell the operator.',
      )
    }
    return { kind: 'granted', value: { idToken: tokens.id_token, refreshToken: tokens.refresh_token } }
  } catch (error) {
    if (error instanceof oidc.ResponseBodyError && error.error === 'authorization_pending') return { kind: 'pending' }
    if (error instanceof oidc.ResponseBodyError && error.error === 'slow_down') return { kind: 'slow-down' }
    if (isOutage(error)) return { kind: 'unreachable', cause: withoutSecrets(error) }
    throw translate(error)
  }
}

async function readTokens(
  { idToken, refreshToken }: Tokens,
  connection: ProviderConnection,
  parts: SignInParts,
): Promise<SignedIn> {
  const { settings, clock } = parts
  const claims = await verifySignedToken(
    idToken,
    { audience: settings.clientId, requiredClaims: [] },
    { connection, clock },
  ).catch((error: unknown) => {
    throw translate(error)
  })
  return signedIn(claims, refreshToken, settings)
}

function readUserCode(text: string): string {
  if (!/^[\x21-\x7e]{1,32}$/.test(text)) {
    throw new BastionError(
      'untrusted',
      'The identity provider sent a code that cannot be shown in a terminal. Tell the operator.',
    )
  }
  return text
}

/** The URL parser's spelling has no controls and no spaces left in it. */
function readLink(text: string, settings: IdentitySettings): string {
  const url = URL.parse(text)
  if (url === null || url.href.length > 2048 || !isTrustworthyUrl(url, settings.allowInsecureLoopback)) {
    throw new BastionError(
      'untrusted',
      'The identity provider names a sign-in page that the bastion does not show to people. Tell the operator.',
    )
  }
  return url.href
}
