/** Every vector under test/vectors/shell. A fault that is found adds a line there. */
import { describe, expect, it } from 'vitest'
import { createAnalyser } from '../../src/shell/analyse.ts'
import { compileCatalogue, defaultCatalogue } from '../../src/shell/catalogue/catalogue.ts'
import { effectList } from '../../src/shell/effects.ts'
import { readVectors } from './vectors.ts'

const analyse = createAnalyser(defaultCatalogue())
const lookup = compileCatalogue(defaultCatalogue())
const vectors = readVectors()
const files = [...new Set(vectors.map(({ file }) => file))]

describe('vectors', () => {
  it('are many, and many of them adversarial', () => {
    expect(vectors.length).toBeGreaterThanOrEqual(1000)
    expect(vectors.filter(({ file }) => file === 'adversarial.yaml').length).toBeGreaterThanOrEqual(300)
  })

  it.each(files)('%s', (file) => {
    const wrong = vectors.filter((vector) => vector.file === file).flatMap((vector) => faultsOf(vector))
    expect(wrong).toEqual([])
  })
})

function faultsOf(vector: (typeof vectors)[number]): readonly string[] {
  const { line, effects, atLeast, command, commands, objects } = vector
  const found = analyse(line)
  const faults: string[] = []
  const check = (what: string, got: readonly unknown[], wanted: readonly unknown[]) => {
    if (JSON.stringify(got) !== JSON.stringify(wanted))
      faults.push(`${JSON.stringify(line)}: ${what} ${JSON.stringify(got)}, wanted ${JSON.stringify(wanted)}`)
  }
  if (effects !== undefined) check('effects', found.effects, effects)
  if (commands !== undefined)
    check(
      'commands',
      found.commands.map(({ name }) => name ?? null),
      commands,
    )
  if (objects !== undefined)
    check(
      'objects',
      found.objects.map(({ kind, value }) => `${kind}:${value ?? '?'}`),
      objects,
    )
  if (atLeast !== undefined)
    check(
      'missing effects',
      atLeast.filter((effect) => !found.effects.includes(effect)),
      [],
    )
  if (command !== undefined) {
    const worst = effectList(lookup(command)?.any ?? 0)
    check(
      `missing at worst of ${command}`,
      (atLeast ?? []).filter((effect) => !worst.includes(effect)),
      [],
    )
  }
  return faults
}
