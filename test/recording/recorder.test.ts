/** The recorder: what is promised as stored is stored, whatever comes, and whatever fails. */
import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fileBlobs } from '../../src/blob/file/blobs.ts'
import type { CastEvent, CastHeader } from '../../src/core/cast.ts'
import { BastionError } from '../../src/core/errors.ts'
import { parseCast } from '../../src/recording/asciicast-reader.ts'
import { type Recorder, startRecording } from '../../src/recording/recorder.ts'
import { readAll } from '../contract/blob.ts'
import { type MemoryBlobs, memoryBlobs, noSeal } from './blobs.ts'

const header: CastHeader = {
  cols: 80,
  rows: 24,
  term: 'xterm',
  timestamp: 1_772_357_400,
  title: 'alice on web-1',
  command: undefined,
  tags: [],
}

function manualClock() {
  let ms = 1_772_357_400_000
  return {
    now: () => new Date(ms),
    after: () => () => undefined,
    advance: (by: number) => {
      ms += by
    },
  }
}

const clock = manualClock()
const start = (blobs: MemoryBlobs): Promise<Recorder> =>
  startRecording({ blobs, clock, name: 'r.cast', header, seal: noSeal })
const bytesOf = (text: string) => new TextEncoder().encode(text)
const full = () => new BastionError('storage-full', 'The disk is full.')

async function eventsIn(blobs: MemoryBlobs): Promise<readonly CastEvent[]> {
  return (await parseCast(blobs.blob.bytes.toString())).events
}

async function textIn(blobs: MemoryBlobs): Promise<string> {
  return (await eventsIn(blobs)).map((event) => (event.kind === 'output' ? event.text : '')).join('')
}

/** Lets everything that is ready happen. */
const settled = () => new Promise((resolve) => setImmediate(resolve))

describe('startRecording()', () => {
  it('stores the header before it resolves, its size made one that a terminal can have', async () => {
    const blobs = memoryBlobs()
    await startRecording({ blobs, clock, name: 'a', header: { ...header, cols: 0, rows: 2 ** 32 - 1 }, seal: noSeal })
    expect((await parseCast(blobs.blob.bytes.toString())).header).toEqual({ ...header, cols: 1, rows: 65_535 })
  })

  it('rejects and closes the blob when the header cannot be stored', async () => {
    const blobs = memoryBlobs(() => {
      throw full()
    })
    await expect(start(blobs)).rejects.toMatchObject({ code: 'storage-full' })
    expect(blobs.blob.isClosed).toBe(true)
  })

  it('rejects when the name is taken', async () => {
    const blobs = { ...memoryBlobs(), create: () => Promise.reject(new BastionError('conflict', 'taken')) }
    await expect(start(blobs)).rejects.toMatchObject({ code: 'conflict' })
  })
})

describe('Recorder', () => {
  it('keeps every kind of event, in the order of the calls, with its time', async () => {
    const blobs = memoryBlobs()
    const time = manualClock()
    const recorder = await startRecording({ blobs, clock: time, name: 'a', header, seal: noSeal })
    const calls: Promise<unknown>[] = [recorder.output(bytesOf('$ '))]
    time.advance(1500)
    calls.push(recorder.input('ls\r'), recorder.resize(100.7, 30), recorder.resize(0, Number.NaN))
    time.advance(-9000)
    calls.push(recorder.marker('held: \x1b[31m'))
    time.advance(10_000)
    calls.push(recorder.output(bytesOf('a\r\n')), recorder.exit(0))
    await Promise.all(calls)
    expect(await eventsIn(blobs)).toEqual([
      { kind: 'output', seconds: 0, text: '$ ' },
      { kind: 'input', seconds: 1.5, text: 'ls\r' },
      { kind: 'resize', seconds: 1.5, cols: 100, rows: 30 },
      { kind: 'resize', seconds: 1.5, cols: 1, rows: 1 },
      { kind: 'marker', seconds: 1.5, label: 'held: ␛[31m' },
      { kind: 'output', seconds: 2.5, text: 'a\r\n' },
      { kind: 'exit', seconds: 2.5, status: 0 },
    ])
  })

  it('bounds a label at 1 KiB', async () => {
    const blobs = memoryBlobs()
    const recorder = await start(blobs)
    await recorder.marker('\x1b'.repeat(5000))
    const [marker] = await eventsIn(blobs)
    expect(marker?.kind === 'marker' && Buffer.byteLength(marker.label)).toBe(1023)
  })

  it('resolves nothing before its own append has resolved', async () => {
    const gates: (() => void)[] = []
    const blobs = memoryBlobs((append) => (append === 1 ? undefined : new Promise((open) => gates.push(open))))
    const recorder = await start(blobs)
    const done: string[] = []
    const call = (text: string) => void recorder.output(bytesOf(text)).then(() => done.push(text))
    call('first')
    call('second')
    call('third')
    await settled()
    expect([done, gates.length]).toEqual([[], 1])
    gates.shift()?.()
    await settled()
    expect(done).toEqual(['first'])
    call('fourth')
    gates.shift()?.()
    await settled()
    expect(done).toEqual(['first', 'second', 'third'])
    gates.shift()?.()
    await settled()
    expect(done).toEqual(['first', 'second', 'third', 'fourth'])
  })

  it('makes few appends of many small outputs, one at a time', async () => {
    const blobs = memoryBlobs(settled as () => Promise<void>)
    const recorder = await start(blobs)
    const outputs = Array.from({ length: 10_000 }, (_, n) => `${n}\n`)
    await Promise.all(outputs.map((text) => recorder.output(bytesOf(text))))
    await recorder.close()
    expect(blobs.blob.appends).toBeLessThan(10)
    expect(blobs.blob.mostUnderWay).toBe(1)
    expect(await textIn(blobs)).toBe(outputs.join(''))
  })

  it('lets callers wait beyond 1 MiB, in their order, and bounds each append', async () => {
    const sizes: number[] = []
    const blobs = memoryBlobs()
    const recorder = await start(blobs)
    const writer = await blobs.create('')
    const append = writer.append
    writer.append = async (bytes) => {
      sizes.push(bytes.length)
      await settled()
      await append(bytes)
    }
    const pieces = Array.from({ length: 200 }, (_, n) => String.fromCharCode(97 + (n % 26)).repeat(60_000))
    const order: number[] = []
    await Promise.all(pieces.map((piece, n) => recorder.output(bytesOf(piece)).then(() => order.push(n))))
    expect(order).toEqual(pieces.map((_, n) => n))
    expect(Math.max(...sizes)).toBeLessThan(2 * 1024 * 1024)
    expect(await textIn(blobs)).toBe(pieces.join(''))
  })

  it('refuses, for good, more than 64 MiB from one who does not wait', async () => {
    const blobs = memoryBlobs((append) => (append === 1 ? undefined : new Promise<void>(() => undefined)))
    const recorder = await start(blobs)
    const piece = new Uint8Array(60_000).fill(0x61)
    let refused: unknown
    for (let n = 0; n < 3000 && recorder.failed === undefined; n++) {
      recorder.output(piece).catch((error: unknown) => {
        refused ??= error
      })
    }
    await settled()
    expect(refused).toMatchObject({ code: 'too-many' })
    expect(recorder.failed).toBe(refused)
    await expect(recorder.output(piece)).rejects.toBe(refused)
  })

  it('splits a large output into events of bounded size, and loses none of it', async () => {
    const blobs = memoryBlobs()
    const recorder = await start(blobs)
    const text = '€'.repeat(700_000)
    await recorder.output(bytesOf(text))
    expect(await textIn(blobs)).toBe(text)
    const lines = blobs.blob.bytes.toString().split('\n')
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(400_000)
  })

  it('joins a character that two outputs share, and has its bytes stored in between', async () => {
    const blobs = memoryBlobs()
    const recorder = await start(blobs)
    await recorder.output(Uint8Array.of(0x41, 0xe2, 0x82))
    expect(blobs.blob.bytes.toString()).toContain('\n# incomplete character: e2 82\n')
    await recorder.output(Uint8Array.of(0xac))
    expect(await textIn(blobs)).toBe('A€')
    expect(await eventsIn(blobs)).toHaveLength(2)
  })

  it.each(['exit', 'close'] as const)('does not lose an incomplete character at %s()', async (last) => {
    const blobs = memoryBlobs()
    const recorder = await start(blobs)
    await recorder.output(Uint8Array.of(0x41, 0xf0, 0x9f, 0x98))
    if (last === 'exit') await recorder.exit(1)
    await recorder.close()
    expect(await textIn(blobs)).toBe('A\ufffd')
    expect((await eventsIn(blobs)).at(-1)?.kind).toBe(last === 'exit' ? 'exit' : 'output')
  })

  it('gives the same text however output is cut', async () => {
    const cuts = fc.array(fc.uint8Array({ maxLength: 9 }), { maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(cuts, fc.boolean(), async (pieces, waits) => {
        const blobs = memoryBlobs()
        const recorder = await start(blobs)
        for (const piece of pieces) {
          const stored = recorder.output(piece)
          if (waits) await stored
          else void stored.catch(() => undefined)
        }
        const end = await recorder.close()
        const bytes = Buffer.concat(pieces)
        expect(await textIn(blobs)).toBe(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes))
        expect(end).toEqual({
          outputBytes: bytes.length,
          outputSha256: createHash('sha256').update(bytes).digest('hex'),
        })
      }),
      { numRuns: 300 },
    )
  })

  it('close() waits for everything, says what was recorded, and ends it', async () => {
    const blobs = memoryBlobs(settled as () => Promise<void>)
    const recorder = await start(blobs)
    const asked = [recorder.output(bytesOf('abc')), recorder.marker('m'), recorder.exit(0)]
    const end = await recorder.close()
    await Promise.all(asked)
    expect(end).toEqual({ outputBytes: 3, outputSha256: createHash('sha256').update('abc').digest('hex') })
    expect(blobs.blob.isClosed).toBe(true)
    expect(await recorder.close()).toBe(end)
    await expect(recorder.output(bytesOf('late'))).rejects.toMatchObject({ code: 'conflict' })
    await expect(recorder.marker('late')).rejects.toMatchObject({ code: 'conflict' })
    expect(await eventsIn(blobs)).toHaveLength(3)
  })

  it('takes an output of nothing', async () => {
    const blobs = memoryBlobs()
    const recorder = await start(blobs)
    await recorder.output(new Uint8Array())
    expect(blobs.blob.appends).toBe(1)
    expect((await recorder.close()).outputBytes).toBe(0)
  })

  it('writes what a reader finds in real files at once', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sallyport-recorder-'))
    const blobs = fileBlobs({ folder })
    const recorder = await startRecording({ blobs, clock, name: '2026/s1.cast', header, seal: noSeal })
    await recorder.output(bytesOf('live'))
    const found = await parseCast((await readAll(blobs, '2026/s1.cast')).toString())
    expect(found.events).toEqual([{ kind: 'output', seconds: 0, text: 'live' }])
    await recorder.close()
    await rm(folder, { recursive: true })
  })
})

describe('fault 54: an append that fails', () => {
  /** Output, markers and waits as a session makes them; says which outputs were promised as stored. */
  async function session(recorder: Recorder): Promise<{ promised: string[]; errors: Set<unknown> }> {
    const promised: string[] = []
    const errors = new Set<unknown>()
    const watch = (stored: Promise<unknown>, text: string) =>
      stored.then(
        () => promised.push(text),
        (error: unknown) => errors.add(error),
      )
    const all: Promise<unknown>[] = []
    for (let n = 0; n < 12; n++) {
      all.push(watch(recorder.output(bytesOf(`<${n}€>`)), `<${n}€>`))
      if (n % 3 === 0) all.push(watch(recorder.marker(`m${n}`), ''))
      if (n % 4 === 1) all.push(watch(recorder.output(Uint8Array.of(0xe2)), ''), watch(recorder.resize(n + 1, 9), ''))
      if (n % 2 === 0) await settled()
    }
    await Promise.all(all)
    return { promised, errors }
  }

  it('on any call n resolves no promise for bytes that are not stored, and ends the recording for good', async () => {
    const trouble = memoryBlobs(settled as () => Promise<void>)
    await session(await start(trouble))
    const appends = trouble.blob.appends
    expect(appends).toBeGreaterThan(6)

    for (let fails = 2; fails <= appends; fails++) {
      const failure = full()
      const blobs = memoryBlobs(async (append) => {
        await settled()
        if (append >= fails) throw failure
      })
      const recorder = await start(blobs)
      const { promised, errors } = await session(recorder)
      const kept = await textIn(blobs)
      for (const text of promised) expect(kept, `failing from append ${fails}`).toContain(text)
      expect([...errors]).toEqual([failure])
      expect(recorder.failed).toBe(failure)
      for (const call of [() => recorder.output(bytesOf('x')), () => recorder.exit(0), () => recorder.close()]) {
        await expect(call()).rejects.toBe(failure)
      }
      expect(blobs.blob.isClosed).toBe(true)
      expect(blobs.blob.appends).toBe(fails)
    }
  })

  it('once only, still ends it: what came after the lost bytes is not written', async () => {
    const blobs = memoryBlobs((append) => {
      if (append === 2) throw full()
    })
    const recorder = await start(blobs)
    const calls = await Promise.allSettled(['one', 'two'].map((text) => recorder.output(bytesOf(text))))
    expect(calls.map((call) => call.status)).toEqual(['rejected', 'rejected'])
    await expect(recorder.output(bytesOf('three'))).rejects.toMatchObject({ code: 'storage-full' })
    expect(blobs.blob.appends).toBe(2)
    expect(await eventsIn(blobs)).toEqual([])
  })

  it('reaches those who wait at the door too', async () => {
    let fail: (() => void) | undefined
    const blobs = memoryBlobs((append) =>
      append === 1
        ? undefined
        : new Promise((_, reject) => {
            fail = () => reject(full())
          }),
    )
    const recorder = await start(blobs)
    const calls = Array.from({ length: 60 }, () => recorder.output(new Uint8Array(60_000).fill(0x61)))
    const ends = Promise.allSettled(calls)
    await settled()
    fail?.()
    const errors = (await ends).map((end) => (end.status === 'rejected' ? end.reason : undefined))
    expect(new Set(errors)).toEqual(new Set([recorder.failed]))
    expect(recorder.failed?.code).toBe('storage-full')
  })

  it('with an error of another kind shows none of its text', async () => {
    const blobs = memoryBlobs((append) => {
      if (append > 1) throw new Error('EIO at /srv/secret')
    })
    const recorder = await start(blobs)
    const error = await recorder.output(bytesOf('x')).catch((caught: unknown) => caught)
    expect(error).toMatchObject({ name: 'BastionError', code: 'unavailable' })
    expect((error as Error).message).not.toContain('secret')
  })

  it('at the very close is a failure as well', async () => {
    const blobs = memoryBlobs()
    const recorder = await start(blobs)
    await recorder.output(bytesOf('x'))
    const writer = await blobs.create('')
    writer.close = () => Promise.reject(full())
    await expect(recorder.close()).rejects.toMatchObject({ code: 'storage-full' })
    expect(recorder.failed?.code).toBe('storage-full')
  })
})
