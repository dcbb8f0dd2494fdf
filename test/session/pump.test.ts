import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { startRecording } from '../../src/recording/recorder.ts'
import { Pump } from '../../src/session/pump.ts'
import { Screen } from '../../src/terminal/screen.ts'
import { memoryBlobs } from '../recording/blobs.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { door, STORAGE_FULL } from '../support/store.ts'
import { type FakeClient, fakeClient } from './parts.ts'

const HEADER = { cols: 80, rows: 24, term: undefined, timestamp: 0, title: '', command: undefined, tags: [] }

async function pumpOver(beforeAppend: (append: number) => void | Promise<void>, client: FakeClient, screen?: Screen) {
  const blobs = memoryBlobs(beforeAppend)
  const clock = new ManualClock()
  const recorder = await startRecording({ blobs, clock, name: 'x.cast', header: HEADER })
  return { blob: blobs.blob, clock, pump: new Pump({ recorder, client, screen, clock }) }
}

describe('Pump', () => {
  it('shows nothing before it is stored', async () => {
    const stored = door()
    const client = fakeClient()
    const { pump, blob } = await pumpOver((append) => (append === 2 ? stored.opened : undefined), client)
    const shown = pump.show(Buffer.from('secret'), 'stdout')
    await new Promise((done) => setImmediate(done))
    expect(client.shown).toEqual([])
    stored.open()
    await shown
    expect(client.shown.map(({ text }) => text)).toEqual(['secret'])
    expect(blob.bytes.toString()).toContain('secret')
  })

  it('shows at each moment only what is in the recording, in the order of the calls, over both streams', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: 1, maxLength: 30 }), async (streams) => {
        let stored = ''
        const client = fakeClient(() => new Promise((done) => setImmediate(done)))
        const { pump, blob } = await pumpOver(() => new Promise((done) => setImmediate(done)), client)
        const write = client.write
        Object.assign(client, {
          write: async (...args: Parameters<typeof write>) => {
            stored = blob.bytes.toString()
            expect(stored).toContain(Buffer.from(args[0]).toString())
            await write(...args)
          },
        })
        await Promise.all(streams.map((isOut, n) => pump.show(Buffer.from(`<${n}>`), isOut ? 'stdout' : 'stderr')))
        expect(client.shown.map(({ text }) => text)).toEqual(streams.map((_, n) => `<${n}>`))
        expect(client.shown.map(({ stream }) => stream === 'stdout')).toEqual(streams)
      }),
      { numRuns: 30 },
    )
  })

  it.each([2, 3, 4])('shows nothing more once append %i has failed', async (fails) => {
    const client = fakeClient()
    const { pump } = await pumpOver((append) => {
      if (append === fails) throw STORAGE_FULL
    }, client)
    const results: string[] = []
    for (let n = 2; n <= 6; n++) {
      const [result] = await Promise.allSettled([pump.show(Buffer.from(`${n}`), n % 2 ? 'stdout' : 'stderr')])
      results.push(result!.status)
    }
    expect(client.shown.map(({ text }) => Number(text))).toEqual([2, 3, 4, 5, 6].filter((n) => n < fails))
    expect(results.filter((status) => status === 'fulfilled')).toHaveLength(fails - 2)
  })

  it('shows nothing more once the client has failed, and tells each caller', async () => {
    const client = fakeClient((write) => {
      if (write === 2) throw new Error('gone')
    })
    const { pump } = await pumpOver(() => {}, client)
    const results = await Promise.allSettled(['a', 'b', 'c'].map((text) => pump.show(Buffer.from(text), 'stdout')))
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected'])
    expect(client.shown).toHaveLength(1)
  })

  it('does not lead the screen by more than it can hold', async () => {
    const screen = new Screen({ cols: 80, rows: 24 })
    const { pump } = await pumpOver(() => {}, fakeClient(), screen)
    const piece = Buffer.alloc(1024 * 1024, 'y')
    async function* output() {
      for (let n = 0; n < 55; n++) yield piece
    }
    await pump.drain(output(), 'stdout')
    screen.dispose()
  }, 30_000)
})
