/** Decoding bytes that are cut anywhere, and labels made harmless. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Utf8Decoder } from '../../src/recording/utf8.ts'
import { visible } from '../../src/recording/visible.ts'

/** Bytes near every edge of RFC 3629 §4, so that chance finds the edges. */
const edgy = fc.oneof(
  fc.constantFrom(0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf),
  fc.constantFrom(0xe0, 0xe1, 0xec, 0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff),
  fc.integer({ min: 0, max: 255 }),
)
const anyBytes = fc.oneof(
  fc.array(edgy, { maxLength: 24 }).map((bytes) => Uint8Array.from(bytes)),
  fc.string({ unit: 'binary', maxLength: 12 }).map((text) => new TextEncoder().encode(text)),
)
const whole = (bytes: Uint8Array) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)

describe('Utf8Decoder', () => {
  it('gives the same text however the bytes are cut, and holds three bytes at most', () => {
    fc.assert(
      fc.property(anyBytes, fc.infiniteStream(fc.integer({ min: 0, max: 4 })), (bytes, cuts) => {
        const decoder = new Utf8Decoder()
        let text = ''
        for (let at = 0; at < bytes.length; ) {
          const length = cuts.next().value ?? 1
          text += decoder.write(bytes.subarray(at, at + length))
          expect(decoder.held.length).toBeLessThanOrEqual(3)
          at += length
        }
        expect(text + decoder.end()).toBe(whole(bytes))
      }),
      { numRuns: 3000 },
    )
  })

  it('gives the same text for every pair of bytes and every cut', () => {
    for (let n = 0; n < 65_536; n++) {
      const bytes = Uint8Array.of(n >> 8, n & 255)
      const decoder = new Utf8Decoder()
      const text = decoder.write(bytes.subarray(0, 1)) + decoder.write(bytes.subarray(1)) + decoder.end()
      if (text !== whole(bytes)) expect(text, n.toString(16)).toBe(whole(bytes))
    }
  })

  it('gives each character as soon as it is complete', () => {
    const decoder = new Utf8Decoder()
    const given = [...new TextEncoder().encode('a€😀')].map((byte) => decoder.write(Uint8Array.of(byte)))
    expect(given).toEqual(['a', '', '', '€', '', '', '', '😀'])
  })

  it.each([
    [0xe0, 0x9f],
    [0xed, 0xa0],
    [0xf0, 0x8f],
    [0xf4, 0x90],
  ])('gives up at once on %i followed by %i, which begin no character', (lead, second) => {
    expect(new Utf8Decoder().write(Uint8Array.of(lead, second))).toBe('\ufffd\ufffd')
  })

  it('holds a copy: the caller may use its buffer again', () => {
    const decoder = new Utf8Decoder()
    const bytes = Uint8Array.of(0xe2, 0x82)
    decoder.write(bytes)
    bytes.fill(0x41)
    expect(decoder.write(Uint8Array.of(0xac))).toBe('€')
  })
})

describe('visible()', () => {
  it.each([
    ['plain é 😀 ok', 'plain é 😀 ok'],
    ['\x1b[31mred\x07\n\t\0\x7f', '␛[31mred␇␊␉␀␡'],
    ['a\x9bb\x85c', 'a<U+009B>b<U+0085>c'],
    ['safe\u202egnp.exe\u2066\u200b\ufeff', 'safe<U+202E>gnp.exe<U+2066><U+200B><U+FEFF>'],
    ['\u2028\u2029\ud800', '<U+2028><U+2029><U+D800>'],
    ['\u{e0041}', '<U+E0041>'],
  ])('fault 39: shows %j', (text, shown) => {
    expect(visible(text, 1024)).toBe(shown)
  })

  it('never gives more bytes than the limit, half a character, or anything that acts', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), fc.integer({ min: 4, max: 40 }), (text, limit) => {
        const shown = visible(text, limit)
        expect(new TextEncoder().encode(shown).length).toBeLessThanOrEqual(limit)
        expect(shown.isWellFormed()).toBe(true)
        expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
        if (shown !== visible(text, 10_000)) expect(shown.endsWith('…')).toBe(true)
      }),
      { numRuns: 1000 },
    )
  })

  it('does not look at what lies far beyond the limit', () => {
    expect(visible('x'.repeat(50_000_000), 1024)).toHaveLength(1022)
  })
})
