/**
 * What recording costs: processor time for each MB of output, from the recorder to where it lies, and memory of a session
 * that is open and silent; with the whole recording in one file, and in chunks through the spool to a folder as the store. Run it
 * alone: `node --expose-gc test/bench/recorder.bench.ts [--json]`.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileBlobs } from '../../src/blob/file/blobs.ts'
import { folderObjects } from '../../src/blob/folder/objects.ts'
import { spooledBlobs } from '../../src/blob/spool/blobs.ts'
import { systemClock } from '../../src/core/clock.ts'
import type { BlobStore } from '../../src/core/ports.ts'
import { type Recorder, startRecording } from '../../src/recording/recorder.ts'
import { noSeal } from '../recording/blobs.ts'
import { keptLog } from '../support/store.ts'

export interface RecorderCost {
  /** Of the processor, with all that is under way when the recording is closed and in its store. */
  readonly msPerMegabyte: number
  readonly megabytesPerSecond: number
  /** Of the heap and of buffers, for each of many sessions that are open and silent. */
  readonly bytesPerIdleSession: number
}

const PIECE_BYTES = 32 * 1024
const PIECES = 1024
const ROUNDS = 3
const IDLE = 500
const LINE =
  '2026-11-24T12:00:00.123Z web-1 nginx[812]: 192.0.2.17 "GET /api/v1/orders?page=3 HTTP/2" 200 5120 0.012\r\n'
const header = { cols: 80, rows: 24, term: undefined, timestamp: 0, title: '', command: undefined, tags: [] }

interface Place {
  readonly blobs: BlobStore
  settled(): Promise<void>
  close(): void
}

const PLACES: Readonly<Record<string, (folder: string) => Promise<Place>>> = {
  'one file': async (folder) => ({ blobs: fileBlobs({ folder }), settled: async () => {}, close: () => {} }),
  'spool and store': async (folder) => {
    const blobs = await spooledBlobs({
      folder: join(folder, 'spool'),
      objects: folderObjects({ folder: join(folder, 'store') }),
      limits: { bytes: 2 ** 30, outageMs: 900_000 },
      clock: systemClock,
      log: keptLog(),
    })
    const close = () => {
      blobs.pressure.close()
      blobs.shipper.close()
    }
    return { blobs, settled: () => blobs.shipper.settled(), close }
  },
}

const start = (blobs: BlobStore, name: string): Promise<Recorder> =>
  startRecording({ blobs, clock: systemClock, name, header, seal: noSeal })

async function record({ blobs, settled }: Place, name: string): Promise<void> {
  const recorder = await start(blobs, name)
  const piece = Buffer.from(LINE.repeat(Math.ceil(PIECE_BYTES / LINE.length))).subarray(0, PIECE_BYTES)
  for (let n = 0; n < PIECES; n++) await recorder.output(piece)
  await recorder.close()
  await settled()
}

async function memory(): Promise<number> {
  // What a collection finds unused in buffers is given back by the next.
  for (let n = 0; n < 3; n++) {
    globalThis.gc?.()
    await new Promise((resolve) => setImmediate(resolve))
  }
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

export async function benchRecorder(): Promise<Readonly<Record<string, RecorderCost>>> {
  const found: Record<string, RecorderCost> = {}
  for (const [what, open] of Object.entries(PLACES)) {
    const folder = mkdtempSync(join(tmpdir(), 'sallyport-bench-'))
    const place = await open(folder)
    try {
      await record(place, 'warm.cast')
      const without = await memory()
      const idle: Recorder[] = []
      for (let n = 0; n < IDLE; n++) idle.push(await start(place.blobs, `idle${n}.cast`))
      await place.settled()
      const bytesPerIdleSession = ((await memory()) - without) / IDLE
      for (const recorder of idle) await recorder.close()
      await place.settled()
      const best = { ms: Number.POSITIVE_INFINITY, seconds: Number.POSITIVE_INFINITY }
      for (let round = 0; round < ROUNDS; round++) {
        const [before, at] = [process.cpuUsage(), performance.now()]
        await record(place, `s${round}.cast`)
        const { user, system } = process.cpuUsage(before)
        best.ms = Math.min(best.ms, (user + system) / 1000)
        best.seconds = Math.min(best.seconds, (performance.now() - at) / 1000)
      }
      const megabytes = (PIECES * PIECE_BYTES) / 1e6
      found[what] = {
        msPerMegabyte: best.ms / megabytes,
        megabytesPerSecond: megabytes / best.seconds,
        bytesPerIdleSession,
      }
    } finally {
      place.close()
      rmSync(folder, { recursive: true, maxRetries: 5 })
    }
  }
  return found
}

if (import.meta.main) {
  const found = await benchRecorder()
  if (process.argv.includes('--json')) console.log(JSON.stringify(found))
  else {
    console.log('where              processor    throughput   a silent session')
    for (const [what, { msPerMegabyte, megabytesPerSecond, bytesPerIdleSession }] of Object.entries(found)) {
      const columns = [
        `${msPerMegabyte.toFixed(1).padStart(5)} ms/MB`,
        `${megabytesPerSecond.toFixed(0).padStart(6)} MB/s`,
        `${(bytesPerIdleSession / 1024).toFixed(1).padStart(10)} KiB`,
      ]
      console.log(`${what.padEnd(17)} ${columns.join('  ')}`)
    }
  }
}
