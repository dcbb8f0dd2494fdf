import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Mask } from '../../src/core/verdict.ts'
import { HELD_BYTES, Masker } from '../../src/terminal/mask.ts'
import { mask } from './masks.ts'

/** Feeds the pieces, then lets the output rest; returns all that was shown. */
function through(masks: readonly Mask[], pieces: readonly Uint8Array[]) {
  const masker = new Masker(masks)
  const shown = Buffer.concat([...pieces.map((piece) => Buffer.from(masker.write(piece))), Buffer.from(masker.rest())])
  return { shown, counts: Object.fromEntries(masker.takeCounts()), masker }
}
const hide = (masks: readonly Mask[], text: string) => through(masks, [Buffer.from(text)]).shown.toString()
const cut = (bytes: Uint8Array, places: readonly number[]): readonly Uint8Array[] => {
  const at = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((one, other) => one - other)
  return [0, ...at].map((from, index) => bytes.subarray(from, at[index] ?? bytes.length))
}

const DIGITS = mask('\\b\\d{4}(?:[ -]?\\d{4}){3}\\b')

describe('Masker', () => {
  it('puts as many marks as it takes cells away, and leaves the rest as it is', () => {
    expect(hide([DIGITS], 'card 4111 1111 1111 1111, please')).toBe('card •••••••••••••••••••, please')
    expect(hide([DIGITS], 'card 41111 1111 1111 1111')).toBe('card 41111 1111 1111 1111')
    expect(hide([mask('秘密')], 'das 秘密!')).toBe('das ••••!')
    expect(hide([mask('(?i)ärger')], 'kein ärger')).toBe('kein •••••')
  })

  it('sees through colours, and keeps them', () => {
    expect(hide([DIGITS], '\x1b[1m4111\x1b[0m \x1b[31;1m1111\x1b[0m\x1b[K 1111 1111\n')).toBe(
      '\x1b[1m••••\x1b[0m•\x1b[31;1m••••\x1b[0m\x1b[K••••••••••\n',
    )
  })

  it('does not join what a moved cursor puts apart, nor let it hide a border', () => {
    expect(hide([DIGITS], '4111 1111\x1b[5;9H 1111 1111.')).toBe('4111 1111\x1b[5;9H 1111 1111.')
    expect(hide([DIGITS], 'x\x1b[5;9H4111 1111 1111 1111.')).toBe('x\x1b[5;9H•••••••••••••••••••.')
    expect(hide([DIGITS], '\x1b]0;4111 1111 1111 1111\x07')).toBe('\x1b]0;•••••••••••••••••••\x07')
  })

  it('keeps line ends and tabs inside a match', () => {
    expect(hide([mask('BEGIN[A-Z\\s]*END')], 'a BEGIN\r\nKEY\t\nEND b')).toBe('a •••••\r\n•••\t\n••• b')
  })

  it('leaves the last characters readable where it is told to', () => {
    expect(hide([{ ...DIGITS, keep: 4 }], 'card 4111 1111 1111 1234.')).toBe('card •••••••••••••••1234.')
    expect(hide([{ ...DIGITS, keep: 4 }], '4111 1111 1111 1234')).toBe('•••••••••••••••1234')
    expect(hide([{ ...DIGITS, keep: 4 }, mask('\\b1234\\b')], '4111 1111 1111 1234.')).toBe('•••••••••••••••••••.')
  })

  it('tells how often', () => {
    const { counts, masker } = through(
      [DIGITS, mask('@\\w+', { name: 'name' })],
      [Buffer.from('4111 1111 1111 1111 and 4111-1111-1111-1111 of @alice\n')],
    )
    expect(counts).toEqual({ secret: 2, name: 1 })
    expect(masker.takeCounts()).toEqual(new Map())
  })

  it('withholds what may begin a match, and nothing else', () => {
    const masker = new Masker([DIGITS])
    expect(Buffer.from(masker.write(Buffer.from('deploy@web-1:~$ '))).toString()).toBe('deploy@web-1:~$ ')
    expect(Buffer.from(masker.write(Buffer.from('see 4111 11'))).toString()).toBe('see ')
    expect(masker.heldBytes).toBe(7)
    expect(Buffer.from(masker.write(Buffer.from('x'))).toString()).toBe('4111 11x')
  })

  it('lets go of what it withheld when the output rests, and hides what still follows', () => {
    const masker = new Masker([DIGITS])
    expect(Buffer.from(masker.write(Buffer.from('4111 1111 '))).toString()).toBe('')
    expect(Buffer.from(masker.rest()).toString()).toBe('4111 1111 ')
    expect(Buffer.from(masker.write(Buffer.from('1111 1111\n'))).toString()).toBe('•••••••••\n')
    expect(Buffer.from(masker.write(Buffer.from('4111 1111 1111 1111'))).toString()).toBe('')
    expect(Buffer.from(masker.rest()).toString()).toBe('•••••••••••••••••••')
  })

  it('withholds no more than its bound, and hides the rest of what is longer', () => {
    const masker = new Masker([mask('<[^>]*>')])
    let shown = Buffer.from(masker.write(Buffer.from('<'))).toString()
    for (let n = 0; n < 100; n++) {
      shown += Buffer.from(masker.write(Buffer.alloc(1000, 'a'))).toString()
      expect(masker.heldBytes).toBeLessThanOrEqual(HELD_BYTES)
    }
    shown += Buffer.from(masker.write(Buffer.from('> b'))).toString()
    expect(shown).toMatch(new RegExp(`^<a+•{${HELD_BYTES - 3},} b$`))
  })

  it('shows a long match at once where it is one already', () => {
    const masker = new Masker([mask('KEY[a-z]*')])
    expect(Buffer.from(masker.write(Buffer.from('a KEYabc'))).toString()).toBe('a •••••')
    expect(Buffer.from(masker.write(Buffer.from('def'))).toString()).toBe('•••')
    masker.write(Buffer.alloc(100_000, 'x'))
    expect(masker.heldBytes).toBeLessThan(20)
  })

  const PATTERNS = ['ab+c', '\\bab\\b', '[ab]{2,4}c', 'a.c', '(?:ab|bc)+', 'b\\Bc', 'a[^c]*c', 'é+b', 'c\\s*a']
  const piece = fc.constantFrom('a', 'b', 'c', 'é', ' ', '\n', '字', '_', 'ab', 'bc', 'abc')
  const control = fc.constantFrom('\x1b[31m', '\x1b[m', '\x1b[K', '\x00', '\x1b(B', '\x07')

  it('hides exactly what some match covers, whatever the pieces and the colours between (property)', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.constantFrom(...PATTERNS), { minLength: 1, maxLength: 3 }),
        fc.array(fc.tuple(piece, fc.option(control)), { maxLength: 12 }),
        fc.array(fc.nat()),
        (patterns, tokens, places) => {
          const text = tokens.map(([plain]) => plain).join('')
          const bytes = Buffer.from(tokens.map(([plain, more]) => plain + (more ?? '')).join(''))
          const { shown } = through(
            patterns.map((source) => mask(source)),
            cut(bytes, places),
          )
          expect(plain(shown.toString())).toBe(expected(patterns, text))
          // Every sequence is still there, in its order.
          expect(sequences(shown.toString())).toEqual(sequences(bytes.toString()))
        },
      ),
      { numRuns: 3000 },
    )
  })

  it('says the same however arbitrary bytes are cut, and leaves those alone that it does not hide (property)', () => {
    const bytes = fc.array(
      fc.oneof(
        fc.uint8Array({ maxLength: 4 }),
        fc.constantFrom('ab', 'abbc', '\x1b', '[', '3', 'm', '\x9b', 'é', '字', 'H').map((text) => Buffer.from(text)),
        fc.constantFrom(Buffer.of(0xc3), Buffer.of(0xe5, 0xad), Buffer.of(0x9b)),
      ),
      { maxLength: 20 },
    )
    fc.assert(
      fc.property(bytes, fc.array(fc.nat()), fc.boolean(), (pieces, places, hasKeep) => {
        const whole = Buffer.concat(pieces)
        const masks = [mask('ab+c', { keep: hasKeep ? 2 : 0 }), mask('é.')]
        const once = through(masks, [whole])
        const split = through(masks, cut(whole, places))
        expect(split.shown.toString('hex')).toBe(once.shown.toString('hex'))
        expect(split.counts).toEqual(once.counts)
        if (Object.keys(once.counts).length === 0) expect(once.shown.equals(whole)).toBe(true)
      }),
      { numRuns: 3000 },
    )
  })
})

const plain = (text: string) => text.replace(/\x1b\[[0-9;]*[A-Za-z]|\x1b\(B|[\x00\x07]/g, '')
const sequences = (text: string) => text.match(/\x1b\[[0-9;]*[A-Za-z]|\x1b\(B|[\x00\x07]/g)

/** The same by JavaScript's own expressions, asked for every stretch of the text. */
function expected(patterns: readonly string[], text: string): string {
  const characters = [...text]
  const hidden = characters.map(() => false)
  for (const source of patterns) {
    for (let from = 0; from < characters.length; from++) {
      for (let to = from + 1; to <= characters.length; to++) {
        const before = `(?<=^[^]{${from}})`
        const after = `(?=[^]{${characters.length - to}}$)`
        if (new RegExp(`${before}(?:${source})${after}`, 'su').test(text)) hidden.fill(true, from, to)
      }
    }
  }
  return characters
    .map((character, at) => (!hidden[at] || character === '\n' ? character : character === '字' ? '••' : '•'))
    .join('')
}
