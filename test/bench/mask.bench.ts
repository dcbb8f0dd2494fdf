/**
 * What masking costs: output through the masker with every built-in mask alone, and a session's way out
 * (Pump: masks, recorder, a file; a client that takes everything at once) with those masks and without, by turns in one
 * run. Run it alone: `node test/bench/mask.bench.ts [--json]`. Times are of the processor, not of the wall, so that a busy
 * machine does not change them much.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileBlobs } from '../../src/blob/file/blobs.ts'
import type { BlobStore } from '../../src/core/ports.ts'
import type { Mask } from '../../src/core/verdict.ts'
import { startRecording } from '../../src/recording/recorder.ts'
import type { ClientChannel } from '../../src/session/channel.ts'
import { Pump } from '../../src/session/pump.ts'
import { Masker } from '../../src/terminal/mask.ts'
import { policyOf } from '../policy/parts.ts'
import { noSeal } from '../recording/blobs.ts'
import { ManualClock } from '../support/manual-clock.ts'

export interface MaskBench {
  /** By kind of output: of the masker alone. */
  readonly megabytesPerSecond: Readonly<Record<string, number>>
  /** By kind of output: processor time of the way out with masks, divided by that without. */
  readonly ratio: Readonly<Record<string, number>>
}

const PIECE_BYTES = 32 * 1024
const PIECES = 256
/** Of each kind of output; the best counts, which other work on the machine disturbs least. */
const ROUNDS = 3
const BUILT_IN = 'card-number, iban, email, aws-access-key, jwt, private-key'

/** Outputs as they come, then what only begins to match, then what is masked all the time. */
const OUTPUTS: Readonly<Record<string, string>> = {
  log: '2026-11-24T12:00:00.123Z web-1 nginx[812]: 192.0.2.17 "GET /api/v1/orders?page=3 HTTP/2" 200 5120 0.012\r\n',
  colours: '\x1b[32m+\x1b[0m src/\x1b[1mmain\x1b[0m.ts \x1b[33m12\x1b[0m insertions, \x1b[31m3\x1b[0m deletions\r\n',
  beginnings: '4111 1111 1111 ABC0 1234 5678 9012 4111-1111-1111-xx 0000 4000 4000\r\n',
  'cards only': '4111 1111 1111 1111\r\n',
  'an endless key': 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\r\n',
}
const BEGINNING: Readonly<Record<string, string>> = { 'an endless key': '-----BEGIN PRIVATE KEY-----\r\n' }

function builtInMasks(): readonly Mask[] {
  const text = `version: 1\nroles: { a: { groups: [a] } }\nrules: [{ name: r, who: everyone, then: allow, session: { mask: [${BUILT_IN}] } }]\n`
  return policyOf(text).rules[0]?.session?.masks ?? []
}

function* pieces(name: string): Generator<Uint8Array> {
  const line = OUTPUTS[name]!
  const whole = Buffer.from(line.repeat(Math.ceil((PIECE_BYTES * 2) / line.length)))
  const beginning = Buffer.from(BEGINNING[name] ?? '')
  if (beginning.length > 0) yield beginning
  for (let n = 0; n < PIECES; n++) {
    const from = (n * PIECE_BYTES) % Buffer.byteLength(line)
    yield whole.subarray(from, from + PIECE_BYTES)
  }
}

/** One session's way out, to a file and a client that takes everything at once. */
async function wayOut(output: string, masks: readonly Mask[], { blobs, name }: { blobs: BlobStore; name: string }) {
  const clock = new ManualClock()
  const header = { cols: 80, rows: 24, term: undefined, timestamp: 0, title: '', command: undefined, tags: [] }
  const recorder = await startRecording({ blobs, clock, name, header, seal: noSeal })
  const client: ClientChannel = {
    input: (async function* () {})(),
    closed: new AbortController().signal,
    write: async () => {},
    end: async () => {},
    onResize() {},
    onSignal() {},
  }
  const pump = new Pump({ recorder, client, screen: undefined, clock })
  pump.keep({ masks, record: { kind: 'output' } })
  const source = (async function* () {
    yield* pieces(output)
  })()
  await pump.drain(source, 'stdout')
  await recorder.close()
}

export async function benchMasks(): Promise<MaskBench> {
  const masks = builtInMasks()
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-bench-'))
  const megabytesPerSecond: Record<string, number> = {}
  const ratio: Record<string, number> = {}
  try {
    const blobs = fileBlobs({ folder })
    for (const output of Object.keys(OUTPUTS)) {
      const best = {
        alone: Number.POSITIVE_INFINITY,
        masked: Number.POSITIVE_INFINITY,
        plain: Number.POSITIVE_INFINITY,
      }
      const note = (what: keyof typeof best, ms: number) => {
        best[what] = Math.min(best[what], ms)
      }
      for (let round = 0; round < ROUNDS; round++) {
        note('alone', await processorMs(async () => through(output, masks)))
        for (const [what, some] of [
          ['plain', []],
          ['masked', masks],
        ] as const) {
          const name = `${output}-${round}-${what}.cast`.replaceAll(' ', '-')
          note(what, await processorMs(() => wayOut(output, some, { blobs, name })))
          rmSync(join(folder, name))
        }
      }
      megabytesPerSecond[output] = (PIECES * PIECE_BYTES) / 1e6 / (best.alone / 1000)
      ratio[output] = best.masked / best.plain
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
  return { megabytesPerSecond, ratio }
}

function through(output: string, masks: readonly Mask[]): void {
  const masker = new Masker(masks)
  for (const piece of pieces(output)) masker.write(piece)
  masker.rest()
}

async function processorMs(task: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage()
  await task()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

if (import.meta.main) {
  const found = await benchMasks()
  if (process.argv.includes('--json')) console.log(JSON.stringify(found))
  else {
    console.log('output             masker alone   way out, masked : unmasked')
    for (const [output, speed] of Object.entries(found.megabytesPerSecond))
      console.log(`${output.padEnd(16)} ${speed.toFixed(0).padStart(9)} MB/s   ${found.ratio[output]?.toFixed(2)} : 1`)
  }
}
