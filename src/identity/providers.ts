/**
 * Several identity providers at once. Each sign-in belongs to the one that it was begun at, and each person to the issuer that
 * vouches for them: the same `sub` at two issuers is two people (OpenID Connect Core §5.7).
 *
 * INVARIANT: what a browser brings back is finished only at the address of the provider where it was begun (RFC 9700 §4.4.2), so
 * none is handed a code of another's.
 */
import { decodeJwt } from 'jose'
import { BastionError } from '../core/errors.ts'
import type { PrincipalId } from '../core/ids.ts'
import type { SignedIn } from '../core/principal.ts'
import type { TokenHolder } from './access-token.ts'
import type { DeviceLogin } from './device-login.ts'
import type { Logout } from './logout-token.ts'
import type { IdentityProvider, WebSignIn, WebSignInSecret } from './provider.ts'
import type { FreshSignIn } from './web-sign-in.ts'

export interface NamedProvider {
  readonly name: string
  readonly issuer: string
  readonly redirectUri: string
  readonly provider: IdentityProvider
}

export interface BegunAt {
  readonly provider: string
  readonly secret: WebSignInSecret
}

export class Providers {
  readonly #all: readonly [NamedProvider, ...NamedProvider[]]

  constructor(all: readonly [NamedProvider, ...NamedProvider[]]) {
    this.#all = all
  }

  get names(): readonly string[] {
    return this.#all.map(({ name }) => name)
  }

  /** The name of who vouches for this issuer's people; undefined where it is none of ours (any more). */
  nameOf(issuer: string): string | undefined {
    return this.#ofIssuer(issuer)?.name
  }

  startDevice(signal: AbortSignal, name?: string): Promise<DeviceLogin> {
    return this.#find(name).provider.startDevice(signal)
  }

  async beginWebSignIn(
    name?: string,
    fresh?: FreshSignIn,
  ): Promise<Omit<WebSignIn, 'secret'> & { readonly secret: BegunAt }> {
    const { name: provider, provider: chosen } = this.#find(name)
    const { secret, ...begun } = await chosen.beginWebSignIn(fresh)
    return { ...begun, secret: { provider, secret } }
  }

  async finishWebSignIn(callback: URL, { provider, secret }: BegunAt): Promise<SignedIn> {
    const begunAt = this.#find(provider)
    if (callback.pathname !== new URL(begunAt.redirectUri).pathname)
      throw new BastionError('unauthenticated', 'This answer is another provider’s than the one asked. Start again.')
    return begunAt.provider.finishWebSignIn(callback, secret)
  }

  /** Rejects with `unauthenticated`, which ends the sign-in, where the person's provider is not configured any more. */
  async refresh(token: string, person: { readonly id: PrincipalId; readonly issuer: string }): Promise<SignedIn> {
    const theirs = this.#ofIssuer(person.issuer)
    if (theirs !== undefined) return theirs.provider.refresh(token, person.id)
    throw new BastionError('unauthenticated', 'Your identity provider is none of this bastion’s any more.')
  }

  verifyLogout(token: string): Promise<Logout> {
    return this.#ofToken(token).provider.verifyLogout(token)
  }

  verifyToken(token: string): Promise<TokenHolder> {
    return this.#ofToken(token).provider.verifyToken(token)
  }

  #find(name: string | undefined): NamedProvider {
    const found = name === undefined ? this.#all[0] : this.#all.find((each) => each.name === name)
    if (found === undefined) throw new BastionError('invalid', 'There is no identity provider of that name.')
    return found
  }

  #ofIssuer(issuer: string): NamedProvider | undefined {
    const normal = URL.parse(issuer)?.href
    return this.#all.find((each) => new URL(each.issuer).href === normal)
  }

  /** By what the token says of itself, which only chooses by whose keys it has to hold. The first one refuses what names none. */
  #ofToken(token: string): NamedProvider {
    try {
      return this.#ofIssuer(decodeJwt(token).iss ?? '') ?? this.#all[0]
    } catch {
      return this.#all[0]
    }
  }
}
