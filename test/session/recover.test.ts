/** What the next bastion makes of the sessions of one that died: every byte kept, marked, sealed. */
import { appendFile, mkdtemp, readFile, rm, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fileBlobs } from '../../src/blob/file/blobs.ts'
import { readSealed } from '../../src/core/chunk.ts'
import { newSessionId } from '../../src/core/ids.ts'
import type { BlobStore, BlobWriter } from '../../src/core/ports.ts'
import { parseCast } from '../../src/recording/asciicast-reader.ts'
import { startRecording } from '../../src/recording/recorder.ts'
import { DIED, finishSessions } from '../../src/session/recover.ts'
import { fixtures } from '../contract/fixtures.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { keptLog, type TemporaryStore, temporaryStore } from '../support/store.ts'

const clock = new ManualClock(new Date('2026-03-01T09:30:00Z'))
const make = fixtures(clock)
const header = { cols: 80, rows: 24, term: 'xterm', timestamp: 1, title: 't', command: undefined, tags: [] }

let folder: string
let temporary: TemporaryStore
let blobs: BlobStore
const left: BlobWriter[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-recover-'))
  temporary = await temporaryStore()
  const files = fileBlobs({ folder })
  blobs = {
    ...files,
    async create(name) {
      const writer = await files.create(name)
      left.push(writer)
      return writer
    },
  }
})
afterEach(async () => {
  // The system closes what a killed process had open; here it is the same process.
  for (const writer of left.splice(0)) await writer.close()
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
    blobs,
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
  return { record, file: join(folder, name) }
}

const finish = () =>
  finishSessions({ store: temporary.store, blobs, clock, log: keptLog(), recordingName: (id) => `${id}.cast` })
const events = async (...types: ('recording.sealed' | 'recording.failed' | 'session.closed')[]) =>
  temporary.store.audit.list({ types, limit: 10 })

describe('finishSessions()', () => {
  it.each([0, 1, 70])('closes, marks and seals a recording of %i outputs', async (outputs) => {
    const { record, file } = await killed(outputs)
    const before = await readFile(file)
    expect(await finish()).toBe(1)
    const after = await readFile(file)
    expect(after.subarray(0, before.length).equals(before)).toBe(true)
    const { events: cast } = await parseCast(after.toString())
    expect(cast.at(-1)).toMatchObject({ kind: 'marker', label: expect.stringContaining(DIED) })
    const [sealed] = await events('recording.sealed')
    expect(sealed?.detail).toMatchObject({ finishedBy: 'the next bastion' })
    expect(readSealed(sealed!.detail)).toMatchObject({ name: `${record.id}.cast`, bytes: after.length })
    expect(await temporary.store.sessions.find(record.id)).toMatchObject({ endReason: DIED })
    expect(await events('session.closed')).toHaveLength(1)
    expect(await finish()).toBe(0)
  })

  it('cuts off a line that was not written whole, and says so', async () => {
    const { file } = await killed(3)
    const before = await readFile(file)
    await appendFile(file, '[0.1,"o","half')
    await finish()
    const after = await readFile(file, 'utf8')
    expect(after.startsWith(`${before}# 14 bytes of a line that nobody was shown were cut off here`)).toBe(true)
    await parseCast(after)
  })

  it('seals nothing that is shorter than the log has it', async () => {
    const { file } = await killed(70)
    await truncate(file, 100)
    await finish()
    expect(await events('recording.sealed')).toEqual([])
    expect(await events('recording.failed')).toHaveLength(1)
    expect((await readFile(file)).length).toBe(100)
  })

  it('ends a session whose recording never began', async () => {
    const record = { ...make.session(), endedAt: undefined }
    await temporary.store.sessions.insert(record)
    expect(await finish()).toBe(1)
    expect(await temporary.store.sessions.find(record.id)).toMatchObject({ endReason: DIED })
  })
})
