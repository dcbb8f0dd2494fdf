import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { startRecording } from '../../src/recording/recorder.ts'
import { Pump, REST_MS } from '../../src/session/pump.ts'
import { Screen } from '../../src/terminal/screen.ts'
import { memoryBlobs, noSeal } from '../recording/blobs.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { door, STORAGE_FULL } from '../support/store.ts'
import { mask } from '../terminal/masks.ts'
import { type FakeClient, fakeClient, Pieces } from './parts.ts'

const HEADER = { cols: 80, rows: 24, term: undefined, timestamp: 0, title: '', command: undefined, tags: [] }

async function pumpOver(beforeAppend: (append: number) => void | Promise<void>, client: FakeClient, screen?: Screen) {
  const blobs = memoryBlobs(beforeAppend)
  const clock = new ManualClock()
  const recorder = await startRecording({ blobs, clock, name: 'x.cast', header: HEADER, seal: noSeal })
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
  }, 120_000)

  const CARDS = {
    masks: [mask('\\b\\d{4}(?: \\d{4}){3}\\b', { name: 'card-number' })],
    record: { kind: 'output' } as const,
  }
  const shownBy = (client: FakeClient) => client.shown.map(({ text }) => text).join('')
  async function* pieces(...texts: readonly string[]) {
    for (const text of texts) yield Buffer.from(text)
  }

  it('gives neither person, recording nor screen what a mask hides, and marks it', async () => {
    const screen = new Screen({ cols: 80, rows: 24 })
    const client = fakeClient()
    const { pump, blob } = await pumpOver(() => {}, client, screen)
    pump.keep(CARDS)
    await pump.drain(pieces('card 4111 11', '\x1b[31m11 1111', '\x1b[0m 1111\r\nplain\r\n'), 'stdout')
    await screen.settled()
    const everything = shownBy(client) + blob.bytes.toString() + screen.lastLines(30).join('\n')
    expect(everything).not.toContain('1111')
    expect(shownBy(client)).toBe(`card •••••••\x1b[31m•••••••\x1b[0m•••••\r\nplain\r\n`)
    expect(screen.lastLines(30)).toEqual([`card ${'•'.repeat(19)}`, 'plain'])
    expect(blob.bytes.toString()).toContain('"m","masked card-number ×1"')
    expect(pump.masked).toEqual(new Map([['card-number', 1]]))
    screen.dispose()
  })

  it('shows what a mask withholds when the output rests, and an echo at once', async () => {
    const client = fakeClient()
    const { pump, clock } = await pumpOver(() => {}, client)
    pump.keep(CARDS)
    const source = new Pieces()
    const drained = pump.drain(source, 'stdout')
    const settle = () => new Promise((done) => setImmediate(done))
    source.give('port 41')
    await clock.waitForTimer()
    await settle()
    expect(shownBy(client)).toBe('port ')
    expect(clock.nextInMs).toBe(REST_MS)
    clock.advance(REST_MS)
    await settle()
    expect(shownBy(client)).toBe('port 41')
    source.give(' ')
    await settle()
    pump.noticeTyped()
    source.give('x 4')
    await settle()
    source.end()
    await drained
    expect(shownBy(client)).toBe('port 41 x 4')
  })

  it('goes on with the same masks after a change of policy that leaves them as they are', async () => {
    const client = fakeClient()
    const { pump } = await pumpOver(() => {}, client)
    pump.keep(CARDS)
    await pump.drain(
      (async function* () {
        yield Buffer.from('card 4111 11')
        pump.keep({ ...CARDS, masks: CARDS.masks.map((each) => ({ ...each })) })
        yield Buffer.from('11 1111 1111\n')
      })(),
      'stdout',
    )
    expect(shownBy(client)).toBe(`card ${'•'.repeat(19)}\n`)
  })

  it('records the beginning and the digest where the policy says so, and shows all', async () => {
    const client = fakeClient()
    const { pump, blob } = await pumpOver(() => {}, client)
    pump.keep({ masks: [], record: { kind: 'first', bytes: 6 } })
    await pump.drain(pieces('abcd', 'efgh', 'ijkl'), 'stdout')
    await pump.show(Buffer.from('our words'), 'stderr')
    expect(shownBy(client)).toBe('abcdefghijklour words')
    const cast = blob.bytes.toString()
    expect(cast).toContain('"o","ef"')
    expect(cast).not.toMatch(/gh|ijkl/)
    expect(cast).toContain('our words')
    expect(cast.match(/only size and digest/g)).toHaveLength(1)
  })
})
