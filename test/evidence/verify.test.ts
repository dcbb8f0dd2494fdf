/**
 * Verification against whoever owns the database file: random changes of a real one, each found with its place, and no
 * alarm where nothing was changed. `SALLYPORT_LONG=1` plays 10,000 of them.
 */
import { copyFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CHECKPOINT_EVERY_MS } from '../../src/evidence/log.ts'
import { type NoteVerifier, parseVerifier } from '../../src/evidence/note.ts'
import type { AuditReport } from '../../src/evidence/report.ts'
import { verifyAudit } from '../../src/evidence/verify.ts'
import { readSqliteState } from '../../src/store/sqlite/read-only.ts'
import { eventOf, newPlace, type Place } from './parts.ts'

const EVENTS = 600
const RUNS = process.env.SALLYPORT_LONG === '1' ? 10_000 : 100

let place: Place
let log: NoteVerifier
let published: string

beforeAll(async () => {
  place = await newPlace()
  let last = 0
  for (const count of [1, 254, 1, 200, 144]) {
    const { store, log: evidence, stop } = await place.open()
    log = parseVerifier(evidence.verifierKey)
    await store.audit.append(eventOf(10_000 + last))
    place.fill(count - 1)
    last += count
    place.clock.advance(CHECKPOINT_EVERY_MS)
    await stop()
  }
  published = await readFile(join(place.folder, 'checkpoint'), 'utf8')
})
afterAll(() => place.remove())

async function verify(file = place.file, elsewhere = [{ name: 'published', note: published }]): Promise<AuditReport> {
  const state = readSqliteState(file)
  try {
    return await verifyAudit({ store: state.evidence, log, elsewhere })
  } finally {
    state.close()
  }
}

async function afterChange(change: (database: DatabaseSync) => void): Promise<AuditReport> {
  const copy = join(place.folder, 'copy.db')
  copyFileSync(place.file, copy)
  place.tamper(change, copy)
  return verify(copy)
}

const found = ({ findings }: AuditReport) => findings.map(({ kind, from, to }) => ({ kind, from, to }))
const one = (kind: string, from: number, to = from) => [{ kind, from, to }]

interface Tampering {
  readonly what: string
  readonly change: (database: DatabaseSync) => void
  readonly expected: (report: AuditReport) => void
}

const seq = fc.integer({ min: 1, max: EVENTS })
const exactly =
  (...expected: { kind: string; from: number; to: number }[]) =>
  (report: AuditReport) =>
    expect(found(report)).toEqual(expected)
const COLUMNS = 'type, at, actor, actor_name, session, hold, detail'

const tampering: fc.Arbitrary<Tampering> = fc.oneof(
  fc
    .tuple(seq, fc.constantFrom('type', 'at', 'actor', 'actor_name', 'session', 'hold', 'detail'), fc.nat(6))
    .map(([n, column, how]) => ({
      what: `${column} of ${n} changed (${how})`,
      change: (db: DatabaseSync) => {
        const expressions = [
          `coalesce(c, '') || 'x'`,
          `coalesce(c, '') || ' '`,
          `coalesce(c, '') || char(0)`,
          `'other'`,
          `x'01'`,
          `cast(coalesce(c, 'x') as blob)`,
          `coalesce(c, '') || cast(x'ff' as text)`,
        ]
        db.exec(`update audit set ${column} = ${expressions[how]!.replaceAll('c,', `${column},`)} where seq = ${n}`)
      },
      expected: exactly(...one('changed', n)),
    })),
  fc.tuple(seq, seq).map(([a, b]) => {
    const [from, to] = [Math.min(a, b), Math.max(a, b)]
    return {
      what: `${from} to ${to} dropped`,
      change: (db: DatabaseSync) => db.exec(`delete from audit where seq between ${from} and ${to}`),
      expected: exactly(...one(to === EVENTS ? 'truncated' : 'dropped', from, to)),
    }
  }),
  fc
    .tuple(seq, seq)
    .filter(([a, b]) => a !== b)
    .map(([a, b]) => ({
      what: `${a} and ${b} swapped`,
      change: (db: DatabaseSync) => {
        db.exec(`update audit set seq = -1 where seq = ${a}; update audit set seq = ${a} where seq = ${b}`)
        db.exec(`update audit set seq = ${b} where seq = -1`)
      },
      expected: exactly(...one('moved', Math.min(a, b)), ...one('moved', Math.max(a, b))),
    })),
  fc.integer({ min: 1, max: EVENTS - 1 }).map((n) => ({
    what: `${n} dropped and the rest moved up`,
    change: (db: DatabaseSync) => {
      db.exec(`delete from audit where seq = ${n}`)
      for (let at = n + 1; at <= EVENTS; at++) db.exec(`update audit set seq = ${at - 1} where seq = ${at}`)
    },
    expected: (report: AuditReport) => {
      expect(found(report)[0]?.from).toBe(n)
      expect(found(report).at(-1)).toEqual({ kind: 'truncated', from: EVENTS, to: EVENTS })
    },
  })),
  fc.tuple(seq, fc.constantFrom(0, -1, EVENTS + 1, '9223372036854775807')).map(([n, at]) => ({
    what: `${n} copied to ${at}`,
    change: (db: DatabaseSync) => db.exec(`insert into audit select ${at}, ${COLUMNS} from audit where seq = ${n}`),
    expected: (report: AuditReport) => {
      expect(found(report)).toHaveLength(1)
      expect(found(report)[0]).toMatchObject({ kind: 'added', from: Number(at) })
    },
  })),
  fc.tuple(seq, fc.nat(31)).map(([n, byte]) => ({
    what: `the hash of ${n} changed`,
    change: (db: DatabaseSync) => {
      const position = Math.floor((n - 1) / 256)
      const { hashes } = db.prepare('select hashes from log_tiles where level = 0 and position = ?').get(position) as {
        hashes: Uint8Array
      }
      hashes[((n - 1) % 256) * 32 + byte]! ^= 1
      db.prepare('update log_tiles set hashes = ? where level = 0 and position = ?').run(hashes, position)
    },
    expected: exactly(...one('hash', n)),
  })),
  fc.constantFrom(0, 1, 2).map((position) => ({
    what: `tile ${position} dropped`,
    change: (db: DatabaseSync) => db.exec(`delete from log_tiles where level = 0 and position = ${position}`),
    expected: (report: AuditReport) => {
      expect(found(report)[0]).toMatchObject({ kind: 'hash', from: position * 256 + 1 })
      expect(found(report).every(({ kind }) => kind === 'hash')).toBe(true)
    },
  })),
  fc.tuple(fc.integer({ min: 1, max: 10 }), fc.nat(1000), fc.integer({ min: 1, max: 127 })).map(([n, at, other]) => ({
    what: `checkpoint ${n} changed at ${at}`,
    change: (db: DatabaseSync) => {
      const { note } = db.prepare('select note from log_checkpoints where number = ?').get(n) as { note: string }
      const bytes = Buffer.from(note)
      bytes[at % bytes.length]! ^= other
      db.prepare('update log_checkpoints set note = ? where number = ?').run(bytes.toString('latin1'), n)
    },
    expected: (report: AuditReport) => {
      expect(report.findings.length).toBeGreaterThan(0)
      expect(found(report).every(({ kind, from }) => kind === 'checkpoint' && from === n)).toBe(true)
    },
  })),
  fc.integer({ min: 1, max: 10 }).map((n) => ({
    what: `checkpoint ${n} dropped`,
    change: (db: DatabaseSync) => db.exec(`delete from log_checkpoints where number = ${n}`),
    expected: (report: AuditReport) =>
      expect(report.findings).toContainEqual(expect.objectContaining({ kind: 'checkpoint', from: n })),
  })),
  seq.map((n) => ({
    what: `the state cut back to what was signed before ${n}`,
    change: (db: DatabaseSync) => {
      db.exec(`delete from audit where seq >= ${n}`)
      db.exec('delete from log_checkpoints where number > 2')
    },
    expected: (report: AuditReport) =>
      expect(report.findings).toContainEqual(expect.objectContaining({ kind: 'checkpoint', from: 10 })),
  })),
)

describe('audit verify', () => {
  it('has nothing to say of a log that was stopped and started five times', async () => {
    expect(await verify()).toMatchObject({ events: EVENTS, signed: EVENTS, unsigned: 0, checkpoints: 10, findings: [] })
  })

  it(`finds each of ${RUNS} random changes where it is`, async () => {
    await fc.assert(
      fc.asyncProperty(tampering, async ({ change, expected }) => {
        expected(await afterChange(change))
      }),
      { numRuns: RUNS },
    )
  }, 900_000)

  it('tells where it stands when event and hash were changed together', async () => {
    const report = await afterChange((db) => {
      db.exec(`update audit set detail = '{}' where seq = 300`)
      const { hashes } = db.prepare('select hashes from log_tiles where level = 0 and position = 1').get() as {
        hashes: Uint8Array
      }
      hashes.fill(7, 43 * 32, 44 * 32)
      db.prepare('update log_tiles set hashes = ? where level = 0 and position = 1').run(hashes)
    })
    expect(found(report)).toContainEqual({ kind: 'unproven', from: 257, to: EVENTS })
  })

  it('takes no checkpoint of another key, and none of another history', async () => {
    const other = await newPlace()
    try {
      const { stop } = await other.open()
      await stop()
      const note = await readFile(join(other.folder, 'checkpoint'), 'utf8')
      expect(found(await verify(place.file, [{ name: 'kept', note }]))).toEqual(one('checkpoint', 0))
    } finally {
      await other.remove()
    }
  })
})

describe('audit verify beside a bastion', () => {
  it('counts what nobody has signed yet, and changes nothing', async () => {
    const running = await newPlace()
    try {
      const { store, log: evidence, stop } = await running.open()
      for (let n = 0; n < 3; n++) await store.audit.append(eventOf(n))
      const state = readSqliteState(running.file)
      const parts = { store: state.evidence, log: parseVerifier(evidence.verifierKey), elsewhere: [] }
      expect(await verifyAudit(parts)).toMatchObject({ events: 3, signed: 0, unsigned: 3, findings: [] })
      await expect(state.evidence.addCheckpoint({ number: 9, note: '' }, [])).rejects.toThrow()
      state.close()
      await stop()
    } finally {
      await running.remove()
    }
  })
})
