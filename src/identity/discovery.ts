/**
 * Finds the provider's endpoints and keys (OpenID Connect Discovery 1.0), when they are first needed and not before: a
 * provider that is down must not keep the bastion from starting. A failure is reported to whoever waited and then
 * forgotten, so the next call tries again; callers that wait at the same time share one attempt.
 */
import { createRemoteJWKSet, type JWTVerifyGetKey, customFetch as joseFetch } from 'jose'
import * as oidc from 'openid-client'
import type { Clock } from '../core/clock.ts'
import { BastionError } from '../core/errors.ts'
import { boundedFetch, REQUEST_TIMEOUT_MS } from './bounded-fetch.ts'
import { type IdentitySettings, isTrustworthyUrl } from './config.ts'
import { translate } from './translate.ts'

/** Metadata older than this is read again: endpoints and algorithms do change, if rarely. */
const METADATA_LIFETIME_MS = 60 * 60_000

export interface ProviderConnection {
  readonly client: oidc.Configuration
  /** As the metadata spells it: what `iss` must be, to the letter. */
  readonly issuer: string
  /** The provider's signing keys, fetched when needed and again when a token names an unknown one (at most every 30 s). */
  readonly keys: JWTVerifyGetKey
}

export class Discovery {
  readonly #settings: IdentitySettings
  readonly #clock: Clock
  #found: { readonly connection: ProviderConnection; readonly at: number } | undefined
  #attempt: Promise<ProviderConnection> | undefined

  constructor(settings: IdentitySettings, clock: Clock) {
    this.#settings = settings
    this.#clock = clock
  }

  /** Rejects with `unavailable` while the provider does not answer, `untrusted` when it claims to be another. */
  connect(): Promise<ProviderConnection> {
    const now = this.#clock.now().getTime()
    if (this.#found !== undefined && now - this.#found.at < METADATA_LIFETIME_MS) {
      return Promise.resolve(this.#found.connection)
    }
    this.#attempt ??= this.#discover().finally(() => {
      this.#attempt = undefined
    })
    return this.#attempt
  }

  async #discover(): Promise<ProviderConnection> {
    const { issuer, clientId, clientSecret, allowInsecureLoopback } = this.#settings
    const request = boundedFetch(allowInsecureLoopback)
    try {
      const client = await oidc.discovery(
        issuer,
        clientId,
        { [oidc.clockTolerance]: CLOCK_TOLERANCE_SECONDS },
        // OpenID Connect Core §9: what a provider expects when nothing else was registered.
        clientSecret === undefined ? oidc.None() : oidc.ClientSecretBasic(clientSecret),
        {
          timeout: REQUEST_TIMEOUT_MS / 1000,
          [oidc.customFetch]: request,
          execute: issuer.protocol === 'http:' ? [oidc.allowInsecureRequests] : [],
        },
      )
      const metadata = client.serverMetadata()
      // openid-client lets some multi-tenant hosts name another issuer; we would then take the people of any tenant.
      if (URL.parse(metadata.issuer)?.href !== issuer.href) {
        throw new BastionError(
          'untrusted',
          'The identity provider claims to be another than the configured one; nobody can be signed in.',
        )
      }
      const keysAt = URL.parse(metadata.jwks_uri ?? '')
      if (keysAt === null || !isTrustworthyUrl(keysAt, allowInsecureLoopback)) {
        throw new BastionError(
          'untrusted',
          'The identity provider does not say where its keys are; nobody can be signed in.',
        )
      }
      const keys = createRemoteJWKSet(keysAt, { timeoutDuration: REQUEST_TIMEOUT_MS, [joseFetch]: request })
      const connection = { client, issuer: metadata.issuer, keys }
      this.#found = { connection, at: this.#clock.now().getTime() }
      return connection
    } catch (error) {
      throw translate(error)
    }
  }
}

/** How far the provider's clock may be from ours. */
export const CLOCK_TOLERANCE_SECONDS = 10
