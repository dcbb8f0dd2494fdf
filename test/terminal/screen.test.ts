import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Screen } from '../../src/terminal/screen.ts'
import { visible, visibleStart } from '../../src/terminal/visible.ts'

const bytes = (text: string) => Buffer.from(text)
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u

describe('visible()', () => {
  it.each([
    ['ls -l', 'ls -l'],
    ['naïve 日本 🙂', 'naïve 日本 🙂'],
    ['a\nb\tc', 'a⏎b⇥c'],
    ['\u001b[2J', '␛[2J'],
    ['\u009b2J', '⟨009b⟩2J'],
    ['\u001b]52;c;AAAA\u0007', '␛]52;c;AAAA⟨0007⟩'],
    ['rm \u202egpj.x', 'rm ⟨202e⟩gpj.x'],
    ['r\u200bm', 'r⟨200b⟩m'],
    ['rm\u00a0-rf', 'rm⟨00a0⟩-rf'],
    ['\u3000', '⟨3000⟩'],
    ['\u2800', '⟨2800⟩'],
    ['\u034f', '⟨034f⟩'],
    ['\u{e0041}', '⟨e0041⟩'],
    ['\ud800x', '⟨d800⟩x'],
    ['\r\0\u007f', '⟨000d⟩⟨0000⟩⟨007f⟩'],
  ])('shows %j as %j', (text, expected) => {
    expect(visible(text)).toBe(expected)
  })

  it('fault 39: nothing that it gives can steer or hide', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(visible(text)).not.toMatch(HIDDEN)
      }),
    )
  })

  it('leaves what is visible as it is, so that doing it twice changes nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(visible(visible(text))).toBe(visible(text))
      }),
    )
  })
})

describe('visibleStart()', () => {
  it('is at most that long, whole characters only, and says when something is missing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), fc.integer({ min: 1, max: 20 }), (text, length) => {
        const shown = visibleStart(text, length)
        const whole = visible(text)
        expect([...shown].length).toBeLessThanOrEqual(length)
        expect(shown).not.toMatch(/\p{Cs}/u)
        if (shown !== whole) expect(shown).toBe(`${[...whole].slice(0, length - 1).join('')}…`)
      }),
      { numRuns: 500 },
    )
  })

  it('says that something is missing of many wide characters', () => {
    expect(visibleStart('🙂'.repeat(500), 10)).toBe(`${'🙂'.repeat(9)}…`)
  })
})

describe('Screen', () => {
  const drawn = async (text: string, size = { cols: 20, rows: 5 }) => {
    const screen = new Screen(size)
    await screen.feed(bytes(text))
    await screen.settled()
    return screen
  }

  it('gives the last lines as plain text', async () => {
    const text = 'one\r\n\u001b[31mtwo\u001b[0m\r\n\r\nthree\r\n\r\n'
    const screen = await drawn(text, { cols: 20, rows: 10 })
    expect(screen.lastLines(10)).toEqual(['one', 'two', '', 'three'])
    expect(screen.lastLines(2)).toEqual(['', 'three'])
  })

  it('gives nothing that has scrolled off or was cleared', async () => {
    const screen = await drawn('1\r\n2\r\n3\r\n4\r\n5\r\n6\r\n7')
    expect(screen.lastLines(10)).toEqual(['3', '4', '5', '6', '7'])
    await screen.feed(bytes('\u001b[H\u001b[2Jclear'))
    await screen.settled()
    expect(screen.lastLines(10)).toEqual(['clear'])
  })

  it('reads a line that wraps as one', async () => {
    const screen = await drawn(`$ ${'x'.repeat(30)}`)
    expect(screen.lineFrom({ x: 2, y: 0 })).toBe('x'.repeat(30))
  })

  it('knows a full-screen program', async () => {
    expect((await drawn('\u001b[?1049h')).isAlternate).toBe(true)
    expect((await drawn('\u001b[?1049h\u001b[?1049l')).isAlternate).toBe(false)
  })

  it.each([
    { cols: 0, rows: 0 },
    { cols: 4_294_967_295, rows: 4_294_967_295 },
    { cols: Number.NaN, rows: -1 },
  ])('has a size a terminal could have when asked for $cols×$rows', async (size) => {
    const screen = await drawn('x', size)
    screen.resize(size)
    expect(screen.lastLines(1)).toEqual(['x'])
  })

  it('is the same fed byte by byte as at once', async () => {
    const part = fc.constantFrom(
      'a',
      '日',
      '🙂',
      '\r',
      '\n',
      '\u001b[',
      '2',
      'J',
      'H',
      'm',
      '\u001b]0;t\u0007',
      '\b',
      '\t',
    )
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 40 }), async (parts) => {
        const text = parts.join('')
        const once = await drawn(text)
        const slowly = new Screen({ cols: 20, rows: 5 })
        for (const byte of bytes(text)) void slowly.feed(Uint8Array.of(byte))
        await slowly.settled()
        expect(slowly.lastLines(50)).toEqual(once.lastLines(50))
      }),
      { numRuns: 50 },
    )
  })

  it('makes whoever feeds it wait, and so never has more than it can hold (xterm.js throws at 50 MB)', async () => {
    const screen = new Screen({ cols: 80, rows: 24 })
    const piece = Buffer.alloc(1024 * 1024, 'x')
    for (let n = 0; n < 60; n++) await screen.feed(piece)
    await screen.settled()
    screen.dispose()
  }, 30_000)

  it('does not keep anybody waiting once it is disposed of', async () => {
    const screen = new Screen({ cols: 80, rows: 24 })
    const fed = screen.feed(Buffer.alloc(8 * 1024 * 1024, 'x'))
    screen.dispose()
    await fed
    await screen.settled()
    await screen.feed(bytes('x'))
  })

  it('goes on where the emulator fails at a sequence (xterm.js throws in a timer, which would end the process)', async () => {
    const screen = new Screen({ cols: 10, rows: 2 })
    await screen.feed(bytes('\u001b[2;10H\u001b[1J'))
    await screen.settled()
    await screen.feed(bytes('on'))
    await screen.settled()
    expect(screen.lastLines(2).join('')).toContain('on')
  })
})
