/** asciicast, written and read: the vectors, and what holds for every recording. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import type { CastEvent, CastHeader } from '../../src/core/cast.ts'
import { type CastEncoder, encodeV2, encodeV3 } from '../../src/recording/asciicast.ts'
import { castV2, parseCast, readCast } from '../../src/recording/asciicast-reader.ts'

const VECTORS = fileURLToPath(new URL('../vectors/asciicast/', import.meta.url))
const names = readdirSync(VECTORS).flatMap((file) => (file.endsWith('.v3.cast') ? [file.slice(0, -8)] : []))
const vector = (file: string) => readFileSync(join(VECTORS, file), 'utf8')

const HEADER: CastHeader = { cols: 80, rows: 24, term: 'xterm', timestamp: 1, title: 't', command: undefined, tags: [] }

const written = (encoder: CastEncoder, events: readonly CastEvent[]) =>
  encoder.header + events.map((event) => encoder.line(event)).join('')

async function* inPieces(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text)
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function joined(lines: AsyncIterable<string>): Promise<string> {
  let text = ''
  for await (const line of lines) text += line
  return text
}

describe.each(names)('vector %s', (name) => {
  const expected = JSON.parse(vector(`${name}.events.json`)) as {
    canonical: boolean
    header: Record<string, unknown>
    events: readonly CastEvent[]
  }
  const header = Object.fromEntries(Object.entries(expected.header).map(([key, value]) => [key, value ?? undefined]))

  it('is read as its events', async () => {
    expect(await parseCast(vector(`${name}.v3.cast`))).toEqual({ header, events: expected.events })
  })

  it('is read the same in pieces of any size', async () => {
    for (const size of [1, 2, 3, 7, 64]) {
      const events: CastEvent[] = []
      for await (const event of (await readCast(inPieces(vector(`${name}.v3.cast`), size))).events) events.push(event)
      expect(events).toEqual(expected.events)
    }
  })

  it('is exported as its version 2', async () => {
    expect(await joined(castV2(inPieces(vector(`${name}.v3.cast`), 50)))).toBe(vector(`${name}.v2.cast`))
  })

  const { canonical } = expected
  it(canonical ? 'is written byte for byte' : 'is written otherwise, but means the same', async () => {
    const again = written(encodeV3(header as unknown as CastHeader), expected.events)
    expect(again === vector(`${name}.v3.cast`)).toBe(canonical)
    expect((await parseCast(again)).events).toEqual(expected.events)
  })
})

describe('parseCast() refuses', () => {
  const refused = JSON.parse(vector('refused.json')) as { what: string; text: string; error: string }[]
  it.each(refused)('$what', async ({ text, error }) => {
    await expect(parseCast(text)).rejects.toMatchObject({ code: 'invalid', message: expect.stringContaining(error) })
  })

  it('what is not UTF-8', async () => {
    const bytes = Buffer.concat([Buffer.from(encodeV3(HEADER).header), Buffer.from('[0,"o","\xff"]\n', 'latin1')])
    const chunks = async function* () {
      yield bytes
    }
    const read = async () => {
      for await (const event of (await readCast(chunks())).events) expect(event).toBeDefined()
    }
    await expect(read()).rejects.toMatchObject({ code: 'invalid', message: expect.stringContaining('UTF-8') })
  })

  it('a line without end, before it fills the memory', async () => {
    let given = 0
    const endless = async function* () {
      yield new TextEncoder().encode(encodeV3(HEADER).header)
      for (;;) {
        given++
        yield new Uint8Array(64 * 1024).fill(0x61)
      }
    }
    const { events } = await readCast(endless())
    await expect(events[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'invalid' })
    expect(given).toBeLessThan(100)
  })
})

describe('a recording that is being written', () => {
  const text = `${encodeV3(HEADER).header}[0,"o","whole"]\n[0,"o","ha`

  it('is read up to its last whole line when it may be live, and refused when not', async () => {
    const { events } = await readCast(inPieces(text, 9), { isLive: true })
    const read: CastEvent[] = []
    for await (const event of events) read.push(event)
    expect(read).toEqual([{ kind: 'output', seconds: 0, text: 'whole' }])
    await expect(parseCast(text)).rejects.toMatchObject({ message: expect.stringContaining('line 3') })
    expect(await joined(castV2(inPieces(text, 9), { isLive: true }))).toContain('whole')
  })
})

const seconds = fc.double({ min: 0, max: 1e6, noNaN: true })
const anyEvent: fc.Arbitrary<CastEvent> = fc.oneof(
  fc.record({ kind: fc.constant('output' as const), seconds, text: fc.string({ unit: 'binary' }) }),
  fc.record({ kind: fc.constant('input' as const), seconds, text: fc.string({ unit: 'grapheme' }) }),
  fc.record({ kind: fc.constant('marker' as const), seconds, label: fc.string() }),
  fc.record({
    kind: fc.constant('resize' as const),
    seconds,
    cols: fc.integer({ min: 1, max: 65_535 }),
    rows: fc.integer({ min: 1, max: 65_535 }),
  }),
  fc.record({ kind: fc.constant('exit' as const), seconds, status: fc.integer({ min: -1, max: 255 }) }),
)
const anyEvents = fc.array(anyEvent).map((events) => events.toSorted((a, b) => a.seconds - b.seconds))

describe('encodeV3()', () => {
  it('writes what parseCast() reads back, times to the microsecond', async () => {
    await fc.assert(
      fc.asyncProperty(anyEvents, async (events) => {
        const read = await parseCast(written(encodeV3(HEADER), events))
        expect(read.header).toEqual(HEADER)
        expect(read.events.map((event) => ({ ...event, seconds: 0 }))).toEqual(
          events.map((event) => ({ ...event, seconds: 0 })),
        )
        for (const [n, event] of read.events.entries()) {
          expect(Math.abs(event.seconds - events[n]!.seconds)).toBeLessThanOrEqual(0.6e-6)
        }
      }),
    )
  })

  it('does not drift over many events of an awkward length', async () => {
    const events = Array.from(
      { length: 100_000 },
      (_, n): CastEvent => ({ kind: 'output', seconds: (n + 1) / 3e5, text: '' }),
    )
    const read = await parseCast(written(encodeV3(HEADER), events))
    expect(read.events.at(-1)?.seconds).toBe(0.333333)
    // A player adds the intervals up as they are written.
    const intervals = written(encodeV3(HEADER), events).split('\n').slice(1, -1)
    const total = intervals.reduce((sum, line) => sum + (JSON.parse(line) as [number])[0], 0)
    expect(Math.abs(total - 1 / 3)).toBeLessThan(1e-6)
  })

  it('never lets time run backwards, and refuses a time that is none', () => {
    const encoder = encodeV3(HEADER)
    const at = (seconds: number): CastEvent => ({ kind: 'output', seconds, text: '' })
    const intervals = [5, 3, -1, 6].map((seconds) => JSON.parse(encoder.line(at(seconds)))[0])
    expect(intervals).toEqual([5, 0, 0, 1])
    expect(() => encoder.line(at(Number.NaN))).toThrow('time')
  })

  it('fault 39: leaves no control character in the file', () => {
    fc.assert(
      fc.property(anyEvents, (events) => {
        for (const encoder of [encodeV3(HEADER), encodeV2(HEADER)]) {
          expect(written(encoder, events)).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]/)
        }
      }),
    )
  })
})

describe('asciinema of the distribution', () => {
  const version = asciinemaVersion()
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-cast-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  const play = (text: string) => {
    const file = join(folder, 'session.cast')
    writeFileSync(file, text)
    const env = { ...process.env, LC_ALL: 'C.UTF-8', ASCIINEMA_CONFIG_HOME: folder }
    return spawnSync('asciinema', ['play', '--speed', '1000', file], { encoding: 'utf8', env })
  }
  const output = async (text: string) =>
    (await parseCast(text)).events.map((event) => (event.kind === 'output' ? event.text : '')).join('')

  it.skipIf(version === undefined)(
    `plays what castV2() exports (${version ?? 'asciinema is not installed'})`,
    async () => {
      for (const name of names) {
        const { stdout, status } = play(await joined(castV2(inPieces(vector(`${name}.v3.cast`), 64))))
        expect(stdout).toBe(await output(vector(`${name}.v3.cast`)))
        expect(status).toBe(0)
      }
    },
  )

  it.skipIf(!version?.includes(' 2.'))(
    `reads no version 3 itself, which is why there is an export (${version})`,
    () => {
      expect(play(vector('session.v3.cast'))).toMatchObject({ status: 1, stderr: expect.stringContaining('v1 and v2') })
    },
  )
})

function asciinemaVersion(): string | undefined {
  try {
    return execFileSync('asciinema', ['--version'], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C.UTF-8' },
    }).trim()
  } catch {
    return undefined
  }
}
