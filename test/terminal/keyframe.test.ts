/** Keyframes: a terminal that is given one becomes what the other was, now and in whatever follows. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ReplayScreen } from '../../src/terminal/replay-screen.ts'

const [COLS, ROWS] = [20, 6]

/** What programs do to a screen; each may be followed by any other. */
const PIECES = [
  'ls -l',
  'hello ',
  '\r\n',
  '\r\n\r\n',
  '0123456789012345678901234',
  '汉字',
  'é',
  'e\u0301',
  '\t',
  '\b',
  '\u001b[31m',
  '\u001b[1;44m',
  '\u001b[7m',
  '\u001b[38;5;200m',
  '\u001b[48;2;10;20;30m',
  '\u001b[0m',
  '\u001b[K',
  '\u001b[1K',
  '\u001b[2J',
  '\u001b[H',
  '\u001b[3;5H',
  '\u001b[6;20H',
  '\u001b[2A',
  '\u001b[3C',
  '\u001b[2;5r',
  '\u001b[r',
  '\u001b[L',
  '\u001b[M',
  '\u001b[2P',
  '\u001b[3@',
  '\u001b[4X',
  '\u001b[4h',
  '\u001b[4l',
  '\u001b[?7l',
  '\u001b[?7h',
  '\u001b[?6h',
  '\u001b[?6l',
  '\u001b7',
  '\u001b8',
  '\u001b(0',
  'qqx',
  '\u001b(B',
  '\u001b)0\u000e',
  '\u000f',
  '\u001b[?1049h',
  '\u001b[?1049l',
  '\u001b[?47h',
  '\u001b[?47l',
  '\u001b[3g',
  '\u001bH',
  '\u001bM',
  '\u001bD',
  '\u001b[?25l',
  '\u001b[?25h',
]
const pieces = fc.array(fc.constantFrom(...PIECES), { maxLength: 40 })

function drawn(text: string): ReplayScreen {
  const screen = new ReplayScreen(COLS, ROWS)
  screen.write(text)
  return screen
}

/** All that a keyframe tells: equal texts are equal screens, as it is a function of the state. */
function stateOf(screen: ReplayScreen) {
  return { rows: screen.rows(), keyframe: screen.keyframe() }
}

describe('a keyframe', () => {
  it('makes the screen anew, and what follows does the same to both', () => {
    fc.assert(
      fc.property(pieces, pieces, (before, after) => {
        const first = drawn(before.join(''))
        const keyframe = first.keyframe()
        fc.pre(keyframe !== undefined)
        const second = drawn(keyframe.text)
        expect(second.rows()).toEqual(first.rows())
        for (const [at, piece] of after.entries()) {
          first.write(piece)
          second.write(piece)
          expect(
            second.rows(),
            after
              .slice(0, at + 1)
              .map((text) => JSON.stringify(text))
              .join(' '),
          ).toEqual(first.rows())
        }
      }),
      { numRuns: 500 },
    )
  })

  it('has the looks of each cell', () => {
    const first = drawn(
      '\u001b[1;31mred\u001b[0m \u001b[44m\u001b[K\r\n\u001b[38;2;1;2;3mrgb\u001b[4mline\u001b[7mturned',
    )
    const second = drawn(first.keyframe()?.text ?? '')
    expect(stateOf(second)).toEqual(stateOf(first))
  })

  it('is not given in the middle of a sequence', () => {
    expect(drawn('hello\u001b[3').keyframe()).toBeUndefined()
    expect(drawn('hello\u001b]0;title').keyframe()).toBeUndefined()
    expect(drawn('hello\u001b]0;title\u0007').keyframe()).toBeDefined()
  })

  it('brings the screen below back when the program leaves the other one', () => {
    const first = drawn('shell$ vim\r\n\u001b[?1049h\u001b[Hfile')
    const second = drawn(first.keyframe()?.text ?? '')
    second.write('\u001b[?1049l')
    expect(second.rows()[0]).toBe('shell$ vim')
  })
})
