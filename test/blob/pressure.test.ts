/** A spool whose store is away, or that fills up: who is told, who is slowed, who is ended, and that nothing is lost. */
import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { folderObjects } from '../../src/blob/folder/objects.ts'
import { type SpooledBlobs, spooledBlobs } from '../../src/blob/spool/blobs.ts'
import { STOPPED } from '../../src/blob/spool/pressure.ts'
import { BastionError, codeOf } from '../../src/core/errors.ts'
import type { BlobWriter } from '../../src/core/ports.ts'
import type { SpoolReport, SpoolState } from '../../src/core/spool.ts'
import { spoolChanged } from '../../src/spool-alarm.ts'
import { readAll } from '../contract/blob.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { keptLog, temporaryStore } from '../support/store.ts'

const MIB = 2 ** 20
const LIMITS = { bytes: MIB, outageMs: 600_000 }

let folder: string
let clock: ManualClock
let blobs: SpooledBlobs
let isAway: boolean
let changes: { readonly state: SpoolState; readonly before: SpoolState; readonly atMs: number; report: SpoolReport }[]

const start = new Date('2026-03-01T09:30:00Z')
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-pressure-'))
  clock = new ManualClock(start)
  isAway = true
  changes = []
  const objects = folderObjects({ folder: join(folder, 'store') })
  blobs = await spooledBlobs({
    folder: join(folder, 'spool'),
    objects: {
      ...objects,
      async create(name, bytes) {
        if (isAway) throw new BastionError('unavailable', 'The store is away.')
        await objects.create(name, bytes)
      },
    },
    limits: LIMITS,
    clock,
    log: keptLog(),
    onChange(report, before) {
      const atMs = clock.now().getTime() - start.getTime()
      changes.push({ state: report.state, before, atMs, report })
    },
  })
})
afterEach(async () => {
  blobs.pressure.close()
  blobs.shipper.close()
  // A chunk may be on its way into the store's folder.
  await rm(folder, { recursive: true, maxRetries: 5 })
})

const states = () => changes.map(({ state }) => state)
const cut = async (writer: BlobWriter, text: string | Buffer) => {
  const bytes = Buffer.from(text)
  await writer.append(bytes)
  await writer.cut(createHash('sha256').update(bytes).digest('hex'))
}
/** Moves time by seconds, so that what looks every second does. */
const pass = async (seconds: number) => {
  for (let n = 0; n < seconds; n++) {
    await new Promise((resolve) => setImmediate(resolve))
    clock.advance(1_000)
    await new Promise((resolve) => setImmediate(resolve))
  }
}
const comeBack = async () => {
  isAway = false
  const settled = blobs.shipper.settled()
  await pass(6)
  await settled
  await pass(2)
}

describe('fault 53: a store that is away', () => {
  it('is told of within ten seconds, then slows, then ends; and all is well when it is back', async () => {
    const writer = await blobs.create('s1.cast')
    await cut(writer, 'one\n')
    await expect.poll(() => blobs.shipper.waiting).toBe(1)
    await pass(7)
    expect(states()).toEqual([])
    await pass(3)
    expect(changes).toMatchObject([
      { state: 'behind', before: 'well', report: { waiting: 1, why: 'The store is away.' } },
    ])
    expect(changes[0]!.atMs).toBeLessThanOrEqual(10_000)
    await pass(289)
    expect(states()).toEqual(['behind'])
    await pass(2)
    expect(states()).toEqual(['behind', 'slow'])
    await pass(298)
    await blobs.create('s2.cast').then((other) => other.close())
    await pass(2)
    expect(states()).toEqual(['behind', 'slow', 'stopped'])
    await expect(blobs.create('s3.cast')).rejects.toMatchObject({ code: 'storage-full', message: STOPPED })
    // A session that ends still says its last words.
    const words = writer.append(Buffer.from('last words\n'))
    await pass(1)
    await words
    await comeBack()
    expect(states()).toEqual(['behind', 'slow', 'stopped', 'well'])
    await writer.close()
    expect((await readAll(blobs, 's1.cast')).toString()).toBe('one\nlast words\n')
    await blobs.create('s3.cast').then((other) => other.close())
  })

  it('that flickers is told of once while something is left, not every time', async () => {
    const writer = await blobs.create('s1.cast')
    await cut(writer, 'one\n')
    await expect.poll(() => blobs.shipper.waiting).toBe(1)
    await pass(9)
    await cut(writer, 'two\n')
    await pass(60)
    expect(states()).toEqual(['behind'])
    await comeBack()
    expect(states()).toEqual(['behind', 'well'])
    await writer.close()
  })
})

describe('fault 54: a spool that fills up', () => {
  it('slows output from half on, the more the fuller it is, ends at its limit, and takes last words into a reserve', async () => {
    const writer = await blobs.create('s1.cast')
    const line = Buffer.from(`${'x'.repeat(32 * 1024 - 1)}\n`)
    const waits: number[] = []
    let kept = 0
    let failure: unknown
    while (failure === undefined) {
      let isDone = false
      const from = clock.now().getTime()
      const appended = writer
        .append(line)
        .then(
          () => kept++,
          (error: unknown) => {
            failure = error
          },
        )
        .finally(() => {
          isDone = true
        })
      // Time stands still for those that need not wait.
      while (!isDone) {
        await new Promise((resolve) => setImmediate(resolve))
        if (!isDone && blobs.pressure.report.usedBytes > MIB / 2) clock.advance(1)
      }
      await appended
      waits.push(clock.now().getTime() - from)
    }
    expect(codeOf(failure)).toBe('storage-full')
    expect(states()).toEqual(['slow', 'stopped'])
    expect(changes[1]!.report.usedBytes).toBeGreaterThanOrEqual(MIB)
    expect(kept * line.length).toBeGreaterThan(MIB)
    expect(blobs.spool.usedBytes).toBeLessThanOrEqual(MIB * (1 + 1 / 16))
    const [early, halfway, late] = [waits.slice(0, 15), waits[17]!, Math.max(...waits)]
    expect(Math.max(...early)).toBe(0)
    expect(halfway).toBeGreaterThan(10)
    expect(late).toBeGreaterThan(halfway * 3)
    await expect(writer.append(Buffer.from('more'))).rejects.toBe(failure)
    await writer.close()

    await comeBack()
    expect(states()).toEqual(['slow', 'stopped', 'well'])
    expect((await readAll(blobs, 's1.cast')).equals(Buffer.concat(Array.from({ length: kept }, () => line)))).toBe(true)
    expect(blobs.spool.usedBytes).toBe(0)
  })

  it('counts what each small chunk takes of the disk', async () => {
    const writer = await blobs.create('s1.cast')
    for (let n = 0; n < 20; n++) await cut(writer, 'x\n')
    expect(blobs.spool.usedBytes).toBeGreaterThan(20 * 4096)
    await writer.close()
  })
})

it('a chunk that the store has otherwise is told of', async () => {
  isAway = false
  await folderObjects({ folder: join(folder, 'store') }).create('s1.cast/00000001', Buffer.from('forged'))
  const writer = await blobs.create('s1.cast')
  await cut(writer, 'one\n')
  await expect.poll(() => blobs.shipper.stuck.size).toBe(1)
  await pass(1)
  expect(changes).toMatchObject([{ state: 'behind', report: { stuck: 1 } }])
  await writer.close()
})

it('each state has its event, and the last one ends the sessions', async () => {
  const temporary = await temporaryStore()
  try {
    const ended: string[] = []
    const parts = { clock, log: keptLog(), audit: temporary.store.audit, endAll: (why: string) => void ended.push(why) }
    const report = { ...blobs.pressure.report, waiting: 3, why: 'The store is away.' }
    const order = ['well', 'behind', 'slow', 'stopped', 'well'] as const
    for (const [n, state] of order.slice(1).entries()) spoolChanged({ ...report, state }, order[n]!, parts)
    await expect.poll(async () => (await temporary.store.audit.list({ limit: 9 })).length).toBe(4)
    const events = await temporary.store.audit.list({ limit: 9 })
    expect(events.map(({ type }) => type).reverse()).toEqual([
      'spool.delayed',
      'spool.slowed',
      'spool.stopped',
      'spool.recovered',
    ])
    expect(events[3]!.detail).toMatchObject({ before: 'well', waiting: 3, limitBytes: MIB, why: 'The store is away.' })
    expect(ended).toEqual([STOPPED])
  } finally {
    await temporary.close()
  }
})
