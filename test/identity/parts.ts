/** A running demo identity provider and the bastion's side of it, for one test. */
import {
  type DemoIdentityProvider,
  type DemoIdentityProviderOptions,
  startDemoIdentityProvider,
} from '../../src/demo/identity-provider.ts'
import { connectIdentityProvider, type IdentityConfig, type IdentityProvider } from '../../src/identity/provider.ts'
import { ManualClock } from '../support/manual-clock.ts'

export const CALLBACK = 'http://127.0.0.1:9/auth/callback'
export const AUDIENCE = 'sallyport'
const CLIENT_SECRET = 'a secret with / and : in it'

export interface IdentityParts {
  readonly idp: DemoIdentityProvider
  readonly identity: IdentityProvider
  readonly clock: ManualClock
  readonly config: IdentityConfig
}

export async function startIdentity(options: Partial<DemoIdentityProviderOptions> = {}): Promise<IdentityParts> {
  const idp = await startIdp(options)
  const config = configFor(idp.issuer)
  const clock = new ManualClock()
  return { idp, config, clock, identity: connectIdentityProvider(config, clock) }
}

export function startIdp(options: Partial<DemoIdentityProviderOptions> = {}): Promise<DemoIdentityProvider> {
  return startDemoIdentityProvider({
    port: 0,
    audience: AUDIENCE,
    clients: [{ clientId: 'bastion', clientSecret: CLIENT_SECRET, redirectUris: [CALLBACK] }],
    ...options,
  })
}

export function configFor(issuer: string): IdentityConfig {
  return {
    issuer,
    clientId: 'bastion',
    clientSecret: CLIENT_SECRET,
    redirectUri: CALLBACK,
    audience: AUDIENCE,
    allowInsecureLoopback: true,
  }
}
