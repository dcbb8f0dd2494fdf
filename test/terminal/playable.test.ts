import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Playable } from '../../src/terminal/playable.ts'

const play = (...pieces: readonly string[]) => {
  const playable = new Playable()
  return pieces.map((piece) => playable.feed(piece)).join('')
}

describe('what is played on somebody’s own terminal', () => {
  it('draws as it did: text, colours, cursor, erasing, the alternate screen', () => {
    const drawn =
      'héllo\r\n\t\x1b[1;38;2;1;2;3m✓\x1b[0m\x1b[2J\x1b[3;4H\x1b[?1049h\x1b[?25l\x1b7\x1b8\x1bM\x1b[4h\x1b(0qqq\x1b(B\x1b[2 q'
    expect(play(drawn)).toBe(drawn.replace('\x1b[2 q', ''))
  })

  it.each([
    ['a question for the terminal', '\x1b[c\x1b[>c\x1b[6n\x1b[5n\x1b[?6n\x1b[18t\x1b[x\x1b[?2026$p\x1b[>q\x05\x1bZ'],
    [
      'a title, the clipboard, a link, a notification',
      '\x1b]0;title\x07\x1b]52;c;cm0gLXJm\x07\x1b]8;;http://x\x1b\\\x1b]9;boo\x07',
    ],
    ['what programs the terminal', '\x1bP+q544e\x1b\\\x1bPq#0\x1b\\\x1b_Gx\x1b\\\x1b^x\x1b\\\x1bXx\x1b\\'],
    ['mouse, focus and paste modes', '\x1b[?1000h\x1b[?1006h\x1b[?1004h\x1b[?2004h\x1b[?1h\x1b[20h'],
    ['a bell, and controls of eight bits', '\x07\x9b6n\x9d0;x\x9c\x90\x85'],
    ['printing and resets by CSI', '\x1b[5i\x1b[!p\x1b["p\x1b[8;1;1t'],
  ])('leaves out %s', (_what, text) => {
    // Text inside of an eight-bit string is text, and harmless.
    expect(play(`a${text}b`).replaceAll(/6n|0;x/g, '')).toBe('ab')
  })

  it('lets the drawing half of a mode through, alone', () => {
    expect(play('\x1b[?1000;25;2004l')).toBe('\x1b[?25l')
  })

  it('waits for the end of a sequence, however it is cut', () => {
    const text = 'a\x1b[31mb\x1b]52;c;eA==\x1b\\c\x1b[6nd\x1b[?2004;25he'
    for (let at = 0; at <= text.length; at++) {
      expect(play(text.slice(0, at), text.slice(at))).toBe('a\x1b[31mbcd\x1b[?25he')
    }
  })

  it('forgets nothing of a string that never ends, and holds little of it', () => {
    const playable = new Playable()
    expect(playable.feed('a\x1b]52;c;')).toBe('a')
    for (let n = 0; n < 100; n++) expect(playable.feed('A'.repeat(10_000))).toBe('')
    expect(playable.feed('\x07b')).toBe('b')
  })

  it('never lets a query or a string through, whatever comes', () => {
    const part = fc.constantFrom(
      '\x1b',
      '[',
      ']',
      '6',
      'n',
      'c',
      '?',
      ';',
      'm',
      '\x07',
      '\\',
      'P',
      'a',
      '\x9b',
      ' ',
      't',
      '5',
    )
    fc.assert(
      fc.property(fc.array(fc.array(part, { maxLength: 6 }), { maxLength: 6 }), (pieces) => {
        const shown = play(...pieces.map((piece) => piece.join('')))
        expect(shown).not.toMatch(/\x1b\[[0-9;?]*[nctx]|\x1b[\]P]|[\x80-\x9f\x07]/)
      }),
      { numRuns: 500 },
    )
  })
})
