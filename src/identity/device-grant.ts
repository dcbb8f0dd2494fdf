/**
 * The device authorization grant (RFC 8628), as far as it is the same for a person at `ssh` and for a program that wants a
 * token. The provider's code and addresses end up in a terminal and as a link on a page, so they are held to a strict
 * shape before anybody sees them.
 */
import * as oidc from 'openid-client'
import { BastionError } from '../core/errors.ts'
import { type IdentitySettings, isTrustworthyUrl } from './config.ts'
import { cancelled, type PollAnswer, pollUntilGranted } from './device-poll.ts'
import type { ProviderConnection } from './discovery.ts'
import type { SignInParts } from './provider.ts'
import { isOutage, translate, withoutSecrets } from './translate.ts'

export type TokenAnswer = Awaited<ReturnType<typeof oidc.genericGrantRequest>>

export interface DeviceGrant {
  /** What a person reads off the terminal: 1 to 32 visible ASCII characters. */
  readonly userCode: string
  readonly verificationUri: string
  /** With the code in it; not every provider has one. */
  readonly verificationUriComplete: string | undefined
  readonly expiresAt: Date
  readonly connection: ProviderConnection
  /**
   * What the code was exchanged for; the claims of an ID token in it are checked, its signature is not. Rejects with
   * `forbidden` when the person denied it, `unauthenticated` when it expired or was cancelled, `unavailable` when the
   * provider stayed away.
   */
  readonly tokens: Promise<TokenAnswer>
}

const DEVICE_CODE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code'
/** RFC 8628 §3.2: five seconds when the provider does not say. */
const DEFAULT_INTERVAL_SECONDS = 5
const MIN_INTERVAL_MS = 50
const MAX_INTERVAL_MS = 60_000
/** A code that lives longer is only longer to guess and to phish with. */
const MAX_LIFETIME_MS = 15 * 60_000

export async function startDeviceGrant(
  signal: AbortSignal,
  { settings, discovery, clock }: SignInParts,
): Promise<DeviceGrant> {
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
  const shown = {
    userCode: readUserCode(grant.user_code),
    verificationUri: readLink(grant.verification_uri, settings),
    verificationUriComplete:
      grant.verification_uri_complete === undefined ? undefined : readLink(grant.verification_uri_complete, settings),
  }
  const tokens = pollUntilGranted(() => askOnce(grant.device_code, connection), {
    clock,
    signal,
    intervalMs: Math.min(Math.max(intervalMs, MIN_INTERVAL_MS), MAX_INTERVAL_MS),
    expiresAt,
  })
  return { ...shown, expiresAt, connection, tokens }
}

/** One exchange of the device code. */
async function askOnce(deviceCode: string, { client }: ProviderConnection): Promise<PollAnswer<TokenAnswer>> {
  try {
    return {
      kind: 'granted',
      value: await oidc.genericGrantRequest(client, DEVICE_CODE_GRANT, { device_code: deviceCode }),
    }
  } catch (error) {
    if (error instanceof oidc.ResponseBodyError && error.error === 'authorization_pending') return { kind: 'pending' }
    if (error instanceof oidc.ResponseBodyError && error.error === 'slow_down') return { kind: 'slow-down' }
    if (isOutage(error)) return { kind: 'unreachable', cause: withoutSecrets(error) }
    throw translate(error)
  }
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
