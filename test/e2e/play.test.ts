/** `recordings play` and `sessions watch` on a real pseudo-terminal, against a bastion's web. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { systemClock } from '../../src/core/clock.ts'
import { type RunningWeb, startWeb } from '../../src/web/server.ts'
import { newScene, type Scene } from '../bundle/parts.ts'
import { MAIN } from '../cli/sallyport.ts'
import { openTerminal, type TestTerminal } from '../support/terminal.ts'
import { PEOPLE } from '../web/world.ts'

let scene: Scene
let web: RunningWeb
let terminal: TestTerminal

beforeAll(async () => {
  scene = await newScene({ lines: 3 })
  web = await startWeb({ ...scene.world.services, clock: systemClock }, { host: '127.0.0.1', port: 0 })
})
afterAll(async () => {
  terminal?.kill()
  await web.close()
  await scene.close()
})

const open = (...words: string[]) =>
  openTerminal(process.execPath, [MAIN, ...words], {
    env: { SALLYPORT_URL: `http://127.0.0.1:${web.port}`, SALLYPORT_TOKEN: 'carol' },
  })

it('plays a recording faster than it was, pauses, goes on, and ends', async () => {
  terminal = open('recordings', 'play', scene.record.id, '--speed', '4', '--idle', '2')
  await terminal.shows('line 0')
  terminal.type(' ')
  terminal.type(' ')
  await terminal.shows('at last')
  expect(await terminal.exited).toBe(0)
})

it('ends at once by q', async () => {
  terminal = open('recordings', 'play', scene.record.id, '--speed', '0.01')
  await terminal.shows('line 0')
  terminal.type('q')
  expect(await terminal.exited).toBe(0)
})

it('shows a live session as it goes on, ends with it, and by q before', async () => {
  const { world } = scene
  const session = await world.openSession(PEOPLE.alice)
  const writer = await world.blobs.create(world.services.recordingName(session.id))
  await writer.append(Buffer.from('{"version":3,"term":{"cols":80,"rows":24}}\n[3600,"o","hello\\r\\n"]\n'))
  terminal = open('sessions', 'watch', session.id)
  await terminal.shows('hello')
  await writer.append(Buffer.from('[0.1,"o","and more\\r\\n"]\n'))
  await terminal.shows('and more')
  const other = open('sessions', 'watch', session.id)
  await other.shows('and more')
  other.type('q')
  expect(await other.exited).toBe(0)
  await world.live.find(session.id)?.end('over')
  await writer.close()
  expect(await terminal.exited).toBe(0)
})
