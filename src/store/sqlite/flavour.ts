/** What SQLite says in its own way. */
import type { Flavour } from '../migrations/flavour.ts'

export const sqliteFlavour: Flavour = {
  // AUTOINCREMENT, so that the number of a removed row is never given again (sqlite.org/autoinc.html).
  withOrdinal: (table) => table.addColumn('ordinal', 'integer', (column) => column.primaryKey().autoIncrement()),

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
