/** What the next bastion makes of the sessions of one that died: every byte kept, marked, sealed; wherever they lie. */
import { appendFile, mkdtemp, readFile, rm, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fileBlobs } from '../../src/blob/file/blobs.ts'
import { folderObjects } from '../../src/blob/folder/objects.ts'
import { type SpooledBlobs, spooledBlobs } from '../../src/blob/spool/blobs.ts'
import { readSealed } from '../../src/core/chunk.ts'
import { BastionError } from '../../src/core/errors.ts'
import { newSessionId } from '../../src/core/ids.ts'
import type { BlobStore, BlobWriter } from '../../src/core/ports.ts'
import { parseCast } from '../../src/recording/asciicast-reader.ts'
import { startRecording } from '../../src/recording/recorder.ts'
import { DIED, finishSessions } from '../../src/session/recover.ts'
import { readAll } from '../contract/blob.ts'
import { fixtures } from '../contract/fixtures.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { keptLog, type TemporaryStore, temporaryStore } from '../support/store.ts'

const clock = new ManualClock(new Date('2026-03-01T09:30:00Z'))
const make = fixtures(clock)
const header = { cols: 80, rows: 24, term: 'xterm', timestamp: 1, title: 't', command: undefined, tags: [] }

interface Place {
  readonly blobs: BlobStore
  /** Opens it as the next bastion does. */
  next(): Promise<BlobStore>
  /** The file that was written to at last. */
  lastFile(name: string): Promise<string>
}

const files = async (folder: string): Promise<Place> => {
  const blobs = fileBlobs({ folder })
  return { blobs, next: async () => blobs, lastFile: async (name) => join(folder, name) }
}

/** The store is taken away, or not, by whoever tests. */
const objects = { isAway: false }
const pieces = async (folder: string): Promise<Place> => {
  const stored = folderObjects({ folder: join(folder, 'store') })
  const unlessAway = <Result>(task: () => Promise<Result>) =>
    objects.isAway ? Promise.reject(new BastionError('unavailable', 'The store is away.')) : task()
  const store = {
    create: (...all: Parameters<typeof stored.create>) => unlessAway(() => stored.create(...all)),
    read: (...all: Parameters<typeof stored.read>) => unlessAway(() => stored.read(...all)),
    list: (...all: Parameters<typeof stored.list>) => unlessAway(() => stored.list(...all)),
  }
  const spool = join(folder, 'spool')
  let now: SpooledBlobs | undefined
  const next = async () => {
    await now?.shipper.settled()
    now?.shipper.close()
    now = await spooledBlobs({
      folder: spool,
      objects: store,
      clock,
      log: keptLog(),
      limits: { bytes: 2 ** 30, outageMs: 900_000 },
    })
    await now.shipper.settled()
    return now
  }
  return {
    blobs: await next(),
    next,
    async lastFile(name) {
      const last = (await now?.spool.chunks(name))?.at(-1)
      return join(spool, name, `${String(last?.number).padStart(8, '0')}.open`)
    },
  }
}

describe.each([
  ['a recording in one file', files],
  ['a recording in chunks', pieces],
])('finishSessions() of %s', (_what, open) => {
  let folder: string
  let temporary: TemporaryStore
  let place: Place
  const left: BlobWriter[] = []
  beforeEach(async () => {
    objects.isAway = false
    folder = await mkdtemp(join(tmpdir(), 'sallyport-recover-'))
    temporary = await temporaryStore()
    place = await open(folder)
  })
  afterEach(async () => {
    // The system closes what a killed process had open; here it is the same process.
    for (const writer of left.splice(0)) await writer.close().catch(() => {})
    await temporary.close()
    await rm(folder, { recursive: true })
  })

  /** A session as a kill leaves it: its recording is neither closed nor sealed. */
  async function killed(outputs: number) {
    const record = { ...make.session(), id: newSessionId(), endedAt: undefined }
    const { store } = temporary
    await store.sessions.insert(record)
    const name = `${record.id}.cast`
    const recorder = await startRecording({
      blobs: {
        ...place.blobs,
        async create(name) {
          const writer = await place.blobs.create(name)
          left.push(writer)
          return writer
        },
      },
      clock,
      name,
      header,
      async seal(type, detail) {
        await store.audit.append({ ...make.event({ type, session: record.id, hold: undefined }), detail })
      },
    })
    for (let n = 0; n < outputs; n++) {
      await recorder.output(Buffer.from(`line ${n}\r\n`))
      clock.advance(2_000)
    }
    // The last cut is under way; a kill may come before or behind it, and this test is about behind.
    await recorder.output(Buffer.from('last line\r\n'))
    return { record, name }
  }

  const finish = async () => {
    const blobs = await place.next()
    return finishSessions({ store: temporary.store, blobs, clock, log: keptLog(), recordingName: (id) => `${id}.cast` })
  }
  const bytes = async (name: string) => readAll(await place.next(), name)
  const events = async (...types: ('recording.sealed' | 'recording.failed' | 'session.closed')[]) =>
    temporary.store.audit.list({ types, limit: 10 })

  it.each([0, 1, 70])('closes, marks and seals a recording of %i outputs', async (outputs) => {
    const { record, name } = await killed(outputs)
    const before = await bytes(name)
    expect(before.toString().split('\n')).toHaveLength(outputs + 3)
    expect(await finish()).toEqual({ found: 1, left: [] })
    const after = await bytes(name)
    expect(after.subarray(0, before.length).equals(before)).toBe(true)
    const { events: cast } = await parseCast(after.toString())
    expect(cast.at(-1)).toMatchObject({ kind: 'marker', label: expect.stringContaining(DIED) })
    const [sealed] = await events('recording.sealed')
    expect(sealed?.detail).toMatchObject({ finishedBy: 'the next bastion' })
    expect(readSealed(sealed!.detail)).toMatchObject({ name, bytes: after.length })
    expect(await temporary.store.sessions.find(record.id)).toMatchObject({ endReason: DIED })
    expect(await events('session.closed')).toHaveLength(1)
    expect(await finish()).toEqual({ found: 0, left: [] })
  })

  it('cuts off a line that was not written whole, and says so', async () => {
    const { name } = await killed(3)
    const before = await bytes(name)
    await appendFile(await place.lastFile(name), '[0.1,"o","half')
    await finish()
    const after = (await bytes(name)).toString()
    expect(after.startsWith(`${before}# 14 bytes of a line that nobody was shown were cut off here`)).toBe(true)
    await parseCast(after)
  })

  it('ends a session whose recording never began', async () => {
    const record = { ...make.session(), endedAt: undefined }
    await temporary.store.sessions.insert(record)
    expect(await finish()).toMatchObject({ found: 1, left: [] })
    expect(await temporary.store.sessions.find(record.id)).toMatchObject({ endReason: DIED })
  })

  if (open === files) {
    it('seals nothing that is shorter than the log has it', async () => {
      const { name } = await killed(70)
      await truncate(join(folder, name), 100)
      await finish()
      expect(await events('recording.sealed')).toEqual([])
      expect(await events('recording.failed')).toHaveLength(1)
      expect((await readFile(join(folder, name))).length).toBe(100)
    })
    return
  }

  it('seals nothing of which a chunk is gone from the store', async () => {
    const { name } = await killed(70)
    await place.next()
    await rm(join(folder, 'store', name, '00000003'))
    await finish()
    expect(await events('recording.sealed')).toEqual([])
    expect((await events('recording.failed')).map(({ detail }) => detail.why)).toEqual([
      expect.stringMatching(/Chunk 3 .* gone/),
    ])
  })

  it('leaves a session whose store is away to the next try', async () => {
    const { record } = await killed(3)
    // Its first chunks are in the store, and its digest is over all of them.
    const blobs = await place.next()
    objects.isAway = true
    const parts = { store: temporary.store, blobs, clock, log: keptLog(), recordingName: (id: string) => `${id}.cast` }
    const { found, left: failed } = await finishSessions(parts)
    expect([found, failed.map(({ id }) => id)]).toEqual([1, [record.id]])
    expect(await events('recording.sealed', 'recording.failed', 'session.closed')).toEqual([])
    objects.isAway = false
    expect(await finishSessions(parts, failed)).toEqual({ found: 1, left: [] })
    expect(await events('recording.sealed')).toHaveLength(1)
  })
})
