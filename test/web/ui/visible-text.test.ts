import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hidesSomething, visibleLine, visibleText } from '../../../src/web/ui/src/visible-text.ts'

const marks = (text: string) =>
  visibleText(text).flatMap((segment) => (segment.kind === 'hidden' ? [[segment.mark, segment.name]] : []))

describe('fault 39: visibleText()', () => {
  it('leaves plain text in one piece', () => {
    expect(visibleText('rm -rf "$HOME"/x | tee ~/y')).toEqual([{ kind: 'plain', source: 'rm -rf "$HOME"/x | tee ~/y' }])
    expect(visibleText('')).toEqual([])
  })

  it.each([
    ['\u001b', '␛', 'U+001B escape'],
    ['\u0000', '␀', 'U+0000 null'],
    ['\u0007', '␇', 'U+0007 bell'],
    ['\u0008', '␈', 'U+0008 backspace'],
    ['\r', '␍', 'U+000D carriage return'],
    ['\n', '⏎', 'U+000A line feed'],
    ['\t', '⇥', 'U+0009 tab'],
    ['\u007f', '␡', 'U+007F delete'],
    ['\u0085', '⟨0085⟩', 'U+0085 next line'],
    ['\u009b', '⟨009B⟩', 'U+009B control sequence introducer'],
    ['\u00a0', '⍽', 'U+00A0 no-break space'],
    ['\u00ad', '⟨00AD⟩', 'U+00AD soft hyphen'],
    ['\u200b', '⟨200B⟩', 'U+200B zero-width space'],
    ['\u200d', '⟨200D⟩', 'U+200D zero-width joiner'],
    ['\u2028', '⟨2028⟩', 'U+2028 line separator'],
    ['\u202e', '⟨202E⟩', 'U+202E right-to-left override'],
    ['\u2066', '⟨2066⟩', 'U+2066 left-to-right isolate'],
    ['\u3000', '⟨3000⟩', 'U+3000 ideographic space'],
    ['\ufeff', '⟨FEFF⟩', 'U+FEFF byte order mark'],
    ['\ufe0f', '⟨FE0F⟩', 'U+FE0F variation selector'],
    ['\u3164', '⟨3164⟩', 'U+3164 invisible character'],
    ['\u2800', '⟨2800⟩', 'U+2800 invisible character'],
    ['\u0301', '◌\u0301', 'U+0301 combining mark'],
    ['\ue000', '⟨E000⟩', 'U+E000 private-use character'],
    ['\ud800', '⟨D800⟩', 'U+D800 half a character'],
    ['\u{e0041}', '⟨E0041⟩', 'U+E0041 tag character'],
    ['\u{e0101}', '⟨E0101⟩', 'U+E0101 variation selector'],
  ])('marks %j as %s', (character, mark, name) => {
    expect(marks(`a${character}b`)).toEqual([[mark, name]])
  })

  it('tells letters that only look like ours', () => {
    expect(visibleText('pаss')).toEqual([
      { kind: 'plain', source: 'p' },
      { kind: 'foreign', source: 'а', name: 'U+0430' },
      { kind: 'plain', source: 'ss' },
    ])
  })

  it('ends the line where the text does', () => {
    expect(visibleText('a\nb').map((segment) => segment.kind === 'hidden' && segment.endsLine)).toEqual([
      false,
      true,
      false,
    ])
    expect(visibleLine('a\n\u001b[2Jb')).toBe('a⏎␛[2Jb')
  })

  it('warns of what a screen would not show, not of line breaks and tabs', () => {
    expect(hidesSomething(visibleText('a\tb\nc é'))).toBe(false)
    expect(hidesSomething(visibleText('a\u200bb'))).toBe(true)
    expect(hidesSomething(visibleText('a\rb'))).toBe(true)
  })

  it('loses nothing and lets nothing through, whatever the text', () => {
    const text = fc.string({ unit: 'binary', maxLength: 60 })
    fc.assert(
      fc.property(text, (any) => {
        const segments = visibleText(any)
        expect(segments.map(({ source }) => source).join('')).toBe(any)
        for (const segment of segments) {
          if (segment.kind === 'plain') expect(segment.source).toMatch(/^[\x20-\x7e]+$/)
          if (segment.kind === 'foreign') expect(segment.source).not.toMatch(/[\p{C}\p{Z}\p{M}]/u)
          if (segment.kind === 'hidden') expect(segment.mark).not.toMatch(/[\p{C}\p{Z}]/u)
        }
      }),
      { numRuns: 2000 },
    )
  })
})
