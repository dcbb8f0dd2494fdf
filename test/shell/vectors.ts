/** Reads the vectors under test/vectors/shell: lines of shell text with what the analysis must say of them. */
import { readdirSync, readFileSync } from 'node:fs'
import { parse } from 'yaml'
import type { Effect } from '../../src/core/action.ts'

export interface Vector {
  readonly file: string
  readonly line: string
  /** All effects of the line, in the order of EFFECTS. */
  readonly effects?: readonly Effect[]
  /** Effects that it has at least. */
  readonly atLeast?: readonly Effect[]
  /** A command that the catalogue must know, and that can do `atLeast` at its worst (gtfobins.yaml). */
  readonly command?: string
  /** The names of its commands, in order; `~` for one that is not known. */
  readonly commands?: readonly (string | null)[]
  /** Its objects, each `kind:value`; `kind:?` where the value is not known. */
  readonly objects?: readonly string[]
}

const folder = new URL('../vectors/shell/', import.meta.url)

export function readVectors(): readonly Vector[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .flatMap((file) => {
      const vectors: readonly Omit<Vector, 'file'>[] = parse(readFileSync(new URL(file, folder), 'utf8'))
      return vectors.map((vector) => ({ ...vector, file }))
    })
}
