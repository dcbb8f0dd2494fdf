/** Two real providers at once, the web's own routes between them and a browser: who is who, and whose groups are whose. */
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Config, parseConfig } from '../../src/config.ts'
import type { DemoIdentityProvider } from '../../src/demo/identity-provider.ts'
import { type SignInServices, signInServices } from '../../src/sign-in-services.ts'
import { readVaultKey } from '../../src/vault/key.ts'
import { openSealer } from '../../src/vault/sealer.ts'
import { type WebApp, webApp } from '../../src/web/app.ts'
import type { MeView } from '../../src/web/routes/me.ts'
import { folderOf } from '../cli/sallyport.ts'
import { bearerTokenFor, newBrowser } from '../support/idp-browser.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { browser, type Client, program } from '../web/client.ts'
import { newWorld, type World } from '../web/world.ts'
import { AUDIENCE, startIdp } from './parts.ts'

const SECRET = 'a secret with / and : in it'
const WEB = 'http://127.0.0.1:8080'

let folder: ReturnType<typeof folderOf>
let main: DemoIdentityProvider
let partner: DemoIdentityProvider
let services: SignInServices
let world: World
let clock: ManualClock
let app: WebApp

beforeEach(async () => {
  const clientAt = (path: string) => [{ clientId: 'bastion', clientSecret: SECRET, redirectUris: [`${WEB}${path}`] }]
  main = await startIdp({ clients: clientAt('/auth/callback') })
  partner = await startIdp({ clients: clientAt('/auth/callback/partner') })
  folder = folderOf({ secret: SECRET })
  clock = new ManualClock()
  world = await newWorld(clock)
  services = await signInServices(configured(), {
    ...{ env: {}, clock, log: world.services.log, store: world.store },
    publicUrl: world.services.publicUrl,
    sealer: openSealer(await readVaultKey({ env: randomBytes(32).toString('hex'), file: '' }), clock),
  })
  Object.assign(world.services, { signIn: services.web, bearer: services.bearer })
  app = webApp(world.services)
})
afterEach(async () => {
  app.close()
  services.signIns.close()
  await world.close()
  await Promise.all([main.close(), partner.close()])
  folder.remove()
})

/** As an operator would write it. */
function configured(): Config {
  const file = join(folder.path, 'sallyport.yaml')
  const provider = (issuer: string) =>
    `issuer: "${issuer}", client-id: bastion, client-secret: { file: ${join(folder.path, 'secret')} }, audience: ${AUDIENCE}`
  writeFileSync(file, '')
  const text = `identity: { ${provider(main.issuer)}, more: { partner: { ${provider(partner.issuer)} } } }`
  const result = parseConfig(text, file, {})
  if (result.kind !== 'ok') throw new Error(JSON.stringify(result.problems))
  return result.config
}

/** Follows the way from our page to the provider and back; resolves to where the provider sends the browser. */
async function asked(client: Client, person: string, query = ''): Promise<URL> {
  const start = await client.send(`/auth/start?return=/me${query}`)
  expect(start.status).toBe(302)
  const page = await newBrowser({ stopAt: WEB }).signIn(start.headers.get('location')!, person)
  return new URL(page.url)
}

async function signIn(client: Client, person: string, query: string): Promise<MeView> {
  const { pathname, search } = await asked(client, person, query)
  expect((await client.send(`${pathname}${search}`)).status).toBe(303)
  return (await client.json<MeView>('/api/v1/me')).body
}

describe('two providers', () => {
  it('are offered by name, and the same sub at both is two people, with groups that cannot be mixed up', async () => {
    const client = browser(app, world)
    const choice = await client.send('/auth/start?return=/me')
    const page = await choice.text()
    expect([choice.status, choice.headers.get('location')]).toEqual([200, null])
    expect([...page.matchAll(/href="([^"]*)"/g)].map(([, href]) => href?.replaceAll('&amp;', '&'))).toEqual([
      '/auth/start?return=%2Fme&provider=main',
      '/auth/start?return=%2Fme&provider=partner',
    ])
    const [here, there] = [browser(app, world), browser(app, world)]
    const [mine, theirs] = [
      await signIn(here, 'bob', '&provider=main'),
      await signIn(there, 'bob', '&provider=partner'),
    ]
    expect([mine.issuer, theirs.issuer]).toEqual([main.issuer, partner.issuer])
    expect(mine.id).not.toBe(theirs.id)
    // bob is in the group sre at both; the policy’s sre is the first one’s.
    expect([mine.roles, theirs.roles]).toEqual([['reviewer'], []])
    world.roles.set('partner:sre', ['reviewer'])
    expect((await there.json<MeView>('/api/v1/me')).body.roles).toEqual(['reviewer'])
  })

  it('each get their people back alone: an answer of one is not finished at the other’s address', async () => {
    const client = browser(app, world)
    const { search } = await asked(client, 'bob', '&provider=partner')
    const mixed = await client.send(`/auth/callback${search}`)
    expect([mixed.status, await mixed.text()]).toEqual([401, expect.stringContaining('another provider')])
    expect((await client.send('/api/v1/me')).status).toBe(401)
  })

  it('ask again who did sign in there: a fresh sign-in goes to one’s own', async () => {
    const client = browser(app, world)
    await signIn(client, 'bob', '&provider=partner')
    const start = await client.send('/auth/start?fresh=1&return=/me')
    expect(start.headers.get('location')).toContain(partner.issuer)
  })

  it('are asked about their own people, and a token holds by the keys of its own issuer', async () => {
    const token = await bearerTokenFor(partner.issuer, 'bob')
    const { body } = await program(app, world, token).json<MeView>('/api/v1/me')
    expect([body.issuer, body.roles]).toEqual([partner.issuer, []])
    const [header, , signature] = token.split('.')
    const claims = JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString())
    const moved = Buffer.from(JSON.stringify({ ...claims, iss: main.issuer })).toString('base64url')
    expect((await program(app, world, `${header}.${moved}.${signature}`).send('/api/v1/me')).status).toBe(401)
    const stranger = Buffer.from(JSON.stringify({ ...claims, iss: 'https://evil.example' })).toString('base64url')
    expect((await program(app, world, `${header}.${stranger}.${signature}`).send('/api/v1/me')).status).toBe(401)
  })

  it('start the device flow at the one that is chosen, and keep asking there', async () => {
    const end = new AbortController()
    const grant = await services.ssh.startDevice(end.signal, 'partner')
    expect(grant.verificationUrl).toContain(partner.issuer)
    await newBrowser().confirmDevice(grant.verificationUrl, 'alice')
    await clock.step()
    const principal = await grant.principal
    expect([principal.issuer, principal.groups]).toEqual([partner.issuer, ['partner:engineering']])
    const signIn = await grant.begin()
    clock.advance(10 * 60_000)
    expect((await services.signIns.admit(signIn)).groups).toEqual(['partner:engineering'])
    await expect(services.ssh.startDevice(end.signal, 'nobody')).rejects.toMatchObject({ code: 'invalid' })
  })
})
