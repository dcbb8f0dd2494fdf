import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createAnalyser } from '../../../src/shell/analyse.ts'
import { defaultCatalogue } from '../../../src/shell/catalogue/catalogue.ts'
import { parsedText } from '../../../src/web/ui/src/parsed-text.ts'

const at = (text: string, own: string) => ({ text: own, start: text.indexOf(own), end: text.indexOf(own) + own.length })
const drawn = (text: string, ...commands: readonly { text: string; start: number; end: number }[]) =>
  parsedText(text, commands).map(({ text: piece, command }) => (command === undefined ? piece : `${command}<${piece}>`))

describe('parsedText()', () => {
  it('draws each command where it stands, and what is between them as it is', () => {
    const text = 'cd /srv && rm -rf old; ls'
    expect(drawn(text, at(text, 'cd /srv'), at(text, 'rm -rf old'), at(text, 'ls'))).toEqual([
      '0<cd /srv>',
      ' && ',
      '1<rm -rf old>',
      '; ',
      '2<ls>',
    ])
  })

  it('gives what lies in one another to the innermost, and marks where each begins', () => {
    const text = 'rm $(cat list) now'
    expect(drawn(text, at(text, text), at(text, 'cat list'))).toEqual(['0<rm $(>', '1<cat list>', '0<) now>'])
    expect(parsedText(text, [at(text, text), at(text, 'cat list')]).map(({ isFirst }) => isFirst)).toEqual([
      true,
      true,
      false,
    ])
  })

  it('draws nothing at a place that holds another text, or none', () => {
    expect(drawn('sh -c "rm x"', { text: 'rm x', start: 0, end: 4 })).toEqual(['sh -c "rm x"'])
    expect(drawn('ls', { text: '', start: 1, end: 1 }, { text: 'ls -l', start: 0, end: 5 })).toEqual(['ls'])
  })

  it('places what the analyser finds', () => {
    const text = 'sudo systemctl stop nginx | tee /tmp/x; for f in a b; do rm "$f"; done'
    const found = parsedText(text, createAnalyser(defaultCatalogue())(text).commands)
    expect(new Set(found.map(({ command }) => command)).size).toBeGreaterThan(3)
  })

  it('loses nothing, whatever it is given', () => {
    const place = fc.record({ start: fc.integer({ min: -2, max: 12 }), end: fc.integer({ min: -2, max: 12 }) })
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 10 }), fc.array(place, { maxLength: 6 }), (text, places) => {
        const commands = places.map(({ start, end }) => ({ text: text.slice(start, end), start, end }))
        expect(
          parsedText(text, commands)
            .map(({ text: piece }) => piece)
            .join(''),
        ).toBe(text)
      }),
    )
  })
})
