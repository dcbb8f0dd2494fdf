/**
 * kysely's driver over `node:sqlite`: one connection, one statement or transaction at a time, in the order of asking.
 *
 * A lock that somebody else holds is waited for by timers, not inside SQLite: `node:sqlite` runs on the event loop, and
 * a wait there would stop the whole bastion, and never end if the lock's holder is this very process. Transactions begin
 * IMMEDIATE, so that one which reads and then writes cannot find its snapshot outdated (SQLITE_BUSY_SNAPSHOT).
 */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type Kysely,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import type { Clock } from '../../core/clock.ts'
import { BastionError } from '../../core/errors.ts'
import type { Disk } from './disk.ts'
import { isBusy, translate } from './errors.ts'

/** Doubling from 5 ms up to 100 ms, this many tries wait about ten seconds in all. */
const BUSY_TRIES = 100
const FIRST_WAIT_MS = 5
const LONGEST_WAIT_MS = 100

/** How many statements are kept prepared; some texts differ by how many values they name. */
const MOST_PREPARED = 128

/** How many statements may wait for the connection; more means that the disk is not keeping up. */
const LONGEST_QUEUE = 10_000

/** What leaves nothing for the disk; whatever else runs outside a transaction, and its commit, is waited for. */
const WRITES_NOTHING = /^\s*(?:select|begin|rollback|pragma)\b/i

/** `disk` is what a write is waited for with; without one nothing is to be written. */
export function sqliteDialect(database: DatabaseSync, clock: Clock, disk?: Disk): Dialect {
  return {
    createAdapter: () => new NodeSqliteAdapter(),
    createDriver: () => new NodeSqliteDriver(new Connection(database, clock, disk)),
    createIntrospector: (db: Kysely<unknown>) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  }
}

class NodeSqliteAdapter extends SqliteAdapter {
  /** SQLite can; kysely's default is careful because some of its users turn foreign keys off and on. */
  override get supportsTransactionalDdl(): boolean {
    return true
  }
  /** The queue below hands out the one connection; kysely's own lock lets a newcomer overtake those who wait. */
  override get supportsMultipleConnections(): boolean {
    return true
  }
}

class NodeSqliteDriver implements Driver {
  readonly #connection: Connection
  readonly #waiting: (() => void)[] = []
  #isTaken = false

  constructor(connection: Connection) {
    this.#connection = connection
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    if (this.#waiting.length >= LONGEST_QUEUE) {
      throw new BastionError('too-many', 'Too much is waiting to be stored; try again in a moment.')
    }
    if (this.#isTaken) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    this.#isTaken = true
    return this.#connection
  }

  async releaseConnection(): Promise<void> {
    const next = this.#waiting.shift()
    if (next === undefined) this.#isTaken = false
    else next()
  }

  async beginTransaction(): Promise<void> {
    await this.#connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }

  async commitTransaction(): Promise<void> {
    await this.#connection.executeQuery(CompiledQuery.raw('commit'))
  }

  /** Some errors (SQLITE_FULL among them) have rolled back already; asking twice would hide them behind another. */
  async rollbackTransaction(): Promise<void> {
    if (this.#connection.isInTransaction) await this.#connection.executeQuery(CompiledQuery.raw('rollback'))
  }

  /** Closing is the store's, which opened the database. */
  async destroy(): Promise<void> {}
}

interface Prepared {
  readonly statement: StatementSync
  readonly hasRows: boolean
}

class Connection implements DatabaseConnection {
  readonly #database: DatabaseSync
  readonly #clock: Clock
  readonly #disk: Disk | undefined
  /** By text; in the order of use. SQLite itself prepares one anew when the schema has changed. */
  readonly #prepared = new Map<string, Prepared>()

  constructor(database: DatabaseSync, clock: Clock, disk: Disk | undefined) {
    this.#database = database
    this.#clock = clock
    this.#disk = disk
  }

  get isInTransaction(): boolean {
    return this.#database.isOpen && this.#database.isTransaction
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    const result = await this.#runUnlocked<Row>(query)
    if (!WRITES_NOTHING.test(query.sql) && !this.isInTransaction) await this.#disk?.flushed()
    return result
  }

  /** A lock is waited for; then the statement has run. */
  async #runUnlocked<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    let waitMs = FIRST_WAIT_MS
    for (let tries = 1; ; tries++) {
      try {
        return this.#run<Row>(query)
      } catch (error) {
        if (!isBusy(error) || this.isInTransaction || tries >= BUSY_TRIES) throw translate(error)
      }
      await new Promise<void>((resolve) => this.#clock.after(waitMs, resolve))
      waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)
    }
  }

  #run<Row>(query: CompiledQuery): QueryResult<Row> {
    const { statement, hasRows } = this.#prepare(query.sql)
    const parameters = query.parameters as readonly SQLInputValue[]
    if (hasRows) return { rows: statement.all(...parameters) as Row[] }
    const { changes } = statement.run(...parameters)
    return { numAffectedRows: BigInt(changes), rows: [] }
  }

  #prepare(text: string): Prepared {
    const known = this.#prepared.get(text)
    this.#prepared.delete(text)
    const statement = known?.statement ?? this.#database.prepare(text)
    const prepared = known ?? { statement, hasRows: statement.columns().length > 0 }
    this.#prepared.set(text, prepared)
    if (this.#prepared.size > MOST_PREPARED) this.#prepared.delete(this.#prepared.keys().next().value!)
    return prepared
  }

  // biome-ignore lint/correctness/useYield: the interface asks for a generator; nothing here streams rows.
  async *streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new BastionError('internal', 'The store does not stream rows.')
  }
}
