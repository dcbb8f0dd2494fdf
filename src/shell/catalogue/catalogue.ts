/**
 * Looks commands up by name. A lookup compiles the entry it finds once; the catalogue itself stays as it was written.
 */
import { type CompiledUsage, compileEntry } from './compile.ts'
import { families } from './data/index.ts'
import type { Catalogue, Entry } from './schema.ts'

/** The catalogue that comes with the bastion. */
export function defaultCatalogue(): Catalogue {
  return { families }
}

/** Adds a person's own families to a catalogue; where both name a command, theirs wins. */
export function extendCatalogue(base: Catalogue, own: Catalogue): Catalogue {
  return { families: [...base.families, ...own.families] }
}

export type Lookup = (name: string) => CompiledUsage | undefined

export function compileCatalogue(catalogue: Catalogue): Lookup {
  const entries = new Map<string, { readonly entry: Entry; readonly family: string }>()
  for (const family of catalogue.families) {
    for (const [names, entry] of Object.entries(family.commands)) {
      for (const name of names.split(' ')) entries.set(name, { entry, family: family.name })
    }
  }
  const compiled = new Map<string, CompiledUsage>()
  return (name) => {
    let usage = compiled.get(name)
    if (usage !== undefined) return usage
    const found = entries.get(name)
    if (found === undefined) return undefined
    usage = compileEntry(found.entry, name, found.family)
    compiled.set(name, usage)
    return usage
  }
}
