/**
 * Who is who, for the whole bastion: the configured provider, the sign-ins it vouched for, and what ssh and the web ask
 * of both.
 */
import { readFile } from 'node:fs/promises'
import type { Config } from './config.ts'
import type { Clock } from './core/clock.ts'
import { BastionError } from './core/errors.ts'
import type { Log, Sealer, Store } from './core/ports.ts'
import type { Principal } from './core/principal.ts'
import { connectIdentityProvider } from './identity/provider.ts'
import { type BegunAt, type NamedProvider, Providers } from './identity/providers.ts'
import { SignIns } from './identity/sign-ins.ts'
import type { ProviderConfig } from './identity-config.ts'
import type { SignInServices as SshSignIn } from './ssh/sign-in.ts'
import type { ProgramSignIn, WebSignIn } from './web/services.ts'

export interface SignInServices {
  readonly signIns: SignIns
  readonly ssh: Pick<SshSignIn, 'providers' | 'startDevice' | 'admit' | 'watch' | 'verifyToken'>
  readonly web: WebSignIn
  bearer(token: string): Promise<Principal>
  readonly programs: ProgramSignIn | undefined
}

export interface SignInServicesParts {
  readonly env: NodeJS.ProcessEnv
  readonly clock: Clock
  readonly log: Log
  readonly store: Store
  readonly sealer: Sealer
  readonly publicUrl: URL
}

export async function signInServices(
  config: Pick<Config, 'identity'>,
  parts: SignInServicesParts,
): Promise<SignInServices> {
  const identity = await identityProviders(config, parts)
  const signIns = new SignIns({
    ...parts,
    refresh: (token, person) => identity.refresh(token, person),
    limits: config.identity.recheck,
  })
  return {
    signIns,
    ssh: {
      providers: identity.names,
      async startDevice(signal, provider) {
        const login = await identity.startDevice(signal, provider)
        return {
          ...login,
          verificationUrl: login.verificationUriComplete ?? login.verificationUri,
          begin: async () => (await signIns.begin(await login.signedIn)).id,
        }
      },
      admit: (binding) => signIns.admit(binding.signIn),
      watch: (id) => signIns.watch(id),
      verifyToken: (token) => identity.verifyToken(token),
    },
    web: {
      providers: identity.names,
      providerOf: ({ issuer }) => identity.nameOf(issuer),
      begin: ({ provider, fresh } = {}) => identity.beginWebSignIn(provider, fresh),
      async finish(callback, secret) {
        const signedIn = await identity.finishWebSignIn(callback, secret as BegunAt)
        const { principal, authTime, acr } = signedIn
        return { person: principal, signIn: (await signIns.begin(signedIn)).id, authentication: { authTime, acr } }
      },
      watch: (id) => signIns.watch(id),
      onEnded: (listener) => signIns.subscribe({ ended: listener, changed() {} }),
      async logOut(token) {
        const reason = 'You were signed out at the identity provider.'
        await signIns.endAll(await identity.verifyLogout(token), reason)
      },
      async end(id) {
        const record = await parts.store.signIns.find(id)
        if (record !== undefined) await signIns.end(record, 'signed out')
      },
    },
    bearer: async (token) => (await identity.verifyToken(token)).principal,
    programs: programSignIn(config, parts.publicUrl),
  }
}

function programSignIn({ identity }: Pick<Config, 'identity'>, publicUrl: URL): ProgramSignIn | undefined {
  const { issuer, cliClientId: clientId, scopes } = identity
  return clientId === undefined
    ? undefined
    : { issuer, clientId, scopes, audience: identity.audience ?? publicUrl.origin }
}

async function identityProviders(
  { identity }: Pick<Config, 'identity'>,
  parts: Pick<SignInServicesParts, 'env' | 'clock' | 'publicUrl'>,
): Promise<Providers> {
  const others: NamedProvider[] = []
  for (const config of identity.more ?? [])
    others.push(await namedProvider(config, `/auth/callback/${config.name}`, parts))
  return new Providers([await namedProvider(identity, '/auth/callback', parts), ...others])
}

async function namedProvider(
  { name, clientSecret, audience, ...config }: ProviderConfig,
  callback: string,
  { env, clock, publicUrl }: Pick<SignInServicesParts, 'env' | 'clock' | 'publicUrl'>,
): Promise<NamedProvider> {
  const redirectUri = new URL(callback, publicUrl).href
  const { issuer, clientId, scopes, groupsClaim, groupsCase, groupsPrefix, agents } = config
  const settings = {
    ...{ issuer, clientId, scopes, groupsClaim, groupsCase, groupsPrefix, agents, redirectUri },
    clientSecret: clientSecret === undefined ? undefined : await readSecret(clientSecret, env),
    audience: audience ?? publicUrl.origin,
    allowInsecureLoopback: true,
  }
  return { name, issuer, redirectUri, provider: connectIdentityProvider(settings, clock) }
}

/** Reads a secret by its reference; rejects with `invalid`, naming the reference. */
export async function readSecret(
  reference: { readonly env: string } | { readonly file: string },
  env: NodeJS.ProcessEnv,
  what = 'the client secret',
): Promise<string> {
  if ('env' in reference) {
    const value = env[reference.env]
    if (value === undefined || value === '')
      throw new BastionError('invalid', `The environment variable ${reference.env}, which holds ${what}, is not set.`)
    return value
  }
  return (
    await readFile(reference.file, 'utf8').catch((error) => {
      throw new BastionError('invalid', `The file ${reference.file}, which holds ${what}, cannot be read.`, error)
    })
  ).trim()
}
