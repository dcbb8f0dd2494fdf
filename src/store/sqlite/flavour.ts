/** What SQLite says in its own way. */
import { sql } from 'kysely'
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

  // FTS5 with the table itself as its content (sqlite.org/fts5.html §4.4.3): the text is there once.
  searchable: (table, column) => [
    `create virtual table ${table}_words using fts5(${column}, content='${table}', content_rowid='ordinal',
     tokenize='unicode61 remove_diacritics 2')`,
    `create trigger ${table}_found after insert on ${table}
     begin insert into ${table}_words(rowid, ${column}) values (new.ordinal, new.${column}); end`,
    `create trigger ${table}_lost after delete on ${table}
     begin insert into ${table}_words(${table}_words, rowid, ${column})
       values ('delete', old.ordinal, old.${column}); end`,
  ],

  // Each as a string of FTS5's own, in which nothing has a meaning but the quotation mark.
  hasWords(table, _column, words) {
    const query = words.map((word, at) => `"${word.replaceAll('"', '""')}"${at === words.length - 1 ? '*' : ''}`)
    return sql<boolean>`${sql.ref(`${table}.ordinal`)} in
      (select rowid from ${sql.table(`${table}_words`)} where ${sql.table(`${table}_words`)} match ${query.join(' ')})`
  },
}
