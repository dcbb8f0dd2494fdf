/** Which Enters enter a line, however the bytes are cut up. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PasteReader } from '../../src/session/paste.ts'

const START = '\u001b[200~'
const END = '\u001b[201~'

/** Returns the places of all Enters that enter a line. */
function enters(pieces: readonly string[], isBracketing = true): readonly number[] {
  const reader = new PasteReader()
  const found: number[] = []
  let before = 0
  for (const piece of pieces) {
    let bytes: Uint8Array = Buffer.from(piece)
    for (;;) {
      const at = reader.findEnter(bytes, isBracketing)
      if (at === -1) break
      found.push(before + at)
      before += at + 1
      bytes = bytes.subarray(at + 1)
    }
    before += bytes.length
  }
  return found
}

describe('an Enter', () => {
  it('enters a line where nothing is pasted', () => {
    expect(enters(['ls\rls\n'])).toEqual([2, 5])
  })

  it('is text inside a paste, and enters the line behind it', () => {
    const text = `${START}a\rb\nc${END}\r`
    expect(enters([text])).toEqual([text.length - 1])
  })

  it('enters a line where the program has not asked for marks', () => {
    expect(enters([`${START}a\rb${END}`], false)).toEqual([7])
  })

  it('enters a line after an end inside the paste', () => {
    expect(enters([`${START}a${END}\rb\r${END}`])).toEqual([13, 15])
  })

  it.each([
    ['Ctrl-C', '\u0003'],
    ['Ctrl-D', '\u0004'],
    ['another sequence', '\u001b[A'],
    ['an Escape', '\u001b'],
    ['two Escapes', '\u001b\u001b[201'],
    ['a second start', START],
  ])('enters a line after %s in the paste', (_, control) => {
    expect(enters([`${START}a${control}\r`])).toEqual([START.length + 1 + control.length])
  })

  it('is found alike however the bytes are cut', () => {
    const part = fc.constantFrom(START, END, 'a', '\r', '\n', '\u001b', '\u001b[20', '1~', '\u0003', '\t', 'é')
    fc.assert(
      fc.property(fc.array(part), fc.array(fc.nat(60)), (parts, cuts) => {
        const text = parts.join('')
        const at = [...new Set([0, ...cuts.filter((cut) => cut < text.length), text.length])].sort((a, b) => a - b)
        const pieces = at.slice(1).map((end, index) => text.slice(at[index], end))
        expect(enters(pieces)).toEqual(enters([text]))
      }),
    )
  })
})
