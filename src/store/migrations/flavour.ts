import type { ColumnDataType, CreateTableBuilder, RawBuilder } from 'kysely'

/** The few things that databases say differently; each adapter brings its own. */
export interface Flavour {
  /** Adds the primary key `ordinal`, which the database fills with growing numbers. */
  withOrdinal<Table extends string>(table: CreateTableBuilder<Table>): CreateTableBuilder<Table, 'ordinal'>
  /** The type of a column that holds bytes. */
  readonly bytes: ColumnDataType
  /** An expression for a text column's bytes exactly as they are stored; NULL stays NULL, and what is no text shows. */
  storedBytes(column: string): string
  /** The statements that make a table refuse UPDATE, DELETE, and any row whose `sequence` is not the next number. */
  appendOnly(table: string, sequence: string): readonly string[]
  /** The statements that make a column of a table with an ordinal searchable by its words, whatever rows come and go. */
  searchable(table: string, column: string): readonly string[]
  /** The condition that the words of a row of such a table have all of these among them; the last may be a beginning. */
  hasWords(table: string, column: string, words: readonly string[]): RawBuilder<boolean>
}
