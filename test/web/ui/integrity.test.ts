/** The browser's own check: what is whole is found whole, and any change of bytes, events or proofs is found. */
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { chunkDetail, sealedDetail } from '../../../src/core/chunk.ts'
import { proveEvents } from '../../../src/evidence/inclusion.ts'
import { parseVerifier } from '../../../src/evidence/note.ts'
import type { RecordingEvidence } from '../../../src/web/routes/recording-evidence.ts'
import { checkRecording } from '../../../src/web/ui/src/integrity.ts'
import { eventOf, newPlace, type Place } from '../../evidence/parts.ts'

let place: Place
beforeEach(async () => {
  place = await newPlace()
})
afterEach(() => place.remove())

const CHUNKS = Array.from({ length: 5 }, (_, n) => Buffer.from(`chunk ${n} `.repeat(50 + n)))
const BYTES = Buffer.concat(CHUNKS)
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const list = (from: number, to: number) =>
  CHUNKS.slice(from - 1, to).map((chunk) => ({ bytes: chunk.length, sha256: sha256(chunk) }))

async function* inPieces(bytes: Uint8Array, size = 97) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

/** Two events among others: chunks 1 to 3, and the rest with the seal. */
async function evidence(isSealed: boolean): Promise<RecordingEvidence> {
  const { store, log, stop } = await place.open()
  const append = async (n: number, more = {}) => (await store.audit.append({ ...eventOf(n), ...more })).seq
  for (let n = 1; n <= 9; n++) await append(n)
  const name = 's1.cast'
  const seqs = [
    await append(10, { type: 'recording.stored', detail: chunkDetail({ name, from: 1, chunks: list(1, 3) }) }),
  ]
  await append(11)
  if (isSealed) {
    const whole = { count: 5, bytes: BYTES.length, sha256: sha256(BYTES) }
    const detail = sealedDetail({ name, from: 4, chunks: list(4, 5), ...whole })
    seqs.push(await append(12, { type: 'recording.sealed', detail }))
  }
  await stop()
  const again = await place.open()
  const proofs = await proveEvents(again.store.evidence, seqs, parseVerifier(log.verifierKey))
  const rows = await again.store.evidence.rows(0, 100)
  await again.stop()
  return {
    logKey: log.verifierKey,
    name,
    sizeBytes: BYTES.length,
    events: seqs.map((seq) => ({
      seq,
      columns: rows[seq - 1]!.columns.map((bytes) =>
        bytes === undefined ? null : Buffer.from(bytes).toString('base64'),
      ),
      proof: proofs.find((proof) => proof.seq === seq)?.text ?? null,
    })),
  }
}

describe('the check in the browser', () => {
  it('finds a whole recording whole, in whatever pieces it comes', async () => {
    const of = await evidence(true)
    for (const size of [1, 97, 100_000]) {
      const grade = await checkRecording(of, inPieces(BYTES, size))
      expect(grade).toMatchObject({
        kind: 'sealed',
        chunks: 5,
        bytes: BYTES.length,
        key: of.logKey.split('+').slice(0, 2).join('+'),
      })
    }
  })

  it('says so where it is not sealed, or not signed', async () => {
    const of = await evidence(false)
    expect(await checkRecording(of, inPieces(BYTES))).toMatchObject({ kind: 'open', chunks: 3 })
    const unsigned = { ...of, events: of.events.map((event) => ({ ...event, proof: null })) }
    expect(await checkRecording(unsigned, inPieces(BYTES))).toMatchObject({ kind: 'open', chunks: 0 })
  })

  it('finds each changed, dropped or added byte, with its chunk', async () => {
    const of = await evidence(true)
    const changes = fc.constantFrom('changed', 'dropped', 'added')
    await fc.assert(
      fc.asyncProperty(fc.nat(BYTES.length - 1), changes, fc.integer({ min: 1, max: 255 }), async (at, change, by) => {
        const bytes = Buffer.concat([
          BYTES.subarray(0, at),
          change === 'changed' ? Buffer.from([BYTES[at]! ^ by]) : Buffer.alloc(0),
          change === 'added' ? Buffer.from([BYTES[at]! ^ by, BYTES[at]!]) : Buffer.alloc(0),
          BYTES.subarray(at + 1),
        ])
        const grade = await checkRecording(of, inPieces(bytes))
        let end = 0
        const chunk = CHUNKS.findIndex((each) => {
          end += each.length
          return at < end
        })
        // What was dropped may be the same as what comes behind it: then it is the next chunk that ends differently.
        expect(grade).toMatchObject({ kind: 'differs' })
        if (grade.kind === 'differs' && change === 'changed') expect(grade.chunk).toBe(chunk + 1)
      }),
      { numRuns: 150 },
    )
    expect(await checkRecording(of, inPieces(BYTES.subarray(0, -1)))).toMatchObject({ kind: 'differs', chunk: 5 })
    const more = Buffer.concat([BYTES, Buffer.from('x')])
    expect(await checkRecording(of, inPieces(more))).toMatchObject({ kind: 'differs', chunk: 6 })
  })

  it('believes no event, proof or key that was touched', async () => {
    const of = await evidence(true)
    const [first, last] = of.events
    const other = Buffer.from(
      JSON.stringify(sealedDetail({ name: of.name, from: 4, chunks: [], count: 3, bytes: 0, sha256: '' })),
    )
    const forged: RecordingEvidence[] = [
      { ...of, events: [last!] },
      { ...of, events: [last!, first!] },
      { ...of, events: [{ ...first!, columns: last!.columns }, last!] },
      { ...of, events: [first!, { ...last!, columns: last!.columns.with(6, other.toString('base64')) }] },
      { ...of, events: [first!, { ...last!, columns: [] }] },
      { ...of, events: [first!, { ...last!, proof: first!.proof }] },
      { ...of, events: [first!, { ...last!, seq: last!.seq - 1 }] },
      { ...of, name: 's2.cast' },
    ]
    for (const [at, evidence] of forged.entries()) {
      expect((await checkRecording(evidence, inPieces(BYTES))).kind, `forgery ${at}`).toBe('differs')
    }
    const proof = last?.proof ?? ''
    await fc.assert(
      fc.asyncProperty(fc.nat(proof.length - 1), fc.constantFrom('A', '7', '\n', 'x', ''), async (at, put) => {
        const touched = proof.slice(0, at) + put + proof.slice(at + 1)
        const grade = await checkRecording({ ...of, events: [first!, { ...last!, proof: touched }] }, inPieces(BYTES))
        if (touched !== proof) expect(grade.kind, JSON.stringify(touched)).toBe('differs')
      }),
      { numRuns: 200 },
    )
  })
})
