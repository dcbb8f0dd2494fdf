/** `recordings play` and `sessions watch` on a real pseudo-terminal, against a bastion's web. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { systemClock } from '../../src/core/clock.ts'
import { Onlookers } from '../../src/session/onlookers.ts'
import { Screen } from '../../src/terminal/screen.ts'
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

it('shows a live session from the screen as it is, ends with it, and by q before', async () => {
  const screen = new Screen({ cols: 80, rows: 24 })
  const onlookers = new Onlookers(screen)
  const show = async (text: string) => {
    const stored = onlookers.noticeFed(Buffer.from(text))
    await screen.feed(Buffer.from(text))
    stored()
  }
  await show('gone\x1b[2J\x1b[Hhello\r\n')
  const session = await scene.world.openSession(PEOPLE.alice, {
    watch: (watcher) => onlookers.add(watcher, async () => {}),
  })
  terminal = open('sessions', 'watch', session.id)
  await terminal.shows('hello')
  await show('and more\r\n')
  await terminal.shows('and more')
  expect(terminal.text()).not.toContain('gone')
  const other = open('sessions', 'watch', session.id)
  await other.shows('and more')
  other.type('q')
  expect(await other.exited).toBe(0)
  onlookers.end()
  expect(await terminal.exited).toBe(0)
})

it('says where to look when a session is over', async () => {
  terminal = open('sessions', 'watch', scene.record.id)
  expect(await terminal.exited).toBe(1)
  expect(terminal.text()).toContain('recordings play')
})
