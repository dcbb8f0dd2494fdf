/**
 * A token for a person's own program (`sallyport login`): the device grant of a public client, refreshed while the
 * provider allows it, and given back in the end (RFC 7009).
 *
 * The token is not for us: only its audience is looked at, so that a bastion cannot have itself given another's token. Its
 * signature is the bastion's to check.
 */
import { decodeJwt } from 'jose'
import * as oidc from 'openid-client'
import type { Clock } from '../core/clock.ts'
import { BastionError } from '../core/errors.ts'
import { readIdentityConfig } from './config.ts'
import { type DeviceGrant, startDeviceGrant, type TokenAnswer } from './device-grant.ts'
import { Discovery } from './discovery.ts'
import type { SignInParts } from './provider.ts'
import { translate } from './translate.ts'

/** What the bastion says of where its people get tokens. */
export interface ProgramClient {
  readonly issuer: string
  readonly clientId: string
  readonly scopes: string
  /** The `aud` that the bastion takes. */
  readonly audience: string
}

export interface ProgramTokens {
  readonly accessToken: string
  readonly expiresAt: Date
  readonly refreshToken: string | undefined
}

export interface ProgramLogin extends Pick<DeviceGrant, 'userCode' | 'verificationUri' | 'verificationUriComplete'> {
  readonly tokens: Promise<ProgramTokens>
}

/** RFC 6749 §5.1: where the provider does not say, and neither does the token. */
const DEFAULT_LIFETIME_MS = 5 * 60_000
const MAX_TOKEN_LENGTH = 64 * 1024

/** `allowInsecureLoopback` only where the bastion itself was called by a loopback address. */
export function programSignIn(client: ProgramClient, clock: Clock, allowInsecureLoopback: boolean) {
  const settings = readIdentityConfig({ ...client, redirectUri: client.issuer, allowInsecureLoopback })
  const parts: SignInParts = { settings, discovery: new Discovery(settings, clock), clock }
  const read = (answer: TokenAnswer, before?: string) => readTokens(answer, client, clock, before)
  return {
    async start(signal: AbortSignal): Promise<ProgramLogin> {
      const { connection: _, tokens, ...shown } = await startDeviceGrant(signal, parts)
      return { ...shown, tokens: tokens.then((answer) => read(answer)) }
    },

    /** Rejects with `unavailable` while the provider does not answer; every other rejection means that it said no. */
    async refresh(refreshToken: string): Promise<ProgramTokens> {
      const { client: configured } = await parts.discovery.connect()
      const answer = await oidc.refreshTokenGrant(configured, refreshToken).catch((error: unknown) => {
        throw translate(error)
      })
      // RFC 6749 §6: where no new refresh token comes, the old one stays good.
      return read(answer, refreshToken)
    },

    /** Resolves to false where the provider takes nothing back. */
    async revoke(token: string): Promise<boolean> {
      const { client: configured } = await parts.discovery.connect()
      if (configured.serverMetadata().revocation_endpoint === undefined) return false
      await oidc.tokenRevocation(configured, token).catch((error: unknown) => {
        throw translate(error)
      })
      return true
    },
  }
}

function readTokens(
  answer: TokenAnswer,
  { audience }: ProgramClient,
  clock: Clock,
  refreshBefore: string | undefined,
): ProgramTokens {
  const { access_token: accessToken, refresh_token: refreshToken = refreshBefore } = answer
  for (const token of [accessToken, refreshToken ?? 'none']) {
    if (token.length > MAX_TOKEN_LENGTH || !/^[\x21-\x7e]+$/.test(token))
      throw unusable('sent a token of a strange form')
  }
  const { aud, exp } = claimsOf(accessToken)
  if (![aud].flat().includes(audience)) throw unusable(`sent a token that is not for the audience “${audience}”`)
  const lifetimeMs = (answer.expiresIn() ?? 0) * 1000 || DEFAULT_LIFETIME_MS
  const expiresAt = new Date(exp === undefined ? clock.now().getTime() + lifetimeMs : exp * 1000)
  return { accessToken, expiresAt, refreshToken }
}

function claimsOf(token: string) {
  try {
    return decodeJwt(token)
  } catch (error) {
    throw unusable('sent an access token that is no JWT', error)
  }
}

function unusable(what: string, cause?: unknown): BastionError {
  return new BastionError(
    'untrusted',
    `The identity provider ${what}, so it is of no use here. Tell the operator of the bastion: the client of the command line must get tokens for the bastion.`,
    cause,
  )
}
