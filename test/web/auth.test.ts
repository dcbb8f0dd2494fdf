import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { newSignInId } from '../../src/core/ids.ts'
import type { Principal } from '../../src/core/principal.ts'
import { webApp } from '../../src/web/app.ts'
import { BrowserSessions, IDLE_MS, LIFE_MS } from '../../src/web/browser-sessions.ts'
import { checkedReturnPath } from '../../src/web/return-path.ts'
import { START_LIFE_MS } from '../../src/web/started-sign-ins.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { browser, signInWith } from './client.ts'
import { setUp } from './setup.ts'
import { newWorld, PEOPLE, person } from './world.ts'

const setup = setUp()

const signedIn = (who: Principal) => ({
  person: who,
  signIn: newSignInId(),
  authentication: { authTime: undefined, acr: undefined },
})

describe('signing in', () => {
  it('leads back to the page that was asked for, is an audit event, and sets a guarded cookie', async () => {
    const client = setup.stranger()
    const response = await signInWith(client, setup.world, 'bob', '/holds/h1?x=1')
    expect([response.status, response.headers.get('location')]).toEqual([303, '/holds/h1?x=1'])
    const cookie = response.headers.getSetCookie().find((line) => line.startsWith('sallyport='))!
    expect(cookie).toMatch(/^sallyport=[0-9a-z]{32}; /)
    expect(cookie).toContain('HttpOnly')
    expect(cookie).toContain('SameSite=Lax')
    expect(cookie).toContain('Path=/')
    expect(cookie).not.toContain('Secure')
    expect((await setup.world.events('web.signed-in')).map(({ actorName }) => actorName)).toEqual(['Bob Bell'])
  })

  it('does not happen when its audit event cannot be kept', async () => {
    const { store } = setup.world
    Object.assign(setup.world.services, {
      store: { ...store, audit: { ...store.audit, append: () => Promise.reject(new Error('disk')) } },
    })
    const client = setup.stranger()
    const response = await signInWith(client, setup.world, 'bob')
    expect(response.status).toBe(500)
    expect((await client.send('/api/v1/me')).status).toBe(401)
  })

  it('uses __Host- cookies over https', async () => {
    const world = await newWorld(setup.clock, 'https://bastion.example.test')
    const app = webApp(world.services)
    const response = await signInWith(browser(app, world), world, 'bob')
    const cookie = response.headers.getSetCookie().find((line) => line.startsWith('__Host-sallyport='))!
    expect(cookie).toContain('Secure')
    expect(cookie).not.toContain('Domain')
    expect(response.headers.get('strict-transport-security')).not.toBeNull()
    app.close()
    await world.close()
  })

  it('fault 6: cannot be finished in another browser, twice, or late', async () => {
    const [mine, theirs] = [setup.stranger(), setup.stranger()]
    const start = async () => {
      const location = new URL((await mine.send('/auth/start')).headers.get('location')!)
      return `${location.pathname}${location.search}`
    }
    const callback = await start()
    await theirs.send('/auth/start')
    expect((await theirs.send(callback)).status).toBe(401)
    expect((await mine.send(callback)).status).toBe(303)
    expect((await mine.send(callback)).status).toBe(401)
    const late = await start()
    setup.clock.advance(START_LIFE_MS)
    expect((await mine.send(late)).status).toBe(401)
    expect((await mine.send('/auth/callback?state=state-1&code=alice')).status).toBe(401)
  })

  it('works in two tabs of one browser', async () => {
    const client = setup.stranger()
    const locations = [
      await client.send('/auth/start?return=/me'),
      await client.send('/auth/start?return=/sessions'),
    ].map((response) => new URL(response.headers.get('location')!))
    const [second, first] = [
      await client.send(`${locations[1]!.pathname}${locations[1]!.search}`),
      await client.send(`${locations[0]!.pathname}${locations[0]!.search}`),
    ]
    expect([first.headers.get('location'), second.headers.get('location')]).toEqual(['/me', '/sessions'])
  })

  it('makes a new id each time and ends the session before', async () => {
    const client = await setup.as('alice')
    const before = client.cookies.get('sallyport')!
    await signInWith(client, setup.world, 'alice')
    expect(client.cookies.get('sallyport')).not.toBe(before)
    client.cookies.set('sallyport', before)
    expect((await client.send('/api/v1/me')).status).toBe(401)
  })

  it('fault 40: shows what the provider said, escaped', async () => {
    const client = setup.stranger()
    const start = await client.send('/auth/start')
    const state = new URL(start.headers.get('location')!).searchParams.get('state')
    const attack = '<script>alert(1)</script><form action=//evil>'
    const response = await client.send(`/auth/callback?state=${state}&error_description=${encodeURIComponent(attack)}`)
    const page = await response.text()
    expect(response.status).toBe(403)
    expect(page).toContain('The identity provider refused: &lt;script&gt;')
    expect(page).not.toContain('<script')
    expect(page).not.toContain('<form')
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
  })
})

describe('fault 40: the way back after signing in', () => {
  it.each(['/', '/me', '/d/WDJB-MJHT', '/holds/h1?x=1#y', '/a%20b', '/auth/../me'])('may be %s', (path) => {
    expect(new URL(checkedReturnPath(path), 'http://bastion.test').origin).toBe('http://bastion.test')
    expect(checkedReturnPath(path)).not.toBe(path === '/' ? '' : '/')
  })

  it.each([
    undefined,
    '',
    'me',
    '//evil.test',
    '///evil.test',
    '/\\evil.test',
    '\\\\evil.test',
    '/\t/evil.test',
    '/\n/evil.test',
    '/.//evil.test',
    '/x/..//evil.test',
    '/%2e//evil.test',
    'http://evil.test',
    'javascript:alert(1)',
    ' /me',
    '/me\r\nset-cookie: x=1',
    `/${'a'.repeat(600)}`,
  ])('is / for %j', (path) => {
    expect(checkedReturnPath(path)).toBe('/')
  })

  it('never leaves the bastion, whatever is asked', () => {
    const piece = fc.constantFrom(
      '/',
      '\\',
      '//',
      '.',
      '..',
      ':',
      '@',
      '%2f',
      '%5c',
      '%2e',
      '?',
      '#',
      '\t',
      '\n',
      '\r',
      '\0',
      'evil.test',
      'http:',
      ' ',
      'é',
    )
    const path = fc.oneof(
      fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join('')),
      fc.string(),
      fc.webUrl(),
    )
    fc.assert(
      fc.property(path, (asked) => {
        const location = checkedReturnPath(asked)
        const url = new URL(location, 'http://bastion.test/auth/callback')
        expect(url.origin).toBe('http://bastion.test')
        expect(location).not.toMatch(/^\/[/\\]|[\s\\]/)
      }),
      { numRuns: 2000 },
    )
  })
})

describe('a browser session', () => {
  it('fault 46: is over everywhere at once when it is signed out', async () => {
    const client = await setup.as('alice')
    const kept = client.cookies.get('sallyport')!
    const response = await client.send('/auth/sign-out', { method: 'POST' })
    expect(response.status).toBe(204)
    expect(client.cookies.has('sallyport')).toBe(false)
    client.cookies.set('sallyport', kept)
    expect((await client.send('/api/v1/me')).status).toBe(401)
    expect(await setup.world.events('web.signed-out')).toHaveLength(1)
  })

  it('ends after its life, and after its idle time, but not while it is used', async () => {
    const [used, idle] = [await setup.as('alice'), await setup.as('alice')]
    const status = async (client: typeof used) => (await client.send('/api/v1/me')).status
    for (let passed = IDLE_MS - 1000; passed < LIFE_MS; passed += IDLE_MS - 1000) {
      setup.clock.advance(IDLE_MS - 1000)
      expect(await status(used)).toBe(200)
    }
    expect(await status(idle)).toBe(401)
    setup.clock.advance(3000)
    expect(await status(used)).toBe(401)
  })

  it('is known by its id alone: a made-up or changed one is nobody', async () => {
    const client = await setup.as('carol')
    const id = client.cookies.get('sallyport')!
    for (const forged of ['', 'x', id.toUpperCase(), `${id}x`, id.slice(1), '__proto__', 'constructor']) {
      client.cookies.set('sallyport', forged)
      expect((await client.send('/api/v1/me')).status).toBe(401)
    }
  })

  it('is bounded in number, for one person and for all', () => {
    const sessions = new BrowserSessions(new ManualClock())
    const mine = Array.from({ length: 25 }, () => sessions.open(signedIn(PEOPLE.alice)))
    expect(mine.map(({ id }) => sessions.find(id) !== undefined)).toEqual([
      ...Array(5).fill(false),
      ...Array(20).fill(true),
    ])
    expect(mine.map(({ ended }) => ended.aborted)).toEqual([...Array(5).fill(true), ...Array(20).fill(false)])
    for (let index = 0; index < 10_000; index += 1)
      sessions.open(signedIn(person(`u${index}`, 'Somebody', 'engineering')))
    expect(mine.every(({ id }) => sessions.find(id) === undefined)).toBe(true)
    sessions.closeAll()
  })
})

describe('fault 45: a request that changes something', () => {
  it.each([
    [{ origin: '' }, 403],
    [{ origin: 'null' }, 403],
    [{ origin: 'http://evil.test' }, 403],
    [{ origin: 'http://127.0.0.1:8081' }, 403],
    [{ origin: 'http://127.0.0.1:8080.evil.test' }, 403],
    [{ origin: 'https://127.0.0.1:8080' }, 403],
    [{ 'sec-fetch-site': 'same-site' }, 403],
    [{ 'sec-fetch-site': 'cross-site' }, 403],
    [{ 'sec-fetch-site': 'none' }, 403],
    [{}, 201],
  ])('with %j is answered %i', async (headers, status) => {
    const { hold } = await setup.world.hold(await setup.world.openSession(PEOPLE.alice))
    const bob = await setup.as('bob')
    const body = { decision: 'approve', reason: '' }
    const response = await bob.send(`/api/v1/holds/${hold.id}/decisions`, { method: 'POST', body, headers })
    expect(response.status).toBe(status)
    expect((await setup.world.desk.find(hold.id)).decisions).toHaveLength(status === 201 ? 1 : 0)
  })

  it('is not reachable by a form of another page', async () => {
    const client = await setup.as('alice')
    const headers = { origin: 'http://evil.test', 'content-type': 'application/x-www-form-urlencoded' }
    expect((await client.send('/auth/sign-out', { method: 'POST', headers })).status).toBe(403)
    expect((await client.send('/api/v1/me')).status).toBe(200)
  })

  it('may be read from a typed address, but not by another page', async () => {
    const client = await setup.as('alice')
    const status = async (site: string) =>
      (await client.send('/api/v1/me', { headers: { 'sec-fetch-site': site } })).status
    expect([
      await status('none'),
      await status('same-origin'),
      await status('same-site'),
      await status('cross-site'),
    ]).toEqual([200, 200, 403, 403])
  })
})
