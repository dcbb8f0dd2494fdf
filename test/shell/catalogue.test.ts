/** The catalogue as data: it follows its schema, compiles, and keeps the promises of its README. */
import { describe, expect, it } from 'vitest'
import { createAnalyser } from '../../src/shell/analyse.ts'
import { compileCatalogue, defaultCatalogue } from '../../src/shell/catalogue/catalogue.ts'
import type { CompiledUsage } from '../../src/shell/catalogue/compile.ts'
import type { Entry, Family } from '../../src/shell/catalogue/schema.ts'
import { loadUserCatalogue } from '../../src/shell/catalogue/validate.ts'
import { ESCAPE, effectList, NONE, UNKNOWN } from '../../src/shell/effects.ts'

const { families } = defaultCatalogue()
const lookup = compileCatalogue(defaultCatalogue())
const names = [
  ...new Set(families.flatMap((family) => Object.keys(family.commands).flatMap((keys) => keys.split(' ')))),
]

describe('the catalogue', () => {
  it('has at least 600 commands', () => expect(names.length).toBeGreaterThanOrEqual(600))

  it.each(families.map((family) => [family.name, family] as const))(
    '%s follows the schema and cites its sources',
    (_, family) => {
      const loaded = loadUserCatalogue(family, { families: [] })
      expect(loaded.kind === 'refused' ? loaded.problems : []).toEqual([])
      expect(family.sources.length).toBeGreaterThan(0)
    },
  )

  it('names each family once', () => {
    expect(new Set(families.map(({ name }) => name)).size).toBe(families.length)
  })

  it('names no command twice in a family', () => {
    const twice = families.flatMap((family) => {
      const own = Object.keys(family.commands).flatMap((keys) => keys.split(' '))
      return own.filter((name, at) => own.indexOf(name) !== at).map((name) => `${family.name}: ${name}`)
    })
    expect(twice).toEqual([])
  })

  it('never gives `unknown` in an entry', () => {
    const told = families.flatMap((family) => mentions(family, 'unknown'))
    expect(told).toEqual([])
  })

  it('gives every entry and subcommand an effect of some kind', () => {
    const without = names.flatMap((name) => usagesOf(lookup(name))).filter((usage) => (usage.any & ~UNKNOWN) === NONE)
    expect(without.map(({ label }) => label)).toEqual([])
  })

  it('lets whatever GTFOBins says can start a shell end in an escape at worst', () => {
    const tame = families.flatMap((family) =>
      Object.entries(family.commands)
        .filter(
          ([, entry]) =>
            typeof entry === 'object' &&
            'gtfobins' in entry &&
            (entry.gtfobins ?? []).some((each) => each === 'shell' || each === 'command'),
        )
        .flatMap(([keys]) => keys.split(' '))
        .filter((name) => ((lookup(name)?.any ?? NONE) & ESCAPE) === 0),
    )
    expect(tame).toEqual([])
  })
})

describe('createAnalyser() with a catalogue of one’s own', () => {
  const own = loadUserCatalogue({
    name: 'ours',
    commands: {
      deployctl: { effects: 'read', subcommands: { 'roll-out': ['write', 'unit'], status: 'read' } },
      rm: 'read',
    },
  })
  if (own.kind === 'refused') throw new Error(own.problems.join('\n'))
  const analyse = createAnalyser(own.catalogue)

  it('extends and overrides the one that comes with the bastion', () => {
    expect(analyse('deployctl status').effects).toEqual(['read'])
    expect(analyse('deployctl roll-out web').objects).toEqual([{ kind: 'unit', value: 'web' }])
    expect(analyse('deployctl nuke').effects).toEqual(['read', 'write', 'unknown'])
    expect(analyse('rm x').effects).toEqual(['read'])
    expect(analyse('rmdir x').effects).toEqual(['destroy'])
  })

  it.each<[string, unknown, string]>([
    ['no table', 'x', 'must be a family'],
    ['no commands', { name: 'x' }, 'commands: must be a table'],
    ['an unknown key', { name: 'x', commands: { a: { efects: 'read' } } }, 'commands.a.efects: is not known here'],
    ['a word that is no effect', { name: 'x', commands: { a: 'reed' } }, 'must be effects'],
    ['a role that is none', { name: 'x', commands: { a: ['read', 'file'] } }, 'is no role'],
    [
      'an option that is none',
      { name: 'x', commands: { a: { options: { '-x': { add: 'read' } } } } },
      'commands.a.options.-x.add',
    ],
    ['a language that is none', { name: 'x', commands: { a: { operands: 'code basic' } } }, 'must be one of'],
    ['a syntax that is none', { name: 'x', commands: { a: { syntax: 'bsd' } } }, 'syntax'],
  ])('refuses %s and says where', (_, data, problem) => {
    const loaded = loadUserCatalogue(data)
    expect(loaded.kind === 'refused' ? loaded.problems.join('\n') : 'loaded').toContain(problem)
  })
})

function usagesOf(usage: CompiledUsage | undefined): readonly CompiledUsage[] {
  if (usage === undefined) return []
  const subs = [...(usage.subcommands?.values() ?? []), ...usage.subcommandPatterns.map((each) => each.usage)]
  return [usage, ...new Set(subs.flatMap(usagesOf))]
}

function mentions(family: Family, word: string): readonly string[] {
  const found: string[] = []
  const visit = (value: unknown, at: string): void => {
    if (typeof value === 'string') {
      if (
        /^(?:effects|worst|bare|adds|sets)$/.test(at.slice(at.lastIndexOf('.') + 1)) &&
        value.split(' ').includes(word)
      )
        found.push(at)
    } else if (typeof value === 'object' && value !== null)
      for (const [key, each] of Object.entries(value)) visit(each, `${at}.${key}`)
  }
  for (const [key, entry] of Object.entries<Entry>(family.commands)) {
    if (typeof entry === 'string' && effectListOf(entry).includes(word)) found.push(`${family.name}.${key}`)
    visit(entry, `${family.name}.${key}`)
  }
  return found
}

function effectListOf(text: string): readonly string[] {
  return text.split(' ').filter((each) => effectList(~0).some((effect) => effect === each))
}
