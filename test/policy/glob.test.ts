import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Glob, matchesGlob, parseGlob, parsePathGlob, reachesBelow } from '../../src/policy/pattern/glob.ts'
import { isRefusal, type Refusal } from '../../src/policy/pattern/refusal.ts'

function accepted(glob: Glob | Refusal): Glob {
  if (isRefusal(glob)) throw new Error(glob.message)
  return glob
}
const path = (source: string) => accepted(parsePathGlob(source))

describe('globs over paths', () => {
  it.each([
    ['/etc/**', ['/etc', '/etc/hosts', '/etc/ssh/sshd_config'], ['/', '/etcetera', '/srv/etc/x', 'etc']],
    ['/etc/*', ['/etc/hosts', '/etc/.hidden'], ['/etc', '/etc/ssh/sshd_config']],
    ['/home/*/.ssh/**', ['/home/bob/.ssh', '/home/bob/.ssh/id'], ['/home/.ssh/id', '/home/a/b/.ssh/id']],
    ['**/*.pem', ['/x.pem', '/a/b/x.pem', '/.pem'], ['/x.pem/y', '/xpem']],
    ['/srv/**/log', ['/srv/log', '/srv/a/log', '/srv/a/b/log'], ['/srvlog', '/srv/xlog']],
    ['/**', ['/', '/a', '/a/b'], []],
    ['/srv/a?', ['/srv/ab'], ['/srv/a', '/srv/a/']],
    ['/a.c', ['/a.c'], ['/abc']],
  ])('%s', (source, matching, others) => {
    for (const one of matching) expect([one, matchesGlob(path(source), one)]).toEqual([one, 'yes'])
    for (const one of others) expect([one, matchesGlob(path(source), one)]).toEqual([one, 'no'])
  })

  it('reach below a folder if something in it would match', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('/etc/**', '/etc/a/*', '/*/b', '/a/**/c', '/a'),
        fc.array(fc.constantFrom('a', 'b', 'c', 'etc'), { maxLength: 3 }),
        fc.array(fc.constantFrom('a', 'b', 'c', 'etc'), { minLength: 1, maxLength: 3 }),
        (source, above, below) => {
          const folder = `/${above.join('/')}`
          const inside = `/${[...above, ...below].join('/')}`
          if (matchesGlob(path(source), inside) === 'yes') expect(reachesBelow(path(source), folder)).toBe(true)
        },
      ),
      { numRuns: 1000 },
    )
    expect(reachesBelow(path('/etc/**'), '/')).toBe(true)
    expect(reachesBelow(path('/etc/**'), '/srv')).toBe(false)
    expect(reachesBelow(path('/etc/**'), '/et')).toBe(false)
  })

  it.each([
    'etc',
    './x',
    '/a/../b',
    '/a/',
    '/a//b',
    '/a/./b',
    '/a**',
    '/**a/b',
    '/**/**',
    '/[ab]',
    '/{a,b}',
    '/a\\*',
    '~/x',
    'a'.repeat(201),
  ])('refuse %s', (source) => {
    expect(isRefusal(parsePathGlob(source))).toBe(true)
  })
})

describe('globs over names', () => {
  it('match what the regular expression of the same meaning matches', () => {
    const unit = fc.constantFrom('a', 'b', '*', '?', '.', '-')
    fc.assert(
      fc.property(
        fc.string({ unit, minLength: 1, maxLength: 6 }).filter((source) => !source.includes('**')),
        fc.string({ unit, maxLength: 6 }),
        (source, text) => {
          const meaning = source.replace(/[.]/g, '\\.').replace(/\*/g, '.*').replace(/\?/g, '.')
          expect(matchesGlob(accepted(parseGlob(source)), text)).toBe(
            new RegExp(`^${meaning}$`, 's').test(text) ? 'yes' : 'no',
          )
        },
      ),
      { numRuns: 1000 },
    )
  })
})
