/** A fresh world and app for each test of a file, and an end to both. */
import { afterEach, beforeEach } from 'vitest'
import { type WebApp, webApp } from '../../src/web/app.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { browser, type Client, program, signIn } from './client.ts'
import { newWorld, type PersonName, type World } from './world.ts'

export interface Setup {
  readonly world: World
  readonly app: WebApp
  readonly clock: ManualClock
  as(who: PersonName): Promise<Client>
  program(token: string): Client
  stranger(): Client
}

export function setUp(publicUrl?: string): Setup {
  let world: World
  let app: WebApp
  let clock: ManualClock
  beforeEach(async () => {
    clock = new ManualClock(new Date('2026-11-24T20:00:00Z'))
    world = await newWorld(clock, publicUrl)
    app = webApp(world.services)
  })
  afterEach(async () => {
    app.close()
    await world.close()
  })
  return {
    get world() {
      return world
    },
    get app() {
      return app
    },
    get clock() {
      return clock
    },
    as: (who) => signIn(app, world, who),
    program: (token) => program(app, world, token),
    stranger: () => browser(app, world),
  }
}
