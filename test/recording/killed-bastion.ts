/**
 * A process of its own for kill.test.ts: four sessions whose output is recorded as fast as it can be, and written to standard
 * output only after it is stored, as a bastion shows it: one byte for the session, four for the length, then what is shown.
 */
import { writeSync } from 'node:fs'
import { systemClock } from '../../src/core/clock.ts'
import { newSessionId } from '../../src/core/ids.ts'
import { startRecording } from '../../src/recording/recorder.ts'
import { openSqliteStore } from '../../src/store/sqlite/store.ts'
import { fixtures } from '../contract/fixtures.ts'
import { openPlace } from './kill-place.ts'

const [folder = '', kind = ''] = process.argv.slice(2)
const store = await openSqliteStore({ file: `${folder}/state.db` })
const blobs = await openPlace(folder, kind)
const make = fixtures(systemClock)
const header = { cols: 80, rows: 24, term: 'xterm', timestamp: 1, title: '', command: undefined, tags: [] }

function show(session: number, bytes: Uint8Array): void {
  const head = Buffer.alloc(5)
  head.writeUInt8(session, 0)
  head.writeUInt32BE(bytes.length, 1)
  writeAll(Buffer.concat([head, bytes]))
}

function writeAll(bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(1, bytes, at)
}

async function session(number: number): Promise<never> {
  const record = { ...make.session(), id: newSessionId(), endedAt: undefined }
  await store.sessions.insert(record)
  const name = `${record.id}.cast`
  const recorder = await startRecording({
    blobs,
    clock: systemClock,
    name,
    header,
    async seal(type, detail) {
      await store.audit.append({ ...make.event({ type, session: record.id, hold: undefined }), detail })
    },
  })
  writeAll(Buffer.concat([Buffer.from([255, number]), Buffer.from(record.id.padEnd(32))]))
  for (let n = 0; ; n++) {
    const line = `${number} ${n} ${'x'.repeat((n * 7919) % 20_000)}\r\n`
    await recorder.output(Buffer.from(line))
    show(number, Buffer.from(line))
  }
}

await Promise.all([0, 1, 2, 3].map(session))
