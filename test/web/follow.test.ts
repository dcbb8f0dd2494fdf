import { describe, expect, it } from 'vitest'
import { LOOK_EVERY_MS } from '../../src/web/follow.ts'
import { PROGRAM_STREAM_MS } from '../../src/web/watchers.ts'
import { setUp } from './setup.ts'
import { PEOPLE } from './world.ts'

const setup = setUp()
const text = (value: Uint8Array | undefined) => Buffer.from(value ?? []).toString()

async function watched(query = '', token = 'carol') {
  const { world } = setup
  const session = await world.openSession(PEOPLE.alice)
  const writer = await world.blobs.create(world.services.recordingName(session.id))
  await writer.append(Buffer.from('head\n'))
  const response = await setup.program(token).send(`/api/v1/sessions/${session.id}/live${query}`)
  const reader = response.body!.getReader()
  return { session, writer, reader, response, path: `/api/v1/sessions/${session.id}/live` }
}

/** Lets time go on, look by look, until something has come. */
async function look<T>(read: Promise<T>): Promise<T> {
  let isOver = false
  const over = read.finally(() => {
    isOver = true
  })
  while (!isOver) {
    setup.clock.advance(LOOK_EVERY_MS)
    await new Promise((done) => setImmediate(done))
  }
  return over
}

describe('a live session', () => {
  it('is sent as far as it is, then as it grows, to its end', async () => {
    const { session, writer, reader } = await watched()
    expect(text((await reader.read()).value)).toBe('head\n')
    await writer.append(Buffer.from('more\n'))
    const next = reader.read()
    expect(text((await look(next)).value)).toBe('more\n')
    await writer.append(Buffer.from('last\n'))
    await setup.world.live.find(session.id)?.end('over')
    const last = reader.read()
    expect(text((await look(last)).value)).toBe('last\n')
    expect((await reader.read()).done).toBe(true)
    await writer.close()
    const [event] = await setup.world.events('recording.viewed')
    expect(event).toMatchObject({ actorName: 'Carol Cole', detail: { live: true } })
  })

  it('begins where it is asked to, for who comes again', async () => {
    const { reader, writer } = await watched('?from=2')
    expect(text((await reader.read()).value)).toBe('ad\n')
    await reader.cancel()
    await writer.close()
  })

  it('fault 37: ends for a reviewer who loses the role, and for a program whose time is over', async () => {
    const { session, reader, path, writer } = await watched()
    await setup.world.hold(session)
    // Of a browser: its time is not over.
    const bob = (await (await setup.as('bob')).send(path)).body!.getReader()
    await Promise.all([bob.read(), reader.read()])
    const [his, hers] = [bob.read(), reader.read()]
    setup.world.roles.set('sre', [])
    expect((await look(his)).done).toBe(true)
    setup.clock.advance(PROGRAM_STREAM_MS)
    expect((await look(hers)).done).toBe(true)
    await writer.close()
  })

  it('holds nothing for who has left', async () => {
    const { reader, path, writer } = await watched()
    await reader.cancel()
    for (let n = 0; n < 150; n++) {
      const { status, body } = await setup.program('carol').send(path)
      expect(status).toBe(200)
      await body?.cancel()
    }
    await writer.close()
  })
})
