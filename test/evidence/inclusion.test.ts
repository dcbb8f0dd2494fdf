/** Proofs of events, out of the tiles of a real store: each one holds, and none holds for anything else. */
import { generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openEventProof, proveEvents } from '../../src/evidence/inclusion.ts'
import { eventHash, rowDigest } from '../../src/evidence/leaf.ts'
import { signLogCheckpoint } from '../../src/evidence/log-checkpoint.ts'
import { Tree } from '../../src/evidence/merkle.ts'
import { parseVerifier, verifierOf } from '../../src/evidence/note.ts'
import { tileBytes } from '../../src/evidence/tiles.ts'
import { newPlace, type Place } from './parts.ts'

let place: Place
beforeEach(async () => {
  place = await newPlace()
})
afterEach(() => place.remove())

async function proven(count: number) {
  await (await place.open()).store.close()
  place.fill(count)
  const { store, log, stop } = await place.open()
  const rows = await store.evidence.rows(0, count)
  return {
    store,
    stop,
    verifier: parseVerifier(log.verifierKey),
    digests: new Map(rows.map((row) => [Number(row.seq), rowDigest(row)])),
  }
}

describe('the proof of an event', () => {
  it('leads from each event to the newest checkpoint, at every size and over three levels of tiles', async () => {
    const MOST = 66_000
    const digest = (seq: number) => `digest of ${seq}`
    const tree = new Tree()
    for (let seq = 1; seq <= MOST; seq++) tree.append(eventHash(seq, digest(seq)))
    const { privateKey } = generateKeyPairSync('ed25519')
    const signer = { name: 'log.example', privateKey }
    const log = verifierOf(signer)
    const sizes = fc
      .integer({ min: 1, max: MOST })
      .chain((size) => fc.tuple(fc.integer({ min: 1, max: size }), fc.constant(size)))
    await fc.assert(
      fc.asyncProperty(sizes, async ([seq, size]) => {
        const at = new Date('2026-03-01T09:30:00Z')
        const note = signLogCheckpoint({ size, root: tree.root(size), number: 1, at, isClosed: false }, signer)
        // The tree has grown since, as a busy bastion's has.
        const tile = async (level: number, index: number) => {
          const width = Math.min(256, Math.floor(MOST / 256 ** level) - index * 256)
          return tileBytes({ level, index, width }, tree.read)
        }
        const store = { tile, lastCheckpoint: async () => ({ number: 1, note }) }
        const [proof] = await proveEvents(store, [seq], log)
        expect(openEventProof(proof?.text ?? '', { seq, digest: digest(seq), log }).size).toBe(size)
      }),
      {
        numRuns: 30,
        examples: [[[1, 1]], [[256, 256]], [[257, 257]], [[1, 65_536]], [[65_537, 65_537]], [[1, MOST]]],
      },
    )
  })

  it('has the text of c2sp.org/tlog-proof, with the checkpoint behind an empty line', async () => {
    const { store, stop, verifier } = await proven(5)
    const [proof] = await proveEvents(store.evidence, [3], verifier)
    const last = await store.evidence.lastCheckpoint()
    expect(proof?.text).toMatch(/^c2sp\.org\/tlog-proof@v1\nindex 2\n(?:[A-Za-z0-9+/]{43}=\n){3}\n/)
    expect(proof?.text.endsWith(`\n\n${last?.note}`)).toBe(true)
    await stop()
  })

  it('is not given for what nobody has signed yet', async () => {
    const { store, stop, verifier } = await proven(5)
    place.fill(2)
    const proofs = await proveEvents(store.evidence, [4, 6, 7], verifier)
    expect(proofs.map(({ seq }) => seq)).toEqual([4])
    await stop()
  })

  it('holds for no other event, row, key or text', async () => {
    const { store, stop, verifier, digests } = await proven(70)
    const other = await newPlace()
    const { log, stop: stopOther } = await other.open()
    const [proof] = await proveEvents(store.evidence, [33], verifier)
    const text = proof?.text ?? ''
    const digest = digests.get(33) ?? ''
    const opened =
      (changed: string, of = { seq: 33, digest, log: verifier }) =>
      () =>
        openEventProof(changed, of)
    expect(opened(text)).not.toThrow()
    expect(opened(text, { seq: 34, digest, log: verifier })).toThrow('does not lead')
    expect(opened(text, { seq: 33, digest: digests.get(34) ?? '', log: verifier })).toThrow('does not lead')
    expect(opened(text, { seq: 33, digest, log: parseVerifier(log.verifierKey) })).toThrow('cannot be trusted')
    await fc.assert(
      fc.asyncProperty(fc.nat(text.length - 1), fc.constantFrom('x', '7', '\n', '', '+', ' '), async (at, put) => {
        const changed = text.slice(0, at) + put + text.slice(at + 1)
        if (changed !== text) expect(opened(changed), JSON.stringify(changed)).toThrow()
      }),
      { numRuns: 300 },
    )
    await stopOther()
    await other.remove()
    await stop()
  })

  it('is not made of hashes that somebody changed or took away', async () => {
    const { store, stop, verifier, digests } = await proven(300)
    place.tamper((database) => database.exec('update log_tiles set hashes = zeroblob(32 * 44) where position = 1'))
    const [proof] = await proveEvents(store.evidence, [7], verifier)
    const of = { seq: 7, digest: digests.get(7) ?? '', log: verifier }
    expect(() => openEventProof(proof?.text ?? '', of)).toThrow('does not lead')
    place.tamper((database) => database.exec('delete from log_tiles where position = 1'))
    await expect(proveEvents(store.evidence, [7], verifier)).rejects.toThrow('tile/0/001.p/44 has 0 bytes')
    await stop()
  })
})
