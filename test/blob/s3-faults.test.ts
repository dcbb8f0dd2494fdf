/**
 * A bastion's spool, an S3 server, and between them whatever networks and servers do: no byte is lost, and nothing counts as
 * stored that is not. `SALLYPORT_LONG=1` plays more.
 */
import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { s3Objects } from '../../src/blob/s3/objects.ts'
import { spooledBlobs } from '../../src/blob/spool/blobs.ts'
import { type Clock, systemClock } from '../../src/core/clock.ts'
import { type BastionError, codeOf } from '../../src/core/errors.ts'
import type { ObjectStore } from '../../src/core/ports.ts'
import { readAll } from '../contract/blob.ts'
import { keptLog } from '../support/store.ts'
import { FAULTS as ALL_FAULTS, type Fault, type FaultyProxy, startFaultyProxy } from './faulty-proxy.ts'
import { type S3Server, startS3Server } from './s3-server.ts'

const RUNS = process.env.SALLYPORT_LONG === '1' ? 300 : 8

/** A request that is cut off is not played: s3rver keeps the half of it that came, as no S3 does. */
const FAULTS = ALL_FAULTS.filter((fault) => fault !== 'cut-request')

let server: S3Server
let proxy: FaultyProxy
let places = 0
beforeAll(async () => {
  server = await startS3Server()
  proxy = await startFaultyProxy(server.settings.endpoint!)
})
afterAll(async () => {
  await proxy.close()
  await server.close()
})

/** The same objects twice: through the proxy, and past it. */
function newPlace(): { readonly through: ObjectStore; readonly past: ObjectStore } {
  const settings = { ...server.settings, prefix: `faults/${places++}/` }
  return {
    through: s3Objects({ ...settings, endpoint: proxy.url }, { clock: systemClock }),
    past: s3Objects(settings, { clock: systemClock }),
  }
}
const bytes = Buffer.from('[0.1,"o","what was shown"]\n')
const code = (task: Promise<unknown>) =>
  task.then(
    () => undefined,
    (error: BastionError) => codeOf(error),
  )
/** Rests are a hundred times shorter; what a try may take is not. */
const restless: Clock = {
  now: systemClock.now,
  after: (ms, task) => systemClock.after(ms <= 5_000 ? ms / 100 : ms, task),
}
const play = (...faults: Fault[]) => {
  const left = [...faults]
  proxy.next = (method) => (method === 'HEAD' ? 'none' : (left.shift() ?? 'none'))
}

describe('fault 53: create() through', () => {
  it.each(FAULTS)('%s: what it says is true, and the next try has it stored', async (fault) => {
    const { through, past } = newPlace()
    play(fault)
    const said = await code(through.create('s1/00000001', bytes))
    // “Stored” is said only of what is there.
    if (said === undefined) expect(Buffer.from(await past.read('s1/00000001', 1000)).equals(bytes)).toBe(true)
    else expect(['unavailable', 'storage-full', 'conflict']).toContain(said)
    play()
    await through.create('s1/00000001', bytes)
    expect(Buffer.from(await past.read('s1/00000001', 1000)).equals(bytes)).toBe(true)
  })

  it.each(['error-500', 'forbidden', 'full', 'skewed', 'reset-before', 'reset-behind'] as const)(
    '%s: is no success',
    async (fault) => {
      const { through } = newPlace()
      play(fault)
      expect(await code(through.create('s1/00000001', bytes))).toBe(fault === 'full' ? 'storage-full' : 'unavailable')
    },
  )

  it('a store that gives back other bytes than it was given: never stored', async () => {
    const { through } = newPlace()
    proxy.next = (method) => (method === 'GET' ? 'wrong-body' : 'none')
    expect(await code(through.create('s1/00000001', bytes))).toBe('conflict')
    proxy.next = (method) => (method === 'GET' ? 'cut-answer' : 'none')
    expect(await code(through.create('s1/00000001', bytes))).toBe('unavailable')
  })
})

describe('fault 53: a spool', () => {
  it('loses nothing, and says “stored” of nothing that is not there', async () => {
    const script = fc.record({
      chunks: fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 8 }),
      // What makes a store give back forged bytes is another test's: this one is about what goes away again.
      faults: fc.array(fc.constantFrom(...FAULTS.filter((fault) => fault !== 'wrong-body')), { maxLength: 30 }),
    })
    await fc.assert(
      fc.asyncProperty(script, async ({ chunks, faults }) => {
        const folder = await mkdtemp(join(tmpdir(), 'sallyport-faults-'))
        const { through, past } = newPlace()
        const left = [...faults]
        proxy.next = () => left.shift() ?? 'none'
        const blobs = await spooledBlobs({
          folder,
          objects: through,
          limits: { bytes: 2 ** 30, outageMs: 86_400_000 },
          clock: restless,
          log: keptLog(),
        })
        try {
          const writer = await blobs.create('s1.cast')
          const parts = chunks.map((size) => randomBytes(size))
          for (const part of parts) {
            await writer.append(part)
            await writer.cut(createHash('sha256').update(part).digest('hex'))
          }
          await writer.close()
          await blobs.shipper.settled()
          const whole = Buffer.concat(parts)
          expect([...blobs.shipper.stuck]).toEqual([])
          expect([blobs.spool.usedBytes, await blobs.spool.chunks()]).toEqual([0, []])
          const stored = await past.list('s1.cast/')
          expect(stored.map(({ bytes }) => bytes)).toEqual(chunks)
          proxy.next = () => 'none'
          expect((await readAll(blobs, 's1.cast')).equals(whole)).toBe(true)
        } finally {
          blobs.pressure.close()
          blobs.shipper.close()
          await rm(folder, { recursive: true })
        }
      }),
      { numRuns: RUNS },
    )
    // Each of them was really played.
    for (const fault of FAULTS) expect(proxy.played.get(fault) ?? 0, fault).toBeGreaterThan(0)
  }, 600_000)
})
