/**
 * The catalogue in force: the one that comes with the bastion, and over it the file that the configuration names. A file
 * that cannot be read or has a mistake is refused whole, because a command that was meant to be held must not fall back
 * to what is known of it here.
 */
import { readFile } from 'node:fs/promises'
import { LineCounter, parseDocument } from 'yaml'
import { offsetOf } from './config.ts'
import { BastionError } from './core/errors.ts'
import { defaultCatalogue } from './shell/catalogue/catalogue.ts'
import type { Catalogue } from './shell/catalogue/schema.ts'
import { type Fault, loadUserCatalogue } from './shell/catalogue/validate.ts'

export interface CatalogueProblem {
  readonly file: string
  /** 1-based; 0 where the problem is about no line. */
  readonly line: number
  readonly column: number
  readonly message: string
}

export type CatalogueFile =
  | { readonly kind: 'ok'; readonly catalogue: Catalogue }
  | { readonly kind: 'broken'; readonly problems: readonly CatalogueProblem[] }

/** Far more than a catalogue of one's own needs. */
const MAX_BYTES = 4 * 1024 * 1024

export async function readCatalogueFile(file: string): Promise<CatalogueFile> {
  const text = await readFile(file, 'utf8').catch(() => undefined)
  const whole = (message: string): CatalogueFile => ({
    kind: 'broken',
    problems: [{ file, line: 0, column: 0, message }],
  })
  if (text === undefined) return whole('The catalogue file cannot be read.')
  if (text.length > MAX_BYTES) return whole('The catalogue file is longer than 4 MiB.')
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  const at = (offset: number, message: string): CatalogueProblem => {
    const { line, col } = lines.linePos(offset)
    return { file, line, column: col, message }
  }
  if (document.errors.length > 0)
    return {
      kind: 'broken',
      problems: document.errors.map(({ pos, message }) => at(pos[0], message.split('\n')[0] ?? '')),
    }
  // Aliases are counted, so that a short text cannot become a large one.
  const loaded = loadUserCatalogue(document.toJS({ maxAliasCount: 100 }))
  if (loaded.kind === 'loaded') return { kind: 'ok', catalogue: loaded.catalogue }
  return {
    kind: 'broken',
    problems: loaded.faults.map((fault) => at(offsetOf(document.contents, fault.path), sentence(fault))),
  }
}

function sentence({ path, message }: Fault): string {
  return path.length === 0 ? message : `${path.join('.')}: ${message}`
}

/** Rejects with `invalid`, naming every problem, where the file cannot be used. */
export async function catalogueOf(file: string | undefined): Promise<Catalogue> {
  if (file === undefined) return defaultCatalogue()
  const read = await readCatalogueFile(file)
  if (read.kind === 'ok') return read.catalogue
  const problems = read.problems.map(({ line, column, message }) =>
    line === 0 ? `${file}: ${message}` : `${file}:${line}:${column}: ${message}`,
  )
  throw new BastionError('invalid', `The catalogue cannot be used:\n${problems.join('\n')}`)
}
