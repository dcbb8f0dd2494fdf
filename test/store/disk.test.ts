/** A write waits for the disk, a read does not, and a disk that did not confirm one write is not believed again. */
import { mkdtemp, rm, unlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Kysely, sql } from 'kysely'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { systemClock } from '../../src/core/clock.ts'
import { sqliteDialect } from '../../src/store/sqlite/dialect.ts'
import { type Disk, walOnDisk } from '../../src/store/sqlite/disk.ts'

let folder: string
let file: string
let database: DatabaseSync

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-disk-'))
  file = join(folder, 'state.db')
  database = new DatabaseSync(file)
  database.exec('pragma journal_mode = wal; pragma synchronous = normal; create table t (a text)')
})

afterEach(async () => {
  database.close()
  await rm(folder, { recursive: true })
})

const over = (disk: Disk) => new Kysely<unknown>({ dialect: sqliteDialect(database, systemClock, disk) })

/** A disk that confirms when it is told to. */
function slowDisk() {
  const waiting: (() => void)[] = []
  const disk: Disk = {
    flushed: () => new Promise<void>((resolve) => waiting.push(resolve)),
    close() {},
  }
  return { disk, waiting }
}

it('resolves a write when the disk has it, and a transaction once', async () => {
  const { disk, waiting } = slowDisk()
  const db = over(disk)
  let isStored = false
  const stored = sql`insert into t values ('one')`.execute(db).then(() => {
    isStored = true
  })
  await expect.poll(() => waiting.length).toBe(1)
  expect(isStored).toBe(false)
  waiting.pop()?.()
  await stored

  const both = db.transaction().execute(async (inside) => {
    await sql`insert into t values ('two')`.execute(inside)
    await sql`with more as (select 'three') insert into t select * from more returning a`.execute(inside)
    expect(waiting).toHaveLength(0)
  })
  await expect.poll(() => waiting.length).toBe(1)
  waiting.pop()?.()
  await both
})

it('waits for an insert that returns rows, and for no read', async () => {
  const { disk, waiting } = slowDisk()
  const db = over(disk)
  expect((await sql`select a from t`.execute(db)).rows).toEqual([])
  expect(waiting).toHaveLength(0)
  const returned = sql<{ a: string }>`insert into t values ('one') returning a`.execute(db)
  await expect.poll(() => waiting.length).toBe(1)
  waiting.pop()?.()
  expect((await returned).rows).toEqual([{ a: 'one' }])
})

it('flushes the log of a real database', async () => {
  const disk = walOnDisk(file)
  await sql`insert into t values ('one')`.execute(over(disk))
  await expect(disk.flushed()).resolves.toBeUndefined()
  disk.close()
})

it('refuses every write after one that the disk did not confirm', async () => {
  await unlink(`${file}-wal`)
  const disk = walOnDisk(file)
  const db = over(disk)
  const refused = { name: 'BastionError', code: 'unavailable' }
  await expect(sql`insert into t values ('one')`.execute(db)).rejects.toMatchObject(refused)
  database.close()
  database = new DatabaseSync(file)
  database.exec(`insert into t values ('two')`)
  await expect(disk.flushed()).rejects.toMatchObject(refused)
  disk.close()
})
