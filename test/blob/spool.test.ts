/** Recordings in pieces: the contract of blobs, wherever their chunks are, and what the spool promises. */
import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { folderObjects } from '../../src/blob/folder/objects.ts'
import { type SpooledBlobs, spooledBlobs } from '../../src/blob/spool/blobs.ts'
import { systemClock } from '../../src/core/clock.ts'
import { BastionError } from '../../src/core/errors.ts'
import type { BlobWriter, ObjectStore } from '../../src/core/ports.ts'
import { blobContract, readAll } from '../contract/blob.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { keptLog } from '../support/store.ts'

const AWAY = new BastionError('unavailable', 'The store is away.')
const LIMITS = { bytes: 2 ** 30, outageMs: 900_000 }
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** A folder as the store, which a test can take away, or ask before each try. */
function standIn(folder: string) {
  const objects = folderObjects({ folder })
  const place = { before: async (_name: string): Promise<void> => {} }
  const store: ObjectStore = {
    ...objects,
    async create(name, bytes, signal) {
      await place.before(name)
      await objects.create(name, bytes, signal)
    },
  }
  return Object.assign(place, { store, objects })
}

const newFolder = () => mkdtemp(join(tmpdir(), 'sallyport-spool-'))
const away = async () => {
  throw AWAY
}

// What one process has in its spool another sees there, as `recordings verify` beside a bastion does.
blobContract('a spool whose store is away', async () => {
  const folder = await newFolder()
  const place = standIn(join(folder, 'store'))
  place.before = away
  const opened: SpooledBlobs[] = []
  return {
    async open() {
      const parts = {
        folder: join(folder, 'spool'),
        objects: place.store,
        clock: systemClock,
        log: keptLog(),
        limits: LIMITS,
      }
      opened.push(await spooledBlobs(parts))
      return opened.at(-1)!
    },
    async remove() {
      for (const blobs of opened) blobs.shipper.close()
      await rm(folder, { recursive: true })
    },
  }
})

describe('a spool', () => {
  let folder: string
  let clock: ManualClock
  let place: ReturnType<typeof standIn>
  const opened: SpooledBlobs[] = []
  const left: BlobWriter[] = []

  beforeEach(async () => {
    folder = await newFolder()
    clock = new ManualClock(new Date('2026-03-01T09:30:00Z'))
    place = standIn(join(folder, 'store'))
  })
  afterEach(async () => {
    for (const blobs of opened.splice(0)) blobs.shipper.close()
    // The system closes what a killed process had open; here it is the same process.
    for (const writer of left.splice(0)) await writer.close().catch(() => {})
    await rm(folder, { recursive: true })
  })

  const open = async () => {
    const blobs = await spooledBlobs({
      folder: join(folder, 'spool'),
      objects: place.store,
      clock,
      log: keptLog(),
      limits: LIMITS,
    })
    opened.push(blobs)
    return blobs
  }
  const chunk = async (writer: BlobWriter, text: string | Buffer) => {
    const bytes = Buffer.from(text)
    await writer.append(bytes)
    await writer.cut(sha256(bytes))
  }
  const inSpool = () => readdir(join(folder, 'spool'), { recursive: true })
  const inStore = async () => (await place.objects.list('')).map(({ name }) => name)

  it('has chunks of their own in the store, one after the other, and nothing left behind', async () => {
    const blobs = await open()
    const writer = await blobs.create('s1.cast')
    const parts = [randomBytes(10), randomBytes(256 * 1024), randomBytes(1)]
    for (const part of parts) await chunk(writer, part)
    await writer.append(Buffer.from('rest'))
    const whole = Buffer.concat([...parts, Buffer.from('rest')])
    expect(await blobs.pieces('s1.cast')).toEqual([10, 262_144, 1, 4])
    await writer.close()
    await blobs.shipper.settled()
    expect(await inStore()).toEqual([1, 2, 3, 4].map((n) => `s1.cast/0000000${n}`))
    expect(await blobs.pieces('s1.cast')).toEqual([10, 262_144, 1, 4])
    expect((await readAll(blobs, 's1.cast')).equals(whole)).toBe(true)
    const from = []
    for await (const part of await blobs.read('s1.cast', 9)) from.push(part)
    expect(Buffer.concat(from).equals(whole.subarray(9))).toBe(true)
    expect(Math.max(...from.map((part) => part.length))).toBeLessThanOrEqual(64 * 1024)
    expect(await blobs.list('')).toEqual(['s1.cast'])
    expect(blobs.spool.usedBytes).toBe(0)
    await expect.poll(inSpool).toEqual([])
  })

  it('fault 53: reads while chunks move from the spool to the store, and misses none', async () => {
    const blobs = await open()
    const writer = await blobs.create('s1.cast')
    let written = ''
    for (let n = 0; n < 20; n++) {
      const text = `line ${n}\n`
      await chunk(writer, text)
      written += text
      // What was written before the reader began is there, wherever it lies by now.
      const read = (await readAll(blobs, 's1.cast')).toString()
      expect(read === written, `after ${n}`).toBe(true)
    }
    await writer.close()
  })

  it('fault 53: keeps what a store that is away does not take, asks again more and more seldom, and loses nothing', async () => {
    const blobs = await open()
    let tries = 0
    place.before = async () => {
      tries++
      throw AWAY
    }
    const asked: number[] = []
    const { after } = clock
    clock.after = (ms, task) => {
      asked.push(ms)
      return after.call(clock, ms, task)
    }
    const writer = await blobs.create('s1.cast')
    await chunk(writer, 'one\n')
    await expect.poll(() => tries).toBe(1)
    await chunk(writer, 'two\n')
    while (tries < 18) {
      clock.advance(10)
      await new Promise((resolve) => setImmediate(resolve))
    }
    // Besides the rests: one look at the bounds a second, and the patience with each try.
    const rests = asked.filter((ms) => ms !== 1_000 && ms !== 20_000)
    expect(rests[0]).toBeLessThanOrEqual(250)
    expect(Math.max(...rests)).toBeLessThanOrEqual(5_000)
    expect(rests.at(-1)).toBeGreaterThanOrEqual(2_500)
    expect(blobs.shipper.lastFailure).toBe(AWAY.message)
    expect(blobs.shipper.waitingSince).toEqual(new Date('2026-03-01T09:30:00Z'))
    expect((await readAll(blobs, 's1.cast')).toString()).toBe('one\ntwo\n')
    expect(await inStore()).toEqual([])

    place.before = async () => {}
    await writer.close()
    clock.advance(5_000)
    await blobs.shipper.settled()
    expect(await inStore()).toEqual(['s1.cast/00000001', 's1.cast/00000002'])
    expect(blobs.shipper.waitingSince).toBeUndefined()
    expect((await readAll(blobs, 's1.cast')).toString()).toBe('one\ntwo\n')
  })

  it('asks again when a store does not answer in 20 seconds', async () => {
    const blobs = await open()
    const asked: AbortSignal[] = []
    const { create } = place.store
    const store: ObjectStore = {
      ...place.store,
      async create(name, bytes, signal) {
        asked.push(signal!)
        if (asked.length > 1) return create(name, bytes, signal)
        await new Promise((_, reject) => signal!.addEventListener('abort', () => reject(signal!.reason)))
      },
    }
    const slow = await spooledBlobs({
      folder: join(folder, 'other'),
      objects: store,
      clock,
      log: keptLog(),
      limits: LIMITS,
    })
    opened.push(blobs, slow)
    const writer = await slow.create('s1.cast')
    await chunk(writer, 'one\n')
    await expect.poll(() => asked.length).toBe(1)
    clock.advance(20_000)
    await expect.poll(() => slow.shipper.lastFailure).toMatch(/did not answer/)
    clock.advance(5_000)
    await slow.shipper.settled()
    expect(await inStore()).toEqual(['s1.cast/00000001'])
    await writer.close()
  })

  it('takes what a bastion left to the store when the next one starts', async () => {
    place.before = away
    const first = await open()
    const writer = await first.create('s1.cast')
    await chunk(writer, 'one\n')
    await chunk(writer, 'two\n')
    await writer.append(Buffer.from('three\nhal'))
    left.push(writer)
    first.shipper.close()

    place.before = async () => {}
    const second = await open()
    await second.shipper.settled()
    expect(await inStore()).toEqual(['s1.cast/00000001', 's1.cast/00000002'])
    expect(await second.pieces('s1.cast')).toEqual([4, 4, 9])
    const more = await second.resume('s1.cast', 14)
    await more.append(Buffer.from('end\n'))
    await more.close()
    await second.shipper.settled()
    expect((await readAll(second, 's1.cast')).toString()).toBe('one\ntwo\nthree\nend\n')
    expect(await second.pieces('s1.cast')).toEqual([4, 4, 6, 4])
    expect(await inSpool()).toEqual([])
  })

  it('resume() cuts off nothing that is a chunk already, and goes on behind what is in the store', async () => {
    const blobs = await open()
    const writer = await blobs.create('s1.cast')
    await chunk(writer, 'one\n')
    await writer.close()
    await blobs.shipper.settled()
    for (const size of [3, 5]) await expect(blobs.resume('s1.cast', size)).rejects.toMatchObject({ code: 'conflict' })
    const more = await blobs.resume('s1.cast', 4)
    await expect(blobs.resume('s1.cast', 4)).rejects.toMatchObject({ code: 'conflict' })
    await more.append(Buffer.from('two\n'))
    await more.close()
    expect((await readAll(blobs, 's1.cast')).toString()).toBe('one\ntwo\n')
  })

  it('takes what lies in open chunks that nobody writes to, when it is told to', async () => {
    place.before = away
    const first = await open()
    for (const name of ['s1.cast', 's2.cast']) {
      const writer = await first.create(name)
      await writer.append(Buffer.from('torn'))
      left.push(writer)
    }
    first.shipper.close()
    place.before = async () => {}
    const second = await open()
    await second.finishLeft((blob) => blob === 's2.cast')
    await second.shipper.settled()
    expect(await inStore()).toEqual(['s1.cast/00000001'])
    expect(await second.pieces('s2.cast')).toEqual([4])
  })

  it('sets a chunk aside that the store has otherwise, and lets the others pass', async () => {
    const blobs = await open()
    await place.objects.create('s1.cast/00000002', Buffer.from('forged'))
    const writer = await blobs.create('s1.cast')
    for (const text of ['one\n', 'two\n', 'three\n']) await chunk(writer, text)
    await writer.close()
    await blobs.shipper.settled()
    expect([...blobs.shipper.stuck.keys()]).toEqual(['s1.cast/00000002'])
    expect(await inStore()).toEqual([1, 2, 3].map((n) => `s1.cast/0000000${n}`))
    expect((await readAll(blobs, 's1.cast')).toString()).toBe('one\ntwo\nthree\n')
  })

  it('fault 38: takes no chunk to the store that was changed in the spool', async () => {
    place.before = away
    const blobs = await open()
    const writer = await blobs.create('s1.cast')
    await chunk(writer, 'one\n')
    await writer.close()
    await writeFile(join(folder, 'spool', 's1.cast', '00000001'), 'ONE\n')
    place.before = async () => {}
    clock.advance(5_000)
    await blobs.shipper.settled()
    expect([...blobs.shipper.stuck.values()]).toEqual(['It was changed in the spool.'])
    expect(await inStore()).toEqual([])
  })

  it('says which chunk is gone', async () => {
    const blobs = await open()
    for (const n of [1, 3]) await place.objects.create(`s1.cast/0000000${n}`, Buffer.from('x'))
    const gone = { code: 'conflict', message: expect.stringMatching(/Chunk 2 .* gone/) }
    await expect(blobs.read('s1.cast')).rejects.toMatchObject(gone)
    await expect(blobs.size('s1.cast')).rejects.toMatchObject(gone)
    await expect(blobs.resume('s1.cast', 2)).rejects.toMatchObject(gone)
  })

  it('refuses names that could be a chunk’s', async () => {
    const blobs = await open()
    for (const name of ['00000001', 's1.cast/00000001', '00000001.open', 'a/12345678/b']) {
      await expect(blobs.create(name), name).rejects.toMatchObject({ code: 'invalid' })
    }
  })
})
