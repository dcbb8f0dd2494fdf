/**
 * Who somebody is, as the configured OpenID provider says: three ways to ask (a terminal, a browser, a program's token),
 * one Principal as the answer. What the person may do is no business of this folder.
 *
 * Nothing here is an identity store: there is no local user, no fall-back, no cached "yes". While the provider does not
 * answer, the answer is no.
 */
import type { Clock } from '../core/clock.ts'
import type { PrincipalId } from '../core/ids.ts'
import type { Principal, SignedIn } from '../core/principal.ts'
import { type TokenHolder, verifyBearerToken } from './access-token.ts'
import { type IdentityConfig, type IdentitySettings, readIdentityConfig } from './config.ts'
import { type DeviceLogin, startDeviceLogin } from './device-login.ts'
import { Discovery } from './discovery.ts'
import { type Logout, SeenTokens, verifyLogoutToken } from './logout-token.ts'
import { refreshSignIn } from './refresh.ts'
import {
  beginWebSignIn,
  type FreshSignIn,
  finishWebSignIn,
  type WebSignIn,
  type WebSignInSecret,
} from './web-sign-in.ts'

export type { IdentityConfig } from './config.ts'
export type { DeviceLogin } from './device-login.ts'
export type { WebSignIn, WebSignInSecret } from './web-sign-in.ts'

/** Every method rejects with a BastionError only: `unavailable` while the provider does not answer. */
export interface IdentityProvider {
  /** Asks for a code to show in a terminal. Aborting `signal` ends the waiting at once. */
  startDevice(signal: AbortSignal): Promise<DeviceLogin>
  /** `fresh`: the person has to prove anew who they are, also where the provider knows their browser. */
  beginWebSignIn(fresh?: FreshSignIn): Promise<WebSignIn>
  /** `secret` is what `beginWebSignIn` returned for this browser; it is good for one attempt. */
  finishWebSignIn(callbackUrl: URL, secret: WebSignInSecret): Promise<SignedIn>
  /** Asks about `person` again; see refresh.ts for what a rejection means. */
  refresh(token: string, person: PrincipalId): Promise<SignedIn>
  /** Whom a back-channel logout token signs out; each token is good once. */
  verifyLogout(token: string): Promise<Logout>
  /** `token` as it stood behind `Bearer`. Rejects with `unauthenticated` for everything but a good one. */
  verifyBearer(token: string): Promise<Principal>
  /** The same, with how long the token is good. */
  verifyToken(token: string): Promise<TokenHolder>
}

/** What each way of signing in works with. */
export interface SignInParts {
  readonly settings: IdentitySettings
  readonly discovery: Discovery
  readonly clock: Clock
}

/** Throws `invalid` for a configuration that cannot work; does not need the provider to be up. */
export function connectIdentityProvider(config: IdentityConfig, clock: Clock): IdentityProvider {
  const settings = readIdentityConfig(config)
  const parts: SignInParts = { settings, discovery: new Discovery(settings, clock), clock }
  const seen = new SeenTokens()
  return {
    verifyLogout: (token) => verifyLogoutToken(token, parts, seen),
    startDevice: (signal) => startDeviceLogin(signal, parts),
    beginWebSignIn: (fresh) => beginWebSignIn(parts, fresh),
    finishWebSignIn: (callbackUrl, secret) => finishWebSignIn(callbackUrl, secret, parts),
    refresh: (token, person) => refreshSignIn(token, person, parts),
    verifyBearer: async (token) => (await verifyBearerToken(token, parts)).principal,
    verifyToken: (token) => verifyBearerToken(token, parts),
  }
}
