/**
 * Recordings against whoever owns the folder they lie in: random changes of real ones, each found with its chunk, and no
 * alarm where nothing was changed. `SALLYPORT_LONG=1` plays 10,000 of them.
 */
import { cpSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fileBlobs } from '../../src/blob/file/blobs.ts'
import type { Sealed } from '../../src/core/chunk.ts'
import { newSessionId } from '../../src/core/ids.ts'
import type { Store } from '../../src/core/ports.ts'
import { blobSource } from '../../src/evidence/chunk-source.ts'
import { type NoteVerifier, parseVerifier } from '../../src/evidence/note.ts'
import type { RecordingsReport } from '../../src/evidence/recording-report.ts'
import { verifyAudit } from '../../src/evidence/verify.ts'
import { verifyRecordings } from '../../src/evidence/verify-recordings.ts'
import { ChunkedWriter } from '../../src/recording/chunked-writer.ts'
import { readSqliteState } from '../../src/store/sqlite/read-only.ts'
import { newPlace, type Place } from './parts.ts'

const RUNS = process.env.SALLYPORT_LONG === '1' ? 10_000 : 100

let place: Place
let log: NoteVerifier
let source: string
/** As they were sealed, each with where its chunks begin. */
let recordings: readonly { readonly name: string; readonly sealed: Sealed; readonly starts: readonly number[] }[]

async function record(store: Store, chunks: number, fill: string) {
  const session = newSessionId()
  const name = `${session}.cast`
  const seal = async (type: 'recording.started' | 'recording.stored' | 'recording.sealed', detail: object) => {
    const event = { type, at: place.clock.now(), actor: undefined, actorName: undefined, session, hold: undefined }
    await store.audit.append({ ...event, detail: { ...detail } })
  }
  const blobs = fileBlobs({ folder: join(place.folder, 'recordings') })
  const writer = new ChunkedWriter({ writer: await blobs.create(name), clock: place.clock, name, seal })
  await seal('recording.started', { name })
  // Each has another length, so that nothing that is moved keeps its bounds.
  for (let n = 0; n < chunks; n++) {
    await writer.append(Buffer.from(`[0.1,"o","${fill} ${n} ${'x'.repeat(20 + 7 * n)}"]\n`))
    place.clock.advance(2_000)
  }
  return { name, writer }
}

beforeAll(async () => {
  place = await newPlace()
  source = join(place.folder, 'recordings')
  const { store, log: evidence, stop } = await place.open()
  log = parseVerifier(evidence.verifierKey)
  const sealed = []
  for (const [chunks, fill] of [
    [5, 'a'],
    [150, 'b'],
    [1, 'c'],
  ] as const) {
    const { name, writer } = await record(store, chunks, fill)
    sealed.push({ name, sealed: await writer.close() })
  }
  await stop()
  const bytes = ({ name }: { name: string }) => readFileSync(join(source, name), 'utf8')
  recordings = sealed.map((one) => {
    const lines = bytes(one).split(/(?<=\n)/)
    const starts = [0]
    for (const line of lines.slice(0, -1)) starts.push((starts.at(-1) ?? 0) + line.length)
    return { ...one, starts }
  })
  expect(recordings.map(({ sealed: { count }, starts }) => [count, starts.length])).toEqual([
    [5, 5],
    [150, 150],
    [1, 1],
  ])
})
afterAll(() => place.remove())

async function verify(folder = source, only?: ReadonlySet<string>): Promise<RecordingsReport> {
  const state = readSqliteState(place.file)
  try {
    const audit = await verifyAudit({ store: state.evidence, log, elsewhere: [] })
    expect(audit.findings).toEqual([])
    return await verifyRecordings({ store: state.evidence, audit, source: blobSource(fileBlobs({ folder })), only })
  } finally {
    state.close()
  }
}

async function afterChange(change: (folder: string) => void): Promise<RecordingsReport> {
  const copy = join(place.folder, 'copy')
  rmSync(copy, { recursive: true, force: true })
  cpSync(source, copy, { recursive: true })
  change(copy)
  return verify(copy)
}

const found = ({ findings }: RecordingsReport) =>
  findings.map(({ kind, recording, from, to }) => ({ kind, recording, from, to }))

interface Tampering {
  readonly what: string
  readonly change: (folder: string) => void
  readonly expected: (report: RecordingsReport) => void
}

const ofRecording = (make: (one: (typeof recordings)[number]) => fc.Arbitrary<Tampering>): fc.Arbitrary<Tampering> =>
  fc.nat(2).chain((index) => make(recordings[index]!))
const edit = (name: string, how: (bytes: Buffer) => Uint8Array) => (folder: string) =>
  writeFileSync(join(folder, name), how(readFileSync(join(folder, name))))
const chunkAt = (starts: readonly number[], byte: number) => starts.filter((start) => start <= byte).length
const only =
  (kind: string, recording: string, from: number, to = from) =>
  (report: RecordingsReport) =>
    expect(found(report)).toEqual([{ kind, recording, from, to }])

function tampering(): fc.Arbitrary<Tampering> {
  return fc.oneof(
    ofRecording(({ name, sealed, starts }) =>
      fc.tuple(fc.nat(sealed.bytes - 1), fc.integer({ min: 1, max: 255 })).map(([at, other]) => ({
        what: `byte ${at} of ${name} changed`,
        change: edit(name, (bytes) => {
          bytes[at]! ^= other
          return bytes
        }),
        expected: only('changed', name, chunkAt(starts, at)),
      })),
    ),
    ofRecording(({ name, sealed, starts }) =>
      fc.nat(sealed.bytes - 1).map((length) => ({
        what: `${name} cut to ${length}`,
        change: (folder: string) => truncateSync(join(folder, name), length),
        expected: only('truncated', name, chunkAt(starts, length), sealed.count),
      })),
    ),
    fc.tuple(fc.nat(1), fc.nat(), fc.nat()).map(([index, one, other]) => {
      const { name, sealed, starts } = recordings[index]!
      const [a, b] = [one % (sealed.count - 1), other % (sealed.count - 1)].sort((x, y) => x - y) as [number, number]
      return {
        what: `chunks ${a + 1} to ${b + 1} of ${name} cut out`,
        change: edit(name, (bytes) => Buffer.concat([bytes.subarray(0, starts[a]), bytes.subarray(starts[b + 1])])),
        expected: only('dropped', name, a + 1, b + 1),
      }
    }),
    ofRecording(({ name, sealed, starts }) =>
      fc.tuple(fc.nat(sealed.bytes), fc.uint8Array({ minLength: 1, maxLength: 40 })).map(([at, more]) => ({
        what: `bytes put into ${name} at ${at}`,
        change: edit(name, (bytes) => Buffer.concat([bytes.subarray(0, at), more, bytes.subarray(at)])),
        expected: (report: RecordingsReport) => {
          // What is put in may equal what follows; the chunk where the two begin to differ is what can be told.
          expect(report.findings).toHaveLength(1)
          expect(report.findings[0]).toMatchObject({ kind: 'added', recording: name })
          expect(report.findings[0]!.from).toBeGreaterThanOrEqual(Math.min(chunkAt(starts, at), sealed.count))
          expect(report.findings[0]!.from).toBeLessThanOrEqual(chunkAt(starts, at + more.length) + 1)
        },
      })),
    ),
    fc
      .tuple(fc.nat(148), fc.nat(148))
      .map(([one, other]) => [Math.min(one, other), Math.max(one, other) + 1] as const)
      .map(([a, b]) => ({
        what: `chunks ${a + 1} and ${b + 1} swapped`,
        change: (folder: string) => {
          const { name, starts, sealed } = recordings[1]!
          const bytes = readFileSync(join(folder, name))
          const part = (n: number) => bytes.subarray(starts[n], starts[n + 1] ?? sealed.bytes)
          const parts = starts.map((_, n) => part(n === a ? b : n === b ? a : n))
          writeFileSync(join(folder, name), Buffer.concat(parts))
        },
        expected: (report: RecordingsReport) => {
          const chunks = found(report).map(({ recording, from }) => [recording, from])
          expect(chunks[0]).toEqual([recordings[1]!.name, a + 1])
          expect(chunks.at(-1)).toEqual([recordings[1]!.name, b + 1])
        },
      })),
    fc.constantFrom([0, 1], [0, 2], [1, 2]).map(([a, b]) => ({
      what: `recordings ${a} and ${b} swapped`,
      change: (folder: string) => {
        const [one, other] = [join(folder, recordings[a!]!.name), join(folder, recordings[b!]!.name)]
        renameSync(one, `${one}.aside`)
        renameSync(other, one)
        renameSync(`${one}.aside`, other)
      },
      expected: (report: RecordingsReport) =>
        expect(new Set(found(report).map(({ recording }) => recording))).toEqual(
          new Set([recordings[a!]!.name, recordings[b!]!.name]),
        ),
    })),
    ofRecording(({ name, sealed }) =>
      fc.constant({
        what: `${name} removed`,
        change: (folder: string) => rmSync(join(folder, name)),
        expected: only('missing', name, 1, sealed.count),
      }),
    ),
    fc.constant({
      what: 'a recording of nobody’s',
      change: (folder: string) => cpSync(join(folder, recordings[0]!.name), join(folder, 's0.cast')),
      expected: only('added', 's0.cast', 0),
    }),
  )
}

describe('recordings verify', () => {
  it('has nothing to say of what lies as it was sealed', async () => {
    expect(await verify()).toMatchObject({ sealed: 3, open: 0, unproven: 0, chunks: 156, findings: [] })
  })

  it(`fault 38: finds each of ${RUNS} random changes where it is`, async () => {
    await fc.assert(
      fc.asyncProperty(tampering(), async ({ change, expected }) => {
        expected(await afterChange(change))
      }),
      { numRuns: RUNS },
    )
  }, 900_000)

  it('fault 38: names the chunk of another recording that lies in the place of one', async () => {
    const [one, , other] = recordings
    const report = await afterChange((folder) => cpSync(join(folder, other!.name), join(folder, one!.name)))
    expect(report.findings.map(({ recording }) => recording)).toContain(one!.name)
    const long = await afterChange((folder) =>
      edit(recordings[1]!.name, (bytes) => {
        // Of the same length: the first chunk of one in place of as many bytes of the other.
        const head = readFileSync(join(folder, one!.name)).subarray(0, one!.starts[1])
        return Buffer.concat([head, bytes.subarray(recordings[1]!.starts[1])])
      })(folder),
    )
    expect(long.findings).toMatchObject([
      { kind: 'moved', recording: recordings[1]!.name, from: 1, to: 1, message: `This is chunk 1 of ${one!.name}.` },
    ])
  })

  it('looks at one recording where it is asked for one, and says where there is none', async () => {
    const { name } = recordings[2]!
    expect(await verify(source, new Set([name]))).toMatchObject({ sealed: 1, chunks: 1, findings: [] })
    expect(found(await verify(source, new Set(['s1.cast'])))).toEqual([
      { kind: 'missing', recording: 's1.cast', from: 0, to: 0 },
    ])
  })

  it('compares what the log has of a recording that still grows, and believes no event that was changed', async () => {
    const running = await newPlace()
    const [before, beforeSource] = [place, source]
    try {
      place = running
      const { store, log: evidence, stop } = await running.open()
      const { name, writer } = await record(store, 70, 'd')
      const folder = join(running.folder, 'recordings')
      const look = async () => {
        const state = readSqliteState(running.file)
        try {
          const key = parseVerifier(evidence.verifierKey)
          const audit = await verifyAudit({ store: state.evidence, log: key, elsewhere: [] })
          const blobs = blobSource(fileBlobs({ folder }))
          return await verifyRecordings({ store: state.evidence, audit, source: blobs })
        } finally {
          state.close()
        }
      }
      const told = await look()
      expect(told).toMatchObject({ sealed: 0, open: 1, findings: [] })
      expect(told.chunks).toBeGreaterThanOrEqual(60)
      await writer.close()
      await stop()
      running.tamper((db) =>
        db.exec(`update audit set detail = replace(detail, '"from":1,', '"from":1, ') where seq = 2`),
      )
      expect(found(await look())).toEqual([{ kind: 'untold', recording: name, from: 0, to: 0 }])
    } finally {
      ;[place, source] = [before, beforeSource]
      await running.remove()
    }
  })
})
