import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../src/core/clock.ts'
import { webApp } from '../../src/web/app.ts'
import { type RunningWeb, startWeb } from '../../src/web/server.ts'
import { browser, type Client } from './client.ts'
import { setUp } from './setup.ts'
import { newWorld, type World } from './world.ts'

const setup = setUp()
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-pages-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function build(): void {
  mkdirSync(join(folder, 'assets'))
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>app</title>')
  writeFileSync(join(folder, 'assets', 'index-abc.js'), 'export {}')
  writeFileSync(join(folder, 'icon.svg'), '<svg/>')
  writeFileSync(join(folder, 'notes.txt'), 'not a page')
}

function withPages(): Client {
  return browser(webApp(setup.world.services, { pagesFolder: folder }), setup.world)
}

describe('the pages', () => {
  it.each(['/', '/holds/h1', '/sessions', '/sessions/s1', '/me', '/audit', '/quality', '/d', '/d/WDJB-MJHT'])(
    'are the app at %s',
    async (path) => {
      build()
      const response = await withPages().send(path)
      expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-cache'])
      expect(await response.text()).toContain('<title>app</title>')
    },
  )

  it('let what is hashed be kept for ever, compressed where that is welcome', async () => {
    build()
    const script = await withPages().send('/assets/index-abc.js', { headers: { 'accept-encoding': 'br, gzip' } })
    expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    expect(script.headers.get('content-encoding')).toBe('gzip')
    expect((await withPages().send('/icon.svg')).headers.get('cache-control')).toBe('no-cache')
  })

  it.each([
    '/notes.txt',
    '/index.html',
    '/nothing',
    '/assets',
    '/..%2fpackage.json',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/holds/',
    '/holds/a/b',
  ])('are nothing else: %s', async (path) => {
    build()
    const response = await withPages().send(path)
    expect(response.status).toBe(404)
    expect(await response.text()).toContain('There is nothing at this address.')
  })

  it('say what to do when they have not been built, and are there once they have', async () => {
    const client = withPages()
    const response = await client.send('/')
    expect(response.status).toBe(503)
    expect(await response.text()).toContain('npm run build')
    build()
    expect((await client.send('/')).status).toBe(200)
  })

  it('fault 40 and 45: have a policy under which only our own scripts run and nobody frames them', async () => {
    build()
    const policy = async (path: string) =>
      (await withPages().send(path)).headers.get('content-security-policy')!.split('; ')
    const strict = await policy('/')
    for (const directive of [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "connect-src 'self'",
      "frame-ancestors 'none'",
    ]) {
      expect(strict).toContain(directive)
    }
    for (const directive of [
      "base-uri 'none'",
      "form-action 'self'",
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ]) {
      expect(strict).toContain(directive)
    }
    for (const path of ['/holds/h1', '/sessions', '/d/CODE', '/sessions/a/b', '/api/v1/me', '/assets/index-abc.js']) {
      expect(await policy(path)).toEqual(strict)
    }
    const player = await policy('/sessions/s1')
    expect(player.filter((directive) => !strict.includes(directive))).toEqual([
      "script-src 'self' 'wasm-unsafe-eval'",
      'trusted-types sallyport-player',
    ])
    expect(player.join()).not.toMatch(/unsafe-inline|unsafe-eval'(?<!wasm-unsafe-eval')|\*/)
  })

  it('come with headers that keep browsers strict', async () => {
    build()
    const { headers } = await withPages().send('/')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('x-frame-options')).toBe('DENY')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
    expect(headers.get('access-control-allow-origin')).toBeNull()
  })
})

describe('for machines', () => {
  it.each(['', '/api/v1'])('health, readiness and metrics stand at %j', async (base) => {
    const client = setup.stranger()
    expect(await client.json(`${base}/healthz`)).toEqual({ status: 200, body: { status: 'ok' } })
    expect(await client.json(`${base}/readyz`)).toEqual({
      status: 200,
      body: { isReady: true, parts: { store: true, identity: true } },
    })
    const metrics = await client.send(`${base}/metrics`)
    expect(metrics.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    expect(await metrics.text()).toContain('sallyport_sessions 0')
    Object.assign(setup.world.services, { readiness: async () => ({ store: true, identity: false }) })
    expect((await client.send(`${base}/readyz`)).status).toBe(503)
  })

  it('the host keys are published for known_hosts', async () => {
    const response = await setup.stranger().send('/.well-known/ssh-known-hosts')
    expect(response.headers.get('content-type')).toMatch(/^text\/plain/)
    expect(await response.text()).toBe('[127.0.0.1]:2222 ssh-ed25519 AAAAC3Nz\n')
  })

  it('a foreign error is told to the log, and to nobody else', async () => {
    Object.assign(setup.world.services, { metrics: () => Promise.reject(new Error('password=hunter2')) })
    const response = await setup.stranger().send('/metrics')
    expect(response.status).toBe(500)
    expect(await response.text()).not.toContain('hunter2')
    expect(
      JSON.stringify(setup.world.logged, (_, value) => (value instanceof Error ? value.message : value)),
    ).toContain('hunter2')
  })
})

describe('startWeb()', () => {
  let world: World
  let web: RunningWeb

  beforeEach(async () => {
    world = await newWorld(systemClock)
    web = await startWeb(world.services, { host: '127.0.0.1', port: 0 })
    world.services.publicUrl.port = String(web.port)
  })
  afterEach(async () => {
    await web.close()
    await world.close()
  })

  it('takes bodies up to 64 KiB, and none of unknown length', async () => {
    const url = `http://127.0.0.1:${web.port}/api/v1/logins/CODE/deny`
    const headers = { authorization: 'Bearer alice', 'content-type': 'application/json' }
    const post = async (body: string) => (await fetch(url, { method: 'POST', headers, body })).status
    expect(await post(JSON.stringify({ notMe: true, padding: 'x'.repeat(60_000) }))).toBe(404)
    expect(await post(JSON.stringify({ notMe: true, padding: 'x'.repeat(70_000) }))).toBe(413)
    const chunked = new ReadableStream({
      start: (controller) => {
        controller.enqueue(new TextEncoder().encode('{"notMe":true}'))
        controller.close()
      },
    })
    const response = await fetch(url, { method: 'POST', headers, body: chunked, duplex: 'half' } as RequestInit)
    expect(response.status).toBe(411)
  })

  it('closes at once although somebody listens to its events', async () => {
    const headers = { authorization: 'Bearer bob' }
    const response = await fetch(`http://127.0.0.1:${web.port}/api/v1/events`, { headers })
    const reader = response.body!.getReader()
    expect(new TextDecoder().decode((await reader.read()).value)).toContain('event: sync')
    const begun = performance.now()
    await web.close()
    expect(performance.now() - begun).toBeLessThan(1500)
    expect((await reader.read()).done).toBe(true)
    await expect(fetch(`http://127.0.0.1:${web.port}/healthz`)).rejects.toThrow()
  })

  it('says what is wrong with an address it cannot have', async () => {
    await expect(startWeb(world.services, { host: '127.0.0.1', port: web.port })).rejects.toThrow(
      `The web pages cannot be served at 127.0.0.1:${web.port}: something else listens there.`,
    )
  })

  it('serves nothing outside the pages, whatever the raw path says', async () => {
    const raw = (path: string) =>
      new Promise<number>((resolve, reject) => {
        request({ host: '127.0.0.1', port: web.port, path }, (answer) => {
          answer.resume()
          resolve(answer.statusCode!)
        })
          .on('error', reject)
          .end()
      })
    for (const path of [
      '/../../package.json',
      '/assets/../../../package.json',
      '/..\\..\\package.json',
      '//evil.test/',
      '/%00',
    ]) {
      expect([400, 404]).toContain(await raw(path))
    }
  })
})
