/** What SQLite says in its own way. */
import type { Flavour } from '../migrations/flavour.ts'

export const sqliteFlavour: Flavour = {
  // AUTOINCREMENT, so that the number of a removed row is never given again (sqlite.org/autoinc.html).
  withOrdinal: (table) => table.addColumn('ordinal', 'integer', (column) => column.primaryKey().autoIncrement()),

  bytes: 'blob',

  // A column's values may be of any type in SQLite. No text that we store begins with the byte 255: it is no UTF-8.
  storedBytes: (column) => `case typeof(${column}) when 'null' then null when 'text' then cast(${column} as blob)
    else cast(x'ff' || typeof(${column}) || ${column} as blob) end`,

  // The third also stops INSERT OR REPLACE, which removes rows without asking the DELETE trigger.
  appendOnly: (table, sequence) => [
    `create trigger ${table}_refuses_update before update on ${table}
     begin select raise(abort, '${table} is append-only'); end`,
    `create trigger ${table}_refuses_delete before delete on ${table}
     begin select raise(abort, '${table} is append-only'); end`,
    `create trigger ${table}_refuses_gaps before insert on ${table}
     when new.${sequence} is not (select coalesce(max(${sequence}), 0) + 1 from ${table})
     begin select raise(abort, '${table} has no gaps'); end`,
  ],
}
