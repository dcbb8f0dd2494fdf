/** Glewlwyd, an OpenID provider of Debian's, on loopback: set up over its own administration, as an operator would. */
import { type ChildProcess, spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { DatabaseSync } from 'node:sqlite'

/** Debian's own script makes the tables, and an administrator with this password. */
const TABLES = '/usr/share/dbconfig-common/data/glewlwyd/install/sqlite3'
const ADMIN = { username: 'admin', password: 'password' }
/** Letters and digits alone: Glewlwyd takes a secret as it comes, and RFC 6749 §2.3.1 has everything else encoded. */
export const CLIENT = { id: 'bastion', secret: 'noSecretOfAnybody1' }
const PASSWORD = 'demo-password'

export interface Glewlwyd {
  readonly issuer: string
  addPerson(name: string, groups: readonly string[]): Promise<void>
  /** What its login page does with a browser of this person's; resolves to where the browser is sent back to. */
  signIn(location: URL, name: string): Promise<URL>
  close(): Promise<void>
}

/** One of somebody's browsers: it keeps cookies. */
class Session {
  readonly #api: string
  readonly #cookies = new Map<string, string>()

  constructor(api: string) {
    this.#api = api
  }

  async send(path: string, method = 'GET', body?: unknown): Promise<Response> {
    const response = await fetch(path.startsWith('http') ? path : `${this.#api}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        'content-type': 'application/json',
        cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      },
      body: body === undefined ? null : JSON.stringify(body),
    })
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (name !== undefined && value !== undefined) this.#cookies.set(name, value)
    }
    return response
  }

  async ask(path: string, method?: string, body?: unknown): Promise<unknown> {
    const response = await this.send(path, method, body)
    const text = await response.text()
    if (!response.ok) throw new Error(`${method ?? 'GET'} ${path}: ${response.status} ${text}`)
    return text === '' ? undefined : JSON.parse(text)
  }
}

export async function startGlewlwyd(redirectUri: string): Promise<Glewlwyd> {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-glewlwyd-'))
  const port = await freePort()
  const base = `http://127.0.0.1:${port}`
  const issuer = `${base}/api/oidc`
  const database = new DatabaseSync(join(folder, 'state.db'))
  database.exec(readFileSync(TABLES, 'utf8'))
  database.close()
  writeFileSync(join(folder, 'glewlwyd.conf'), configuration({ port, base, folder }))
  const server = spawn('glewlwyd', [`--config-file=${join(folder, 'glewlwyd.conf')}`], { stdio: 'pipe' })
  await started(server)
  const admin = new Session(`${base}/api`)
  await admin.ask('/auth/', 'POST', ADMIN)
  await setUp(admin, issuer, redirectUri)
  return {
    issuer,
    addPerson: async (name, groups) => {
      const person = { username: name, name, password: PASSWORD, enabled: true, groups }
      await admin.ask('/user/', 'POST', { ...person, scope: ['openid', 'groups', 'g_profile'] })
    },
    async signIn(location, name) {
      const browser = new Session(`${base}/api`)
      await browser.ask('/auth/', 'POST', { username: name, password: PASSWORD })
      await browser.ask(`/auth/grant/${CLIENT.id}`, 'PUT', { scope: 'openid groups' })
      const response = await browser.send(`${location.href}&g_continue`)
      return new URL(response.headers.get('location') ?? '')
    },
    async close() {
      const ended = once(server, 'exit')
      server.kill()
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function setUp(admin: Session, issuer: string, redirectUri: string): Promise<void> {
  const users = (await admin.ask('/mod/user/database')) as { parameters: { 'data-format': Record<string, unknown> } }
  const groups = { multiple: true, read: true, write: true, 'profile-read': true, 'profile-write': false }
  const parameters = { ...users.parameters, 'data-format': { ...users.parameters['data-format'], groups } }
  await admin.ask('/mod/user/database', 'PUT', { ...users, parameters })
  await admin.ask('/mod/user/database/reset/', 'PUT')
  const scope = { name: 'groups', display_name: 'Groups', description: 'Your groups' }
  await admin.ask('/scope/', 'POST', { ...scope, password_required: true, password_max_age: 0, scheme: {} })
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 })
  await admin.ask('/mod/plugin/', 'POST', {
    ...{ module: 'oidc', name: 'oidc', display_name: 'OpenID Connect' },
    parameters: {
      ...{ iss: issuer, 'jwt-type': 'rsa', 'jwt-key-size': '256' },
      key: pair.privateKey.export({ type: 'pkcs1', format: 'pem' }),
      cert: pair.publicKey.export({ type: 'spki', format: 'pem' }),
      ...{ 'access-token-duration': 3600, 'refresh-token-duration': 86_400, 'code-duration': 600 },
      ...{ 'refresh-token-rolling': true, 'allow-non-oidc': false, 'subject-type': 'public' },
      ...{ 'auth-type-code-enabled': true, 'auth-type-refresh-enabled': true, 'auth-type-id-token-enabled': true },
      ...{ 'auth-type-token-enabled': false, 'auth-type-none-enabled': false, 'auth-type-password-enabled': false },
      ...{ 'auth-type-client-enabled': false, 'auth-type-device-enabled': false },
      ...{ 'pkce-allowed': true, 'pkce-required': true, 'pkce-method-plain-allowed': false },
      ...{ 'name-claim': 'no', 'email-claim': 'no', 'address-claim': { type: 'no' } },
      claims: [
        { name: 'groups', 'user-property': 'groups', type: 'string', mandatory: true, 'on-demand': false, scope: [] },
      ],
      ...{ 'request-parameter-allow': false, 'session-management-allowed': false },
      ...{ 'introspection-revocation-allowed': false, 'register-client-allowed': false },
    },
  })
  await admin.ask('/client/', 'POST', {
    ...{ client_id: CLIENT.id, name: 'Sallyport', enabled: true, confidential: true },
    ...{ client_secret: CLIENT.secret, password: CLIENT.secret, redirect_uri: [redirectUri] },
    ...{ authorization_type: ['code', 'refresh_token'], scope: ['openid', 'groups'] },
    token_endpoint_auth_method: ['client_secret_basic', 'client_secret_post'],
  })
}

function configuration({ port, base, folder }: { port: number; base: string; folder: string }): string {
  const modules = '/usr/lib/glewlwyd'
  return `port=${port}
bind_address="127.0.0.1"
external_url="${base}"
login_url="login.html"
api_prefix="api"
log_mode="console"
log_level="INFO"
cookie_secure=0
session_expiration=3600
session_key="GLEWLWYD2_SESSION_ID"
admin_scope="g_admin"
profile_scope="g_profile"
user_module_path="${modules}/user"
client_module_path="${modules}/client"
user_auth_scheme_module_path="${modules}/scheme"
plugin_module_path="${modules}/plugin"
use_secure_connection=false
secure_connection_key_file=""
secure_connection_pem_file=""
secure_connection_ca_file=""
hash_algorithm="SHA512"
database={ type="sqlite3"; path="${join(folder, 'state.db')}"; };
static_files_path="/usr/share/glewlwyd/webapp/"
`
}

async function started(server: ChildProcess): Promise<void> {
  const said: string[] = []
  await new Promise<void>((resolve, reject) => {
    for (const stream of [server.stdout, server.stderr]) {
      if (stream === null) continue
      createInterface({ input: stream }).on('line', (line) => {
        if (said.length < 100) said.push(line)
        if (line.includes('Glewlwyd started')) resolve()
      })
    }
    server.on('error', reject)
    server.on('exit', () => reject(new Error(`glewlwyd did not start:\n${said.join('\n')}`)))
  })
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
