/**
 * What the tests of pages in a real Chromium stand on: a listening server over a new world for each test, and pages
 * that tell of whatever they complain about. Registers its own hooks.
 */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { systemClock } from '../../src/core/clock.ts'
import { type RunningWeb, startWeb } from '../../src/web/server.ts'
import { newWorld, type PersonName, type World } from '../web/world.ts'
import { DESK, startChromium } from './parts.ts'

export interface PagesUnderTest {
  readonly browser: Browser
  readonly world: World
  readonly address: string
  /** Anything a page complains about: a refused script or style, a failed request, an exception, another host. */
  readonly complaints: string[]
  /** A window of this person's own, signed in and live. */
  open(who: PersonName, path: string, look?: BrowserContextOptions): Promise<Page>
  stop(): Promise<void>
  /** At the same address as before. */
  start(): Promise<void>
}

export function pagesUnderTest(): PagesUnderTest {
  let browser: Browser
  let world: World
  let web: RunningWeb
  let address: string
  let complaints: string[]

  beforeAll(async () => {
    browser = await startChromium()
  })
  afterAll(() => browser.close())

  beforeEach(async () => {
    complaints = []
    world = await newWorld(systemClock)
    web = await startWeb(world.services, { host: '127.0.0.1', port: 0 })
    // The port is known only now, and everything that compares origins asks for it anew.
    world.services.publicUrl.port = String(web.port)
    address = world.services.publicUrl.origin
  })
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close()
    await web.close()
    await world.close()
  })

  return {
    get browser() {
      return browser
    },
    get world() {
      return world
    },
    get address() {
      return address
    },
    get complaints() {
      return complaints
    },
    stop: () => web.close(),
    async start() {
      web = await startWeb(world.services, { host: '127.0.0.1', port: Number(world.services.publicUrl.port) })
    },
    async open(who, path, look = DESK) {
      const page = await (await browser.newContext(look)).newPage()
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
      })
      page.on('pageerror', (error) => complaints.push(String(error)))
      page.on('request', (request) => {
        if (!request.url().startsWith(address)) complaints.push(`asks another host: ${request.url()}`)
      })
      world.provider.who = who
      await page.goto(`${address}/auth/start?return=${encodeURIComponent(path)}`)
      await page.waitForSelector('.live-live')
      return page
    },
  }
}
