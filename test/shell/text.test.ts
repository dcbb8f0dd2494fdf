import { describe, expect, it } from 'vitest'
import { tooDense, untrustedText } from '../../src/shell/text.ts'

describe('untrustedText()', () => {
  it.each([
    'ls -la',
    'ls\t-la\nrm x',
    'ls café',
    'ls 日本語.txt',
    'ls привет',
    "echo 'ärger'",
    'ls naïve',
    'echo 5€',
    'cat "привет"',
  ])('trusts %j', (text) => {
    expect(untrustedText(text)).toBeUndefined()
  })

  it.each([
    ['a NUL', 'ls \0x'],
    ['an escape', 'ls \x1b[1A'],
    ['a carriage return', 'ls\rrm x'],
    ['a backspace', 'ls \b'],
    ['DEL', 'ls \x7f'],
    ['a C1 control', 'ls \x9b2K'],
    ['half a surrogate pair', 'ls \ud800'],
    ['the replacement character of invalid UTF-8', 'ls \ufffd'],
    ['a noncharacter', 'ls \uffff'],
    ['the marker of the analysis itself', 'ls \ufdd0'],
    ['a private character', 'ls \ue000'],
    ['a direction override', 'ls \u202etxt.sh'],
    ['a direction isolate', 'ls \u2066x'],
    ['a zero-width space', 'r\u200bm x'],
    ['a joiner', 'r\u200dm x'],
    ['a byte order mark', '\ufeffls'],
    ['a soft hyphen', 'l\u00ads'],
    ['a tag', 'ls \u{e0041}'],
    ['a variation selector', 'ls x\ufe0f'],
    ['a filler', 'ls \u3164'],
    ['a no-break space', 'ls\u00a0x'],
    ['a line separator', 'ls\u2028rm'],
    ['a Cyrillic letter among Latin ones', 'cat /\u0435tc/passwd'],
    ['a Latin letter behind Cyrillic ones', 'ls приветx'],
    ['a Greek letter among Latin ones', 'ls \u03bfpt'],
    ['a full-width letter', 'ls \uff52m'],
    ['a mathematical letter', 'ls \u{1d5cb}m'],
    ['a fraction slash', 'ls \u2044etc'],
    ['a Greek question mark', 'ls \u037e'],
    ['a curly quote', 'echo \u201cx\u201d'],
    ['an en dash for an option', 'rm \u2013rf'],
  ])('does not trust %s', (_, text) => {
    expect(untrustedText(text)).toBeDefined()
  })
})

describe('tooDense()', () => {
  it.each([
    ['here-documents', '<<a '],
    ['expansions that do not close', '$('],
    ['commands', 'a;'],
    ['quotes', '"'],
    ['words', 'a '],
    ['braces', '{a'],
    ['brackets', '[1]=2'],
  ])('refuses 64 KiB of %s', (_, unit) => {
    expect(tooDense(unit.repeat(Math.floor(65_536 / unit.length)))).toBe('the text is denser than is followed')
  })

  it('takes 64 KiB of prose', () => {
    expect(tooDense('a sentence of words, as people write them. '.repeat(1500))).toBeUndefined()
  })
})
