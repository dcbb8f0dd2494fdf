/**
 * `kill -9` of a process that records, at random moments under load: whatever was shown is in the recording, which the next one
 * finishes, marks and seals. `SALLYPORT_LONG=1` kills 200 times.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readSealed } from '../../src/core/chunk.ts'
import { systemClock } from '../../src/core/clock.ts'
import type { SessionId } from '../../src/core/ids.ts'
import { readCast } from '../../src/recording/asciicast-reader.ts'
import { DIED, finishSessions } from '../../src/session/recover.ts'
import { openSqliteStore } from '../../src/store/sqlite/store.ts'
import { keptLog } from '../support/store.ts'
import { openPlace } from './kill-place.ts'

const KILLS = process.env.SALLYPORT_LONG === '1' ? 200 : 3
const PROGRAM = join(import.meta.dirname, 'killed-bastion.ts')

/** Runs it until it has shown so many bytes, kills it, and returns what each session had shown by then. */
async function killed(folder: string, kind: string, afterBytes: number): Promise<ReadonlyMap<SessionId, Buffer>> {
  const child = spawn(process.execPath, [PROGRAM, folder, kind], { stdio: ['ignore', 'pipe', 'inherit'] })
  const gone = once(child, 'exit')
  const parts: Buffer[] = []
  let bytes = 0
  // What is in the pipe when it dies was shown too, so it is read to its end.
  for await (const part of child.stdout) {
    parts.push(part as Buffer)
    bytes += (part as Buffer).length
    if (bytes >= afterBytes) child.kill('SIGKILL')
  }
  expect((await gone)[1]).toBe('SIGKILL')
  const all = Buffer.concat(parts)
  const names = new Map<number, SessionId>()
  const shown = new Map<number, Buffer[]>()
  for (let at = 0; at + 5 <= all.length; ) {
    const session = all[at]!
    if (session === 255) {
      names.set(all[at + 1]!, all.toString('utf8', at + 2, at + 34).trim() as SessionId)
      at += 34
      continue
    }
    const length = all.readUInt32BE(at + 1)
    shown.set(session, [...(shown.get(session) ?? []), all.subarray(at + 5, at + 5 + length)])
    at += 5 + length
  }
  return new Map([...names].map(([number, id]) => [id, Buffer.concat(shown.get(number) ?? [])]))
}

it(`fault 52: after each of ${KILLS} kills everything that was shown is in a recording that is finished and sealed`, async () => {
  let shownBytes = 0
  const moment = fc.record({
    kind: fc.constantFrom('files', 'spool'),
    afterBytes: fc.integer({ min: 50_000, max: 3_000_000 }),
  })
  await fc.assert(
    fc.asyncProperty(moment, async ({ kind, afterBytes }) => {
      const folder = await mkdtemp(join(tmpdir(), 'sallyport-kill-'))
      try {
        const shown = await killed(folder, kind, afterBytes)
        const blobs = await openPlace(folder, kind)
        const store = await openSqliteStore({ file: join(folder, 'state.db') })
        const parts = { store, blobs, clock: systemClock, log: keptLog(), recordingName: (id: string) => `${id}.cast` }
        const { found, left } = await finishSessions(parts)
        expect(left).toEqual([])
        expect(found).toBeGreaterThanOrEqual(shown.size)
        for (const [id, bytes] of shown) {
          const name = `${id}.cast`
          const { events } = await readCast(await blobs.read(name))
          let kept = ''
          let last = ''
          for await (const event of events) {
            if (event.kind === 'output') kept += event.text
            if (event.kind === 'marker') last = event.label
          }
          // Not one byte; docs/recordings.md promises 64 KiB at most.
          expect(kept.startsWith(bytes.toString()), `${kind} after ${afterBytes}`).toBe(true)
          expect(last).toContain(DIED)
          const [sealed] = await store.audit.list({ types: ['recording.sealed'], session: id, limit: 1 })
          expect(readSealed(sealed!.detail)).toMatchObject({ name, bytes: await blobs.size(name) })
          shownBytes += bytes.length
        }
        await store.close()
      } finally {
        await rm(folder, { recursive: true, maxRetries: 5 })
      }
    }),
    { numRuns: KILLS, endOnFailure: true },
  )
  expect(shownBytes).toBeGreaterThan(KILLS * 20_000)
}, 900_000)
