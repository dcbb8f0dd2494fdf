/** A real SQLite store in a folder that goes away, a log that is kept, and ways to make the store fail. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BastionError } from '../../src/core/errors.ts'
import type { Log, Store } from '../../src/core/ports.ts'
import { openSqliteStore } from '../../src/store/sqlite/store.ts'

export interface TemporaryStore {
  readonly store: Store
  /** Another connection to the same database, as another bastion has; whoever opens it closes it. */
  another(): Promise<Store>
  close(): Promise<void>
}

export async function temporaryStore(): Promise<TemporaryStore> {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-store-'))
  const open = () => openSqliteStore({ file: join(folder, 'state.db') })
  const store = await open()
  return {
    store,
    another: open,
    async close() {
      await store.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export interface KeptLog extends Log {
  readonly lines: readonly { readonly level: string; readonly fields: unknown; readonly message: string }[]
}

export function keptLog(): KeptLog {
  const lines: { level: string; fields: unknown; message: string }[] = []
  const at = (level: string) => (fields: unknown, message: string) => void lines.push({ level, fields, message })
  return { lines, info: at('info'), warn: at('warn'), error: at('error') }
}

export const STORAGE_FULL = new BastionError('storage-full', 'The disk is full, so nothing may happen.')

/** The same store, whose audit log is asked before each append, with the number of it from 1: it may wait or throw. */
export function withAudit(store: Store, before: (append: number) => void | Promise<void>): Store {
  let appends = 0
  return {
    ...store,
    audit: {
      append: async (event) => {
        appends++
        await before(appends)
        return store.audit.append(event)
      },
      list: (filter) => store.audit.list(filter),
    },
  }
}

/** A door that a test opens: whoever waits at it goes on then. */
export function door(): { readonly opened: Promise<void>; open(): void } {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { opened: promise, open: () => resolve() }
}
