/**
 * What must hold of every text. The lines that people and attackers write (the vectors) are the seeds; fast-check puts
 * them together and takes them apart.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EFFECTS, type Effect } from '../../src/core/action.ts'
import { BROKEN, createAnalyser } from '../../src/shell/analyse.ts'
import { defaultCatalogue } from '../../src/shell/catalogue/catalogue.ts'
import { generateScript } from './differential/generate.ts'
import { readVectors } from './vectors.ts'

const analyse = createAnalyser(defaultCatalogue())
const lines = readVectors().map(({ line }) => line)
const line = fc.constantFrom(...lines)
/** Lines that do not run into the text after them: no comment, here-document, open quote or continuation at their end. */
const closed = fc.constantFrom(
  ...lines.filter((each) => !/#|<<|\\\s*$|^\s*$/.test(each) && !analyse(each).effects.includes('opaque')),
)
const isLong = process.env.SALLYPORT_LONG === '1'
/** The same examples in every run; others, and more of them, in the long one. */
const runs = { numRuns: isLong ? 50_000 : 2000, ...(isLong ? {} : { seed: 1 }) }

const limit = { timeout: isLong ? 600_000 : 60_000 }

/**
 * The effects of `before` that `after` does not have; none when `after` is opaque. Whether it reads as well is of no
 * account: a command without any effect is said to read.
 */
function lost(before: string, after: string): readonly Effect[] {
  const { effects } = analyse(after)
  return effects.includes('opaque')
    ? []
    : analyse(before).effects.filter((effect) => effect !== 'read' && !effects.includes(effect))
}

describe('every text', limit, () => {
  it('gets an answer in which each command has an effect and a reason, and the whole has them all', () => {
    const text = fc.oneof(
      line,
      fc.string({ maxLength: 200 }),
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.nat().map(generateScript),
    )
    fc.assert(
      fc.property(text, (each) => {
        const { commands, effects, objects } = analyse(each)
        for (const command of commands) {
          expect(command.effects.length).toBeGreaterThan(0)
          expect(command.because).not.toBe('')
          expect(command.because).not.toBe(BROKEN)
          expect(command.start).toBeGreaterThanOrEqual(0)
          expect(command.end).toBeLessThanOrEqual(each.length)
          expect(command.start).toBeLessThanOrEqual(command.end)
          for (const effect of command.effects) expect(effects).toContain(effect)
        }
        expect(effects).toEqual(EFFECTS.filter((effect) => effects.includes(effect)))
        expect(objects).toEqual(commands.flatMap((command) => command.objects))
      }),
      runs,
    )
  })

  it('has the same answer each time', () => {
    fc.assert(
      fc.property(line, (each) => {
        expect(analyse(each)).toEqual(analyse(each))
      }),
      runs,
    )
  })
})

describe('more text', limit, () => {
  const more = fc.constantFrom(
    '; ls',
    ' && ls',
    ' || rm x',
    ' | cat',
    ' > /dev/null',
    ' >> log',
    ' 2>&1',
    ' &',
    '\nls',
    '; f() { ls; }',
    ' < /dev/null',
  )
  it('after a line takes no effect away', () => {
    // Input that is no longer the person's own is the one thing that makes a shell harmless.
    fc.assert(
      fc.property(closed, more, (each, text) => {
        fc.pre(!(text === ' < /dev/null' && analyse(each).effects.includes('escape')))
        expect(lost(each, each + text)).toEqual([])
      }),
      runs,
    )
  })

  it('before a line takes no effect away', () => {
    // A here-document without its end, or a backslash, would take the line in; a function would take its command's place.
    const before = line.filter((each) => !/<<|\\\s*$|\(\s*\)|function/.test(each))
    fc.assert(
      fc.property(closed, before, (each, first) => {
        expect(lost(each, `${first}\n${each}`)).toEqual([])
      }),
      runs,
    )
  })

  it.each([
    ['( ', ' )'],
    ['{ ', '; }'],
    ['if true; then ', '; fi'],
    ['while true; do ', '; done'],
    ['f() { ', '; }; f'],
    ['! ', ''],
    ['time ', ''],
    ['echo "$( ', ' )"'],
    ['cat <( ', ' )'],
    ['true || ', ''],
    ['x=$( ', ' )'],
    ['case a in a) ', ';; esac'],
    ['coproc { ', '; }'],
  ])('around a line (%s…%s) takes no effect away', (before, after) => {
    fc.assert(
      fc.property(closed, (each) => {
        expect(lost(each, before + each + after)).toEqual([])
      }),
      { ...runs, numRuns: runs.numRuns / 10 },
    )
  })

  it.each([
    "bash -c '",
    "eval '",
    "sudo sh -c '",
    "env A=b nohup timeout 5 bash -c '",
    "ssh h '",
    "trap '",
    "su - bob -c '",
  ])('as the text of %s takes no effect away', (before) => {
    const own = closed.filter((each) => !each.includes('!'))
    fc.assert(
      fc.property(own, (each) => {
        const quoted = `${before}${each.replaceAll("'", "'\\''")}'${before.startsWith('trap') ? ' EXIT' : ''}`
        expect(lost(each, quoted)).toEqual([])
      }),
      { ...runs, numRuns: runs.numRuns / 10 },
    )
  })
})

describe('a word that is not known', limit, () => {
  // Words without quotes, so that one can be taken out.
  const plain = fc.constantFrom(...lines.filter((each) => /^[\w./:=@%+, -]+ [\w./:=@%+, -]+$/.test(each)))
  const hole = fc.constantFrom('"$X"', '$X', '"$@"', '$(x)', '*')

  it('has every effect that the word in its place has', () => {
    fc.assert(
      fc.property(plain, fc.nat(), hole, (each, place, unknown) => {
        const words = each.split(' ')
        const at = 1 + (place % (words.length - 1))
        const after = words.map((word, index) => (index === at ? unknown : word)).join(' ')
        expect(lost(each, after)).toEqual([])
      }),
      runs,
    )
  })

  it('has every effect that words in its place and after it have', () => {
    fc.assert(
      fc.property(plain, fc.nat(), fc.constantFrom('$X', '"$@"', '$(x)'), (each, place, unknown) => {
        const words = each.split(' ')
        const after = [...words.slice(0, 1 + (place % (words.length - 1))), unknown].join(' ')
        expect(lost(each, after)).toEqual([])
      }),
      runs,
    )
  })
})
