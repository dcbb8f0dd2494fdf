/**
 * An identity provider for the demo and the tests: the real oidc-provider, with device grant, authorization code + PKCE
 * and JWT access tokens, on a loopback port.
 *
 * It is a demo. People and their one password are in the source, keys are made at start and state is in memory: when it
 * ends, every session and token of it is worthless. It refuses to listen on anything but loopback.
 */
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type ClientRecord, type Context, errors, interactionPolicy, Provider } from 'oidc-provider'
import { BastionError } from '../core/errors.ts'
import { devicePages } from './identity-device.ts'
import { addInteractions, DEMO_ACR } from './identity-interactions.ts'
import { logoutPages } from './identity-logout.ts'
import { memoryAdapter } from './identity-memory.ts'
import { problemPage } from './identity-pages.ts'
import { claimsOf, DEMO_PEOPLE, type DemoPerson } from './identity-people.ts'

export { DEMO_PASSWORD, DEMO_PEOPLE, type DemoPerson } from './identity-people.ts'

/** The public client for programs: device grant, no secret, refresh tokens. */
export const DEMO_CLI_CLIENT_ID = 'sallyport-cli'

/** A program that acts for itself (RFC 6749 §4.4). Its secret is as public as the people's password. */
export const DEMO_AGENT_CLIENT_ID = 'demo-agent'
export const DEMO_AGENT_SECRET = 'demo'

export interface DemoClient {
  readonly clientId: string
  readonly clientName?: string
  /** A public client when absent. */
  readonly clientSecret?: string
  readonly redirectUris: readonly string[]
  /** Told when somebody signs out here. */
  readonly backchannelLogoutUri?: string
}

export interface DemoIdentityProviderOptions {
  /** 0: any free one. */
  readonly port: number
  readonly host?: '127.0.0.1' | '::1'
  readonly clients: readonly DemoClient[]
  /** The `aud` of every access token. */
  readonly audience: string
  readonly people?: readonly DemoPerson[]
  /** Where a browser goes after its person confirmed a device code. */
  readonly deviceReturnUrl?: (userCode: string) => string
  /** How often a device may ask. Fractions are fine. */
  readonly pollIntervalSeconds?: number
  readonly deviceCodeSeconds?: number
}

export interface DemoIdentityProvider {
  readonly issuer: string
  close(): Promise<void>
}

/** RFC 8707 resource that every grant is for, so that access tokens are JWTs with our audience. */
const RESOURCE = 'urn:sallyport:bastion'
const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code'
/** RFC 8628's default of five is slow to watch. */
const DEFAULT_POLL_INTERVAL_SECONDS = 1
const USER_CODE_MASK = '****-****'

export async function startDemoIdentityProvider(options: DemoIdentityProviderOptions): Promise<DemoIdentityProvider> {
  const host = options.host ?? '127.0.0.1'
  if (host !== '127.0.0.1' && host !== '::1') {
    throw new BastionError('invalid', 'The demo identity provider listens on loopback only: its passwords are public.')
  }
  const server = createServer()
  await listen(server, options.port, host)
  const { port } = server.address() as AddressInfo
  const issuer = `http://${host === '::1' ? '[::1]' : host}:${port}`
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  try {
    server.on('request', createProvider(issuer, options).callback())
  } catch (error) {
    await close()
    throw error
  }
  return { issuer, close }
}

function createProvider(issuer: string, options: DemoIdentityProviderOptions): Provider {
  const people = options.people ?? DEMO_PEOPLE
  const provider = new Provider(issuer, configuration(options, people))
  addInteractions(provider, { people, formTargets: originsOf(options.clients) })
  provider.use(async (ctx, next) => {
    await next()
    // RFC 8628 §3.2 has an `interval`; oidc-provider leaves it out.
    if (ctx.path === '/device/auth' && ctx.status === 200) {
      ctx.body = { ...(ctx.body as object), interval: options.pollIntervalSeconds ?? DEFAULT_POLL_INTERVAL_SECONDS }
    }
  })
  return provider
}

function configuration(options: DemoIdentityProviderOptions, people: readonly DemoPerson[]): object {
  const find = (userName: string | undefined) => people.find((person) => person.userName === userName)
  const policy = interactionPolicy.base()
  policy.remove('consent')
  return {
    adapter: memoryAdapter(),
    jwks: { keys: [newSigningKey()] },
    clients: [...options.clients.map(clientMetadata), CLI_CLIENT, AGENT_CLIENT],
    clientDefaults: { id_token_signed_response_alg: 'ES256', grant_types: [], response_types: [] },
    // Cookies know no port (RFC 6265 §8.5): on 127.0.0.1 the bastion's own live in the same jar.
    cookies: {
      keys: [randomBytes(32).toString('base64url')],
      names: { session: 'demo_idp_session', interaction: 'demo_idp_interaction', resume: 'demo_idp_resume' },
    },
    claims: {
      openid: ['sub'],
      profile: ['name', 'preferred_username'],
      email: ['email', 'email_verified'],
      groups: ['groups'],
    },
    scopes: ['openid', 'offline_access'],
    // Claims of the scopes belong in the ID token: the bastion does not call userinfo.
    conformIdTokenClaims: false,
    acrValues: [DEMO_ACR],
    pkce: { required: () => true },
    findAccount: async (_ctx: Context, id: string) => {
      const person = find(id)
      if (person === undefined) return undefined
      return { accountId: id, claims: async () => ({ sub: id, ...claimsOf(person) }) }
    },
    extraTokenClaims: async (_ctx: Context, token: { readonly accountId?: string }) => {
      const person = find(token.accountId)
      return person === undefined ? undefined : claimsOf(person)
    },
    loadExistingGrant: grantEverything,
    // Signing in as somebody else must not undo what was confirmed a moment ago.
    expiresWithSession: async () => false,
    issueRefreshToken: async (_ctx: Context, client: ClientRecord) => client.grantTypeAllowed('refresh_token'),
    interactions: { policy, url: (_ctx: Context, interaction: { uid: string }) => `/interaction/${interaction.uid}` },
    clientBasedCORS: () => false,
    fetch: fetchOwnClients(options.clients),
    renderError: (ctx: Context, out: { readonly error: string; readonly error_description?: string }) => {
      ctx.type = 'html'
      ctx.body = problemPage('That did not work', out.error_description ?? out.error)
    },
    ttl: {
      AccessToken: 60 * 60,
      AuthorizationCode: 60,
      ClientCredentials: 60 * 60,
      DeviceCode: options.deviceCodeSeconds ?? 5 * 60,
      Grant: 12 * 60 * 60,
      IdToken: 60 * 60,
      Interaction: 15 * 60,
      RefreshToken: 12 * 60 * 60,
      Session: 12 * 60 * 60,
    },
    features: {
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: { enabled: true, ...logoutPages() },
      clientCredentials: { enabled: true },
      revocation: {
        enabled: true,
        // RFC 7009 §2.1: only the client it was issued to.
        allowedPolicy: async (_ctx: Context, client: ClientRecord, token: { readonly clientId?: string }) =>
          token.clientId === client.clientId,
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: async () => RESOURCE,
        useGrantedResource: async () => true,
        getResourceServerInfo: async (_ctx: Context, resource: string) => {
          if (resource !== RESOURCE) throw new errors.InvalidTarget()
          const jwt = { sign: { alg: 'ES256' } }
          return { scope: '', audience: options.audience, accessTokenFormat: 'jwt', jwt }
        },
      },
      deviceFlow: {
        enabled: true,
        mask: USER_CODE_MASK,
        ...devicePages(options.deviceReturnUrl),
      },
    },
  }
}

const CLI_CLIENT = {
  client_id: DEMO_CLI_CLIENT_ID,
  client_name: 'the Sallyport command line',
  application_type: 'native',
  token_endpoint_auth_method: 'none',
  grant_types: [DEVICE_GRANT, 'refresh_token'],
  response_types: [],
  redirect_uris: [],
}

const AGENT_CLIENT = {
  client_id: DEMO_AGENT_CLIENT_ID,
  client_secret: DEMO_AGENT_SECRET,
  client_name: 'an agent of Alice’s',
  token_endpoint_auth_method: 'client_secret_basic',
  grant_types: ['client_credentials'],
  response_types: [],
  redirect_uris: [],
}

function clientMetadata(client: DemoClient): object {
  return {
    client_id: client.clientId,
    client_name: client.clientName ?? 'Sallyport',
    ...(client.clientSecret === undefined
      ? { token_endpoint_auth_method: 'none' }
      : { client_secret: client.clientSecret, token_endpoint_auth_method: 'client_secret_basic' }),
    grant_types: ['authorization_code', DEVICE_GRANT, 'refresh_token'],
    response_types: ['code'],
    redirect_uris: client.redirectUris,
    ...(client.backchannelLogoutUri !== undefined && {
      backchannel_logout_uri: client.backchannelLogoutUri,
      backchannel_logout_session_required: true,
    }),
  }
}

function newSigningKey(): object {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return { ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'ES256' }
}

/** Every client is our own, so nobody is asked what it may learn. */
async function grantEverything({ oidc }: Context) {
  if (oidc.account === undefined) return undefined
  const grant = new oidc.provider.Grant({ accountId: oidc.account.accountId, clientId: oidc.client.clientId })
  grant.addOIDCScope([...oidc.requestParamOIDCScopes].join(' '))
  for (const resource of Object.keys(oidc.resourceServers)) grant.addResourceScope(resource, '')
  await grant.save()
  return grant
}

/** oidc-provider's own request refuses loopback addresses; the demo's clients are there, and nothing else is asked. */
function fetchOwnClients(clients: readonly DemoClient[]) {
  const known = new Set(clients.map((client) => client.backchannelLogoutUri))
  return (url: string, { dispatcher: _, ...request }: RequestInit & { readonly dispatcher?: unknown }) => {
    if (!known.has(url)) throw new Error('the demo provider asks nobody but its own clients')
    return fetch(url, request)
  }
}

function originsOf(clients: readonly DemoClient[]): readonly string[] {
  return [...new Set(clients.flatMap((client) => client.redirectUris).map((uri) => new URL(uri).origin))]
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}
