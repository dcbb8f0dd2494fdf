import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isRefusal } from '../../src/policy/pattern/refusal.ts'
import { matchesPattern, type Pattern, parsePattern } from '../../src/policy/pattern/regex.ts'

function pattern(source: string): Pattern {
  const parsed = parsePattern(source)
  if (isRefusal(parsed)) throw new Error(`${source}: ${parsed.message}`)
  return parsed
}

/** Random patterns of what both engines know; few letters, so that they match often. */
const { source } = fc.letrec<{ source: string; atom: string }>((tie) => ({
  atom: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(
      'a',
      'b',
      '.',
      '\\d',
      '\\w',
      '\\s',
      '\\W',
      '[ab]',
      '[^a]',
      '[a-c1]',
      '^',
      '$',
      '\\b',
      '\\.',
      '\\x61',
      ' ',
    ),
    tie('source').map((inner) => `(?:${inner})`),
    tie('source').map((inner) => `(${inner})`),
  ),
  source: fc
    .array(fc.tuple(tie('atom'), fc.constantFrom('', '', '', '*', '+', '?', '{2}', '{1,3}', '{2,}', '*?', '|')), {
      minLength: 1,
      maxLength: 4,
    })
    .map((parts) =>
      parts.map(([atom, bound]) => (/^(\^|\$|\\b)$/.test(atom) && bound !== '|' ? atom : atom + bound)).join(''),
    ),
}))

describe('regular expressions', () => {
  it('match what JavaScript’s match', () => {
    const text = fc
      .array(fc.constantFrom('a', 'b', 'c', '1', ' ', '.', '\n', 'é', '😀'), { maxLength: 8 })
      .map((characters) => characters.join(''))
    fc.assert(
      fc.property(source, fc.array(text, { minLength: 5, maxLength: 5 }), (expression, texts) => {
        const ours = parsePattern(expression)
        // Some repeat too much to be checked quickly.
        fc.pre(!isRefusal(ours))
        const theirs = new RegExp(expression, 'su')
        for (const given of texts)
          expect({ expression, given, match: matchesPattern(ours, given) }).toEqual({
            expression,
            given,
            match: theirs.test(given) ? 'yes' : 'no',
          })
      }),
      { numRuns: 2000 },
    )
  })

  it.each([
    ['(a|a)*b', 'a'],
    ['(a*)*b', 'a'],
    ['(a+)+$', 'a'],
    ['(.*)(.*)(.*)(.*)x', 'a'],
    ['(x+x+)+y', 'x'],
    ['([a-z]+)*\\d', 'q'],
  ])('take linear time: %s on 64 KiB', (expression, letter) => {
    const text = `${letter.repeat(64 * 1024 - 1)}!`
    const started = performance.now()
    expect(matchesPattern(pattern(expression), text)).toBe('no')
    // JavaScript's own engine needs longer than the age of the universe for the first.
    expect(performance.now() - started).toBeLessThan(2000)
  })

  it('are unclear about a text that is too long', () => {
    expect(matchesPattern(pattern('a'), 'a'.repeat(64 * 1024 + 1))).toBe('unclear')
  })

  it('cannot be escaped with a line feed', () => {
    expect(matchesPattern(pattern('^rm .*x$'), 'rm \nx')).toBe('yes')
    expect(matchesPattern(pattern('^ls$'), 'ls\nrm')).toBe('no')
  })

  it('ignore case only when told to', () => {
    expect(matchesPattern(pattern('drop [t-u]able'), 'DROP TABLE')).toBe('no')
    expect(matchesPattern(pattern('(?i)drop [t-u]able'), 'DROP TABLE')).toBe('yes')
    expect(matchesPattern(pattern('(?i)[^a]'), 'A')).toBe('no')
  })

  it.each([
    '(',
    ')',
    '(a',
    'a)',
    '[',
    '[]',
    '[b-a]',
    '*',
    'a**',
    'a{2,1}',
    'a{101}',
    'a{',
    '\\1',
    '\\q',
    '(?=a)',
    '(?<n>a)',
    '(?!a)',
    '(?<=a)',
    '\\p{L}',
    '\\xZZ',
    '\\',
    '^*',
    '{',
    ']',
    `${'('.repeat(30)}a${')'.repeat(30)}`,
    'a'.repeat(501),
    '((a{50}){50}){50}',
  ])('refuse %s', (expression) => {
    expect(isRefusal(parsePattern(expression))).toBe(true)
  })

  it('are read without an exception, whatever they are', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'ab()[]{}*+?|^$\\.-,:=!<>12xdb') }),
        (expression) => void parsePattern(expression),
      ),
      { numRuns: 2000 },
    )
  })
})
