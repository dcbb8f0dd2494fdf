import type { CreateTableBuilder } from 'kysely'

/** The few things that databases say differently; each adapter brings its own. */
export interface Flavour {
  /** Adds the primary key `ordinal`, which the database fills with growing numbers. */
  withOrdinal<Table extends string>(table: CreateTableBuilder<Table>): CreateTableBuilder<Table, 'ordinal'>
  /** The statements that make a table refuse UPDATE, DELETE, and any row whose `sequence` is not the next number. */
  appendOnly(table: string, sequence: string): readonly string[]
}
