/** The driver under the store: transactions, the queue for the one connection, and what it does not do. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Kysely } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../src/core/clock.ts'
import { sqliteDialect } from '../../src/store/sqlite/dialect.ts'

interface Tables {
  notes: { text: string }
}

describe('sqliteDialect()', () => {
  let folder: string
  const databases: DatabaseSync[] = []

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sallyport-dialect-'))
  })
  afterEach(() => {
    for (const database of databases.splice(0)) database.close()
    rmSync(folder, { recursive: true })
  })

  const connect = (clock = systemClock) => {
    const database = new DatabaseSync(join(folder, 'a.db'), { timeout: 0 })
    databases.push(database)
    database.exec('pragma journal_mode = wal; create table if not exists notes (text text not null)')
    return new Kysely<Tables>({ dialect: sqliteDialect(database, clock) })
  }
  const texts = async (db: Kysely<Tables>) =>
    (await db.selectFrom('notes').select('text').execute()).map((row) => row.text)

  it('a transaction that reads and then writes is not overtaken by another connection', async () => {
    const tasks: (() => void)[] = []
    const after = (_ms: number, task: () => void) => {
      tasks.push(task)
      return () => undefined
    }
    const [one, two] = [connect(), connect({ ...systemClock, after })]
    const insert = (db: Kysely<Tables>, text: string) => db.insertInto('notes').values({ text }).execute()
    let waiting: Promise<unknown> | undefined
    await one.transaction().execute(async (transaction) => {
      await texts(transaction)
      waiting = insert(two, 'second')
      await expect.poll(() => tasks.length).toBe(1)
      await insert(transaction, 'first')
    })
    tasks.pop()?.()
    await waiting
    expect(await texts(two)).toEqual(['first', 'second'])
  })

  it('statements outside a transaction wait until it is over, in the order of the calls', async () => {
    const db = connect()
    const insert = (text: string) => db.insertInto('notes').values({ text }).execute()
    const later: Promise<unknown>[] = []
    const failed = db.transaction().execute(async (transaction) => {
      later.push(insert('a'), insert('b'), insert('c'))
      await transaction.insertInto('notes').values({ text: 'taken back' }).execute()
      throw new Error('on purpose')
    })
    await expect(failed).rejects.toThrow('on purpose')
    await Promise.all(later)
    expect(await texts(db)).toEqual(['a', 'b', 'c'])
  })

  it('refuses when far too many statements wait', async () => {
    const db = connect()
    const calls: Promise<unknown>[] = []
    await db.transaction().execute(async () => {
      for (let n = 0; n < 10_050; n++) calls.push(texts(db))
      await Promise.resolve()
    })
    const refused = (await Promise.allSettled(calls)).filter((call) => call.status === 'rejected')
    expect(refused).toHaveLength(50)
    expect(refused[0]?.reason).toMatchObject({ name: 'BastionError', code: 'too-many' })
  })
})
