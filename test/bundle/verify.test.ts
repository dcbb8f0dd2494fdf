/**
 * A bundle against whoever has it in hand: random changes of the archive's bytes and of what is in it, each found, and no
 * alarm where nothing was changed. `SALLYPORT_LONG=1` plays 10,000 of them.
 */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifyBundle } from '../../src/bundle/verify.ts'
import { zipStream } from '../../src/bundle/zip.ts'
import { exported, newScene, type Scene, unzipped } from './parts.ts'

const RUNS = process.env.SALLYPORT_LONG === '1' ? 10_000 : 100

let scene: Scene
let bytes: Buffer
let files: ReadonlyMap<string, Buffer>

beforeAll(async () => {
  scene = await newScene({ lines: 3 })
  bytes = await exported(scene)
  files = await unzipped(bytes)
})
afterAll(() => scene.close())

const verify = (archive: Uint8Array) => verifyBundle(new Blob([new Uint8Array(archive)]))

async function zipped(content: Iterable<readonly [string, Uint8Array]>): Promise<Buffer> {
  const stream = zipStream(new Date('2026-11-24T20:00:00Z'), async (zip) => {
    for (const [name, bytes] of content) {
      const once = async function* () {
        yield bytes
      }
      await zip.add(name, once())
    }
  })
  return Buffer.from(await new Response(stream).arrayBuffer())
}

type Change = (content: Map<string, Buffer>) => void

const name = () => fc.constantFrom(...files.keys())
const flipped = (): fc.Arbitrary<Change> =>
  fc.tuple(name(), fc.nat(), fc.integer({ min: 1, max: 255 })).map(([file, at, other]) => (content) => {
    const copy = Buffer.from(content.get(file)!)
    copy[at % copy.length]! ^= other
    content.set(file, copy)
  })
const cut = (): fc.Arbitrary<Change> =>
  fc.tuple(name(), fc.nat()).map(([file, at]) => (content) => {
    const whole = content.get(file)!
    content.set(file, whole.subarray(0, at % whole.length))
  })
const grown = (): fc.Arbitrary<Change> =>
  fc.tuple(name(), fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 50 })).map(([file, at, more]) => (content) => {
    const whole = content.get(file)!
    const place = at % (whole.length + 1)
    content.set(file, Buffer.concat([whole.subarray(0, place), more, whole.subarray(place)]))
  })
const dropped = (): fc.Arbitrary<Change> => name().map((file) => (content) => void content.delete(file))
const added = (): fc.Arbitrary<Change> =>
  fc.stringMatching(/^[a-z]{3,9}\.txt$/).map((file) => (content) => void content.set(file, Buffer.from('x')))
const swapped = (): fc.Arbitrary<Change> =>
  fc.uniqueArray(name(), { minLength: 2, maxLength: 2 }).map(([one, other]) => (content) => {
    const [first, second] = [content.get(one!)!, content.get(other!)!]
    content.set(one!, second)
    content.set(other!, first)
  })

describe('a changed bundle', () => {
  it('raises no alarm where it was only packed again', async () => {
    expect((await verify(bytes)).findings).toEqual([])
    expect((await verify(await zipped([...files].reverse()))).findings).toEqual([])
  })

  it(`is found, whatever was changed in it (${RUNS} changes)`, async () => {
    const change = fc.oneof(flipped(), cut(), grown(), dropped(), added(), swapped())
    await fc.assert(
      fc.asyncProperty(change, async (apply) => {
        const content = new Map(files)
        apply(content)
        expect((await verify(await zipped(content))).findings).not.toEqual([])
      }),
      { numRuns: RUNS },
    )
  })

  it(`is found by any byte of the archive that changes what it says (${RUNS / 4} changes)`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, other) => {
        const copy = Buffer.from(bytes)
        copy[at]! ^= other
        if ((await verify(copy)).findings.length > 0) return
        // Dates and attributes of the archive's own say nothing; what it holds must then be the same in every byte.
        expect(await unzipped(copy)).toEqual(files)
      }),
      { numRuns: RUNS / 4 },
    )
  })

  it('is told with the file, and the chunk', async () => {
    const recording = [...files.keys()].find((file) => file.endsWith('/recording.cast'))!
    const content = new Map(files)
    const copy = Buffer.from(content.get(recording)!)
    copy[copy.length - 5]! ^= 1
    content.set(recording, copy)
    const told = (await verify(await zipped(content))).findings.map(({ file, message }) => `${file}: ${message}`)
    expect(told[0]).toBe(`${recording}: Its bytes are not what was signed.`)
    expect(told[1]).toMatch(/recording\.cast: Chunk \d+ is not what was signed\.$/)
  })

  it('is found in what the log signed of it, where somebody made a manifest of their own', async () => {
    const content = new Map(files)
    const approvals = [...files.keys()].find((file) => file.endsWith('/approvals.jsonl'))!
    const forged = Buffer.from(content.get(approvals)!.toString().replaceAll('Bob Bell', 'Erin East'))
    content.set(approvals, forged)
    const manifest = JSON.parse(content.get('manifest.json')!.toString())
    const { createHash } = await import('node:crypto')
    for (const file of manifest.files) {
      if (file.name !== approvals) continue
      file.size = forged.length
      file.sha256 = createHash('sha256').update(forged).digest('hex')
    }
    content.set('manifest.json', Buffer.from(`${JSON.stringify(manifest, undefined, 1)}\n`))
    const told = (await verify(await zipped(content))).findings.map(({ file }) => file)
    expect(told).toEqual(['manifest.json'])
  })

  it('is no reason to fail otherwise: whatever is given is told of', async () => {
    for (const archive of [new Uint8Array(), Buffer.from('PK\x05\x06'), bytes.subarray(0, bytes.length / 2)]) {
      expect((await verify(archive)).findings).toHaveLength(1)
    }
    expect((await verify(await zipped([['manifest.json', Buffer.from('{}')]]))).findings).not.toEqual([])
  })
})
