/** What is SQLite's own: the file, other processes, a full disk, damage, and versions. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../src/core/clock.ts'
import type { Store } from '../../src/core/ports.ts'
import { openSqliteStore } from '../../src/store/sqlite/store.ts'
import { fixtures } from '../contract/fixtures.ts'
import { mountTinyDisk, noTinyDisk } from '../contract/tiny-disk.ts'

const clock = { now: () => new Date('2026-03-01T09:30:00Z'), after: systemClock.after }
const make = fixtures(clock)
const APPENDER = fileURLToPath(new URL('./appender.ts', import.meta.url))

const clockThat = (runs: (task: () => void) => unknown) => ({
  ...clock,
  after: (_ms: number, task: () => void) => {
    runs(task)
    return () => undefined
  },
})

let folder: string
let file: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-sqlite-'))
  file = join(folder, 'state', 'bastion.db')
})

afterEach(() => rm(folder, { recursive: true }))

/** Runs SQL beside the store, as an operator with the sqlite3 shell would. */
function raw<T>(use: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(file)
  try {
    return use(database)
  } finally {
    database.close()
  }
}

async function withStore<T>(use: (store: Store) => Promise<T>): Promise<T> {
  const store = await openSqliteStore({ file, clock })
  try {
    return await use(store)
  } finally {
    await store.close()
  }
}

describe('the file of openSqliteStore()', () => {
  it('is for its owner alone, its log and shared memory too, in a folder of the same kind', async () => {
    await withStore(async (store) => {
      await store.audit.append(make.event())
      for (const path of [file, `${file}-wal`, `${file}-shm`]) expect((await stat(path)).mode & 0o777).toBe(0o600)
      expect((await stat(join(folder, 'state'))).mode & 0o777).toBe(0o700)
    })
  })

  it('holds everything after close(): the log is checkpointed and gone', async () => {
    await withStore((store) => store.audit.append(make.event()))
    expect(existsSync(`${file}-wal`)).toBe(false)
    expect(raw((db) => db.prepare('select count(*) as n from audit').get())).toEqual({ n: 1 })
  })

  it('is refused when it is no database, and left as it was', async () => {
    file = join(folder, 'notes.txt')
    await writeFile(file, 'These are notes, and long enough to have a header. '.repeat(50))
    await expect(openSqliteStore({ file, clock })).rejects.toMatchObject({ name: 'BastionError', code: 'internal' })
    expect((await stat(file)).size).toBe(2550)
  })

  it('is refused when its folder cannot be made', async () => {
    await writeFile(join(folder, 'state'), 'a file where the folder should be')
    await expect(openSqliteStore({ file, clock })).rejects.toMatchObject({ code: 'unavailable' })
  })

  it('is refused with a sentence when a newer version has used it, and left as it was', async () => {
    await withStore((store) => store.audit.append(make.event()))
    raw((db) => db.exec(`insert into kysely_migration values ('0099-tomorrow', '2030-01-01T00:00:00.000Z')`))
    await expect(openSqliteStore({ file, clock })).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringMatching(/newer Sallyport .*0099-tomorrow.*Start the newer version/),
    })
    expect(raw((db) => db.prepare('select count(*) as n from kysely_migration').get())).toEqual({ n: 11 })
  })

  it('is migrated once when several open it at once', async () => {
    file = join(folder, 'bastion.db')
    // Already with its log: else the switch to it would let only one in at a time.
    raw((db) => db.exec('pragma journal_mode = wal'))
    const stores = await Promise.all(Array.from({ length: 6 }, () => openSqliteStore({ file, clock })))
    for (const store of stores) await store.close()
    expect(raw((db) => db.prepare('select name from kysely_migration').all())).toEqual([
      { name: '0001-start' },
      { name: '0002-grants' },
      { name: '0003-explanations' },
      { name: '0004-sign-ins' },
      { name: '0005-passkeys' },
      { name: '0006-evidence' },
      { name: '0007-debts' },
      { name: '0008-replays' },
      { name: '0009-escalations' },
      { name: '0010-proposals' },
    ])
  })

  it('is left empty when a migration fails half-way', async () => {
    await withStore(async () => undefined)
    await rm(file)
    raw((db) => db.exec('create table sessions (mine text)'))
    await expect(openSqliteStore({ file, clock })).rejects.toMatchObject({ code: 'internal' })
    const tables = raw((db) => db.prepare(`select name from sqlite_master where type = 'table'`).all())
    expect(tables).toEqual([{ name: 'sessions' }])
  })
})

describe('the audit table', () => {
  it('refuses UPDATE, DELETE, REPLACE and a gap, from any program', async () => {
    await withStore(async (store) => {
      await store.audit.append(make.event())
      await store.audit.append(make.event())
    })
    const insert = (seq: number) =>
      `into audit select ${seq}, type, at, actor, actor_name, session, hold, '{}' from audit where seq = 1`
    raw((db) => {
      expect(() => db.exec(`update audit set detail = '{}' where seq = 1`)).toThrow('append-only')
      expect(() => db.exec('delete from audit where seq = 2')).toThrow('append-only')
      expect(() => db.exec('delete from audit')).toThrow('append-only')
      expect(() => db.exec(`insert or replace ${insert(1)}`)).toThrow('no gaps')
      expect(() => db.exec(`insert ${insert(4)}`)).toThrow('no gaps')
      expect(() => db.exec(`insert ${insert(-1)}`)).toThrow('no gaps')
    })
    await withStore(async (store) => {
      expect((await store.audit.list({ limit: 10 })).map((event) => event.seq)).toEqual([2, 1])
    })
  })
})

describe('damage', () => {
  const damaged = { name: 'BastionError', code: 'internal', message: expect.stringContaining('damaged') }

  it.each([
    ['action', `'{"id":"a1"}'`],
    ['action', `'not JSON'`],
    ['action', `replace(action, '"destroy"', '"harmless"')`],
    ['because', `'null'`],
    ['quorum', `replace(quorum, '"count":2', '"count":"2"')`],
    ['screen', `'[1]'`],
    ['state', `'{"kind":"constructor"}'`],
    ['state', `'{"kind":"approved","at":"2026-03-01T09:30:00.000Z"}'`],
    ['state_kind', `'approved'`],
    ['created_at', `'yesterday'`],
    ['expires_at', `'2026-03-01T10:30:00+01:00'`],
  ])('of a hold’s %s (%s) is reported, never guessed around', async (column, value) => {
    const hold = make.hold()
    await withStore((store) => store.holds.insert(hold))
    raw((db) => db.exec(`update holds set ${column} = ${value}`))
    await withStore(async (store) => {
      await expect(store.holds.find(hold.id)).rejects.toMatchObject(damaged)
      await expect(store.holds.list({ limit: 1 })).rejects.toMatchObject(damaged)
    })
  })

  it.each([
    ['decided_by', `'{}'`],
    ['kind', `'maybe'`],
    ['principal', `'somebody else'`],
  ])('of a decision’s %s is reported', async (column, value) => {
    const hold = make.hold({ decisions: [make.decision()] })
    await withStore((store) => store.holds.insert(hold))
    raw((db) => db.exec(`update decisions set ${column} = ${value}`))
    await withStore((store) => expect(store.holds.find(hold.id)).rejects.toMatchObject(damaged))
  })

  it('of a session, a key or an event is reported', async () => {
    const [session, key] = [make.session(), make.key()]
    await withStore(async (store) => {
      await store.sessions.insert(session)
      await store.keys.insert(key)
    })
    raw((db) => {
      db.exec(`update sessions set principal = '[]'; update key_bindings set bound_at = '';`)
      db.exec(`insert into audit values (1, 'command.held', '2026-03-01T09:30:00.000Z', null, null, null, null, '7')`)
    })
    await withStore(async (store) => {
      await expect(store.sessions.find(session.id)).rejects.toMatchObject(damaged)
      await expect(store.keys.findLive(key.fingerprint, clock.now())).rejects.toMatchObject(damaged)
      await expect(store.audit.list({ limit: 1 })).rejects.toMatchObject(damaged)
    })
  })

  it('of the file itself is reported without quoting what is in it', async () => {
    await withStore((store) => store.holds.insert(make.hold()))
    const bytes = await readFile(file)
    await writeFile(file, bytes.fill(0xff, 4096))
    const error = await openSqliteStore({ file, clock }).catch((caught: unknown) => caught)
    expect(error).toMatchObject({ name: 'BastionError', code: 'internal', message: expect.stringContaining('damaged') })
    expect((error as Error).message).not.toMatch(/select|sqlite|malformed/i)
  })
})

describe('a lock that somebody else holds', () => {
  it('is waited for by the clock, without stopping the event loop', async () => {
    const tasks: (() => void)[] = []
    const store = await openSqliteStore({
      file,
      clock: clockThat((task) => tasks.push(task)),
    })
    const other = new DatabaseSync(file)
    other.exec('begin immediate')
    const appended = store.audit.append(make.event())
    for (let tries = 1; tries <= 3; tries++) {
      await expect.poll(() => tasks.length).toBe(1)
      if (tries === 3) other.exec('rollback')
      tasks.pop()?.()
    }
    expect((await appended).seq).toBe(1)
    expect(tasks).toEqual([])
    other.close()
    await store.close()
  })

  it('is given up on in the end, with a sentence, and nothing is written', async () => {
    const store = await openSqliteStore({
      file,
      clock: clockThat((task) => setImmediate(task)),
    })
    const other = new DatabaseSync(file)
    other.exec('begin immediate')
    await expect(store.audit.append(make.event())).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('locked'),
    })
    await expect(store.holds.insert(make.hold())).rejects.toMatchObject({ code: 'unavailable' })
    other.exec('rollback')
    other.close()
    expect((await store.audit.append(make.event())).seq).toBe(1)
    expect(await store.holds.list({ limit: 1 })).toEqual([])
    await store.close()
  })
})

describe('several processes', () => {
  const children: ChildProcess[] = []
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL')
  })

  const start = (...args: readonly string[]) => {
    const child = spawn(process.execPath, [APPENDER, file, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
    children.push(child)
    const lines: string[] = []
    let text = ''
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      const parts = text.split('\n')
      text = parts.pop() ?? ''
      lines.push(...parts)
    })
    return { child, lines, closed: once(child, 'close') }
  }

  it('number their events without gaps and decide a hold once', async () => {
    const hold = make.hold()
    await withStore((store) => store.holds.insert(hold))
    const running = [1, 2, 3].map(() => start('40', hold.id))
    await Promise.all(running.map((one) => one.closed))
    const lines = running.flatMap((one) => one.lines)
    expect(lines.filter((line) => line === 'won')).toHaveLength(1)
    const seqs = lines.filter((line) => /^\d+$/.test(line)).map(Number)
    expect(seqs.sort((a, b) => a - b)).toEqual(Array.from({ length: 120 }, (_, n) => n + 1))
  })

  it('append() is kept when the process is killed the moment it resolves', async () => {
    const { child, lines, closed } = start()
    await expect.poll(() => lines.length, { timeout: 15_000 }).toBeGreaterThan(20)
    child.kill('SIGKILL')
    await closed
    const promised = Number(lines.at(-1))
    await withStore(async (store) => {
      const [newest] = await store.audit.list({ limit: 1 })
      expect(newest?.seq).toBeGreaterThanOrEqual(promised)
      expect(await store.audit.list({ limit: 10_000 })).toHaveLength(newest?.seq ?? 0)
    })
  })
})

describe('events that are stored at once', () => {
  /** Transactions in the write-ahead log: frames that say how large the database is after them (sqlite.org/fileformat2.html, 4.1). */
  async function commits(): Promise<number> {
    const log = await readFile(`${file}-wal`)
    const frameBytes = 24 + log.readUInt32BE(8)
    let count = 0
    for (let at = 32; at + frameBytes <= log.length; at += frameBytes) {
      const isOfThisLog = log.subarray(at + 8, at + 16).equals(log.subarray(16, 24))
      if (isOfThisLog && log.readUInt32BE(at + 4) > 0) count++
    }
    return count
  }

  it('wait for the disk once', async () => {
    await withStore(async (store) => {
      await store.audit.append(make.event())
      const before = await commits()
      await Promise.all(Array.from({ length: 40 }, () => store.audit.append(make.event())))
      expect((await commits()) - before).toBe(1)
      for (let n = 0; n < 5; n++) await store.audit.append(make.event())
      expect((await commits()) - before).toBe(6)
    })
  })
})

describe('fault 54: a full disk', () => {
  it.skipIf(noTinyDisk !== undefined)(
    `refuses with storage-full, loses nothing, and goes on when there is room (${noTinyDisk ?? 'tmpfs'})`,
    async () => {
      const disk = mountTinyDisk(1024)
      try {
        const store = await openSqliteStore({ file: join(disk.folder, 'bastion.db'), clock })
        const hold = make.hold()
        await store.holds.insert(hold)
        await disk.fill()
        const stored: number[] = []
        const failure = await (async () => {
          for (;;) stored.push((await store.audit.append(make.event({ detail: { text: 'x'.repeat(2000) } }))).seq)
        })().catch((error: unknown) => error)
        expect(failure).toMatchObject({
          name: 'BastionError',
          code: 'storage-full',
          message: expect.stringContaining('full'),
        })
        const big = make.hold({ screen: ['y'.repeat(20_000)] })
        await expect(store.holds.insert(big)).rejects.toMatchObject({ code: 'storage-full' })
        expect(await store.holds.find(big.id)).toBeUndefined()
        expect(await store.holds.find(hold.id)).toEqual(hold)
        expect((await store.audit.list({ limit: 1000 })).map((event) => event.seq)).toEqual(stored.toReversed())
        // Those that were asked for at once share their fate.
        const many = [1, 2, 3].map(() => store.audit.append(make.event({ detail: { text: 'x'.repeat(20_000) } })))
        for (const one of await Promise.allSettled(many)) {
          expect(one).toMatchObject({ status: 'rejected', reason: { code: 'storage-full' } })
        }
        expect(await store.audit.list({ limit: 1000 })).toHaveLength(stored.length)
        await disk.free()
        expect((await store.audit.append(make.event())).seq).toBe(stored.length + 1)
        await disk.fill()
        await store.close()
      } finally {
        disk.unmount()
      }
    },
  )
})
