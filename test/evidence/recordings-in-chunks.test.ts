/**
 * Recordings in chunks against whoever owns the store: random changes of real ones, each found with its chunk, and no
 * alarm where nothing was changed. `SALLYPORT_LONG=1` plays 10,000 of them.
 */
import { cpSync, readdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { folderObjects } from '../../src/blob/folder/objects.ts'
import { spooledBlobs } from '../../src/blob/spool/blobs.ts'
import { piecewiseSource } from '../../src/blob/spool/source.ts'
import { Spool } from '../../src/blob/spool/spool.ts'
import type { Sealed } from '../../src/core/chunk.ts'
import { newSessionId } from '../../src/core/ids.ts'
import { type NoteVerifier, parseVerifier } from '../../src/evidence/note.ts'
import type { RecordingsReport } from '../../src/evidence/recording-report.ts'
import { verifyAudit } from '../../src/evidence/verify.ts'
import { verifyRecordings } from '../../src/evidence/verify-recordings.ts'
import { ChunkedWriter } from '../../src/recording/chunked-writer.ts'
import { readSqliteState } from '../../src/store/sqlite/read-only.ts'
import { keptLog } from '../support/store.ts'
import { newPlace, type Place } from './parts.ts'

const RUNS = process.env.SALLYPORT_LONG === '1' ? 10_000 : 30

let place: Place
let log: NoteVerifier
let store: string
let spool: string
let recordings: readonly { readonly name: string; readonly sealed: Sealed }[]

beforeAll(async () => {
  place = await newPlace()
  store = join(place.folder, 'store')
  spool = join(place.folder, 'spool')
  const { store: state, log: evidence, stop } = await place.open()
  log = parseVerifier(evidence.verifierKey)
  const { clock } = place
  const blobs = await spooledBlobs({
    folder: spool,
    objects: folderObjects({ folder: store }),
    clock,
    log: keptLog(),
    limits: { bytes: 2 ** 30, outageMs: 900_000 },
  })
  const record = async (chunks: number) => {
    const session = newSessionId()
    const name = `${session}.cast`
    const seal = async (type: 'recording.started' | 'recording.stored' | 'recording.sealed', detail: object) => {
      const event = { type, at: clock.now(), actor: undefined, actorName: undefined, session, hold: undefined }
      await state.audit.append({ ...event, detail: { ...detail } })
    }
    const writer = new ChunkedWriter({ writer: await blobs.create(name), clock, name, seal })
    await seal('recording.started', { name })
    for (let n = 0; n < chunks; n++) {
      await writer.append(Buffer.from(`[0.1,"o","${chunks} ${n} ${'x'.repeat(20 + 7 * n)}"]\n`))
      clock.advance(2_000)
    }
    return { name, sealed: await writer.close() }
  }
  recordings = [await record(5), await record(20), await record(1)]
  await blobs.shipper.settled()
  blobs.shipper.close()
  await stop()
  expect(recordings.map(({ sealed }) => sealed.count)).toEqual([5, 20, 1])
})
afterAll(() => place.remove())

async function verify(folder: string): Promise<RecordingsReport> {
  const state = readSqliteState(place.file)
  try {
    const audit = await verifyAudit({ store: state.evidence, log, elsewhere: [] })
    expect(audit.findings).toEqual([])
    const source = piecewiseSource({ spool: await Spool.open(spool), objects: folderObjects({ folder }) })
    return await verifyRecordings({ store: state.evidence, audit, source })
  } finally {
    state.close()
  }
}

async function afterChange(change: (folder: string) => void): Promise<RecordingsReport> {
  const copy = join(place.folder, 'copy')
  rmSync(copy, { recursive: true, force: true })
  cpSync(store, copy, { recursive: true })
  change(copy)
  return verify(copy)
}

const found = ({ findings }: RecordingsReport) =>
  findings.map(({ kind, recording, from, to }) => ({ kind, recording, from, to }))
const file = (folder: string, name: string, number: number) => join(folder, name, String(number).padStart(8, '0'))
const bytesOf = (folder: string, name: string, number: number) => readFileSync(file(folder, name, number))

interface Tampering {
  readonly change: (folder: string) => void
  readonly expected: readonly { readonly kind: string; readonly recording: string; from: number; to: number }[]
}

function tampering(): fc.Arbitrary<Tampering> {
  const chunk = fc.nat(2).chain((index) => {
    const { name, sealed } = recordings[index]!
    return fc.integer({ min: 1, max: sealed.count }).map((number) => ({ name, number, count: sealed.count }))
  })
  return fc.oneof(
    fc.tuple(chunk, fc.nat(), fc.integer({ min: 1, max: 255 })).map(([{ name, number }, at, other]) => ({
      change(folder: string) {
        const bytes = bytesOf(folder, name, number)
        bytes[at % bytes.length]! ^= other
        writeFileSync(file(folder, name, number), bytes)
      },
      expected: [{ kind: 'changed', recording: name, from: number, to: number }],
    })),
    fc.tuple(chunk, fc.nat()).map(([{ name, number }, length]) => ({
      change: (folder: string) =>
        truncateSync(file(folder, name, number), length % bytesOf(folder, name, number).length),
      expected: [{ kind: 'changed', recording: name, from: number, to: number }],
    })),
    fc.tuple(chunk, fc.uint8Array({ minLength: 1, maxLength: 40 })).map(([{ name, number }, more]) => ({
      change: (folder: string) => writeFileSync(file(folder, name, number), more, { flag: 'a' }),
      expected: [{ kind: 'changed', recording: name, from: number, to: number }],
    })),
    chunk.map(({ name, number, count }) => ({
      change: (folder: string) => rmSync(file(folder, name, number)),
      expected:
        count === 1
          ? [{ kind: 'missing', recording: name, from: 1, to: 1 }]
          : [{ kind: number === count ? 'truncated' : 'dropped', recording: name, from: number, to: number }],
    })),
    fc.integer({ min: 2, max: 20 }).map((from) => ({
      change(folder: string) {
        for (let number = from; number <= 20; number++) rmSync(file(folder, recordings[1]!.name, number))
      },
      expected: [{ kind: 'truncated', recording: recordings[1]!.name, from, to: 20 }],
    })),
    fc
      .uniqueArray(chunk, { minLength: 2, maxLength: 2, selector: ({ name, number }) => `${name} ${number}` })
      .map(([one, other]) => ({
        change(folder: string) {
          const [a, b] = [file(folder, one!.name, one!.number), file(folder, other!.name, other!.number)]
          renameSync(a, `${a}.aside`)
          renameSync(b, a)
          renameSync(`${a}.aside`, b)
        },
        expected: [one!, other!].map(({ name, number }) => ({
          kind: 'moved',
          recording: name,
          from: number,
          to: number,
        })),
      })),
    fc.nat(2).map((index) => ({
      change(folder: string) {
        const { name, sealed } = recordings[index]!
        writeFileSync(file(folder, name, sealed.count + 1), '[0.1,"o","more"]\n')
      },
      expected: [recordings[index]!].map(({ name, sealed: { count } }) => ({
        kind: 'added',
        recording: name,
        from: count + 1,
        to: count + 1,
      })),
    })),
    fc.nat(2).map((index) => ({
      change: (folder: string) => rmSync(join(folder, recordings[index]!.name), { recursive: true }),
      expected: [recordings[index]!].map(({ name, sealed: { count } }) => ({
        kind: 'missing',
        recording: name,
        from: 1,
        to: count,
      })),
    })),
    fc.constant({
      change: (folder: string) =>
        cpSync(join(folder, recordings[0]!.name), join(folder, 's0.cast'), { recursive: true }),
      expected: [{ kind: 'added', recording: 's0.cast', from: 0, to: 0 }],
    }),
  )
}

describe('recordings verify, of chunks in a store', () => {
  it('has nothing to say of what lies as it was sealed, also while some of it is in the spool', async () => {
    expect(readdirSync(store)).toHaveLength(3)
    const well = { sealed: 3, open: 0, unproven: 0, chunks: 26, findings: [] }
    expect(await verify(store)).toMatchObject(well)
    const { name } = recordings[0]!
    cpSync(join(store, name), join(spool, name), { recursive: true })
    try {
      expect(await afterChange((folder) => rmSync(file(folder, name, 5)))).toMatchObject(well)
    } finally {
      rmSync(join(spool, name), { recursive: true })
    }
  })

  it('believes the store where it and the spool differ', async () => {
    const { name } = recordings[0]!
    cpSync(join(store, name), join(spool, name), { recursive: true })
    try {
      const report = await afterChange((folder) => writeFileSync(file(folder, name, 2), 'forged'))
      expect(found(report)).toEqual([{ kind: 'changed', recording: name, from: 2, to: 2 }])
    } finally {
      rmSync(join(spool, name), { recursive: true })
    }
  })

  it(`fault 38: finds each of ${RUNS} random changes where it is`, async () => {
    const byPlace = (one: { recording: string; from: number }, other: { recording: string; from: number }) =>
      one.recording < other.recording ? -1 : one.recording > other.recording ? 1 : one.from - other.from
    await fc.assert(
      fc.asyncProperty(tampering(), async ({ change, expected }) => {
        expect(found(await afterChange(change)).sort(byPlace)).toEqual([...expected].sort(byPlace))
      }),
      { numRuns: RUNS },
    )
  }, 900_000)
})
