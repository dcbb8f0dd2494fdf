import { describe, expect, it } from 'vitest'
import type { CastEvent } from '../../src/core/cast.ts'
import { transcriptOf } from '../../src/terminal/transcript.ts'

async function textOf(
  events: readonly CastEvent[],
  size: Partial<{ cols: number; rows: number; hasTerminal: boolean }> = {},
): Promise<string> {
  const stream = async function* () {
    yield* events
  }
  let text = ''
  for await (const piece of transcriptOf(stream(), { cols: 20, rows: 4, hasTerminal: true, ...size })) text += piece
  return text
}
const out = (text: string, seconds = 0): CastEvent => ({ kind: 'output', seconds, text })

describe('a transcript', () => {
  it('has each line once, whatever scrolled and however it came', async () => {
    const lines = Array.from({ length: 9_000 }, (_, n) => `line ${n}`)
    const text = lines.map((line) => `${line}\r\n`).join('')
    const pieces = text.match(/[\s\S]{1,777}/g) ?? []
    expect(await textOf(pieces.map((piece) => out(piece)))).toBe(`${lines.join('\n')}\n`)
    expect(await textOf([out(text)])).toBe(`${lines.join('\n')}\n`)
  })

  it('joins what was wrapped, also where it wraps at the border of what was told', async () => {
    const long = 'abcdefghij'.repeat(30)
    expect(await textOf([out(`$ ${long}\r\n`), out('next\r\n')])).toBe(`$ ${long}\nnext\n`)
  })

  it('has what was corrected while it was typed as it was entered, without colours', async () => {
    expect(await textOf([out('\u001b[32m$\u001b[0m lss\b \b -l\r\ntotal 0\r\n')])).toBe('$ ls -l\ntotal 0\n')
  })

  it('keeps what `clear` takes off the screen', async () => {
    expect(await textOf([out('secret work\r\n$ clear\r\n'), out('\u001b[H\u001b[2J\u001b[3J$ next\r\n')])).toContain(
      'secret work\n$ clear\n',
    )
  })

  it('puts markers and the exit between the lines, at their time', async () => {
    const events: CastEvent[] = [
      out('$ rm x\r\n'),
      { kind: 'marker', seconds: 3_725, label: 'held h1: rm x\u001b[2J' },
      out('$ '),
      { kind: 'exit', seconds: 3_726, status: 1 },
    ]
    expect(await textOf(events)).toBe('$ rm x\n--- 01:02:05 held h1: rm x␛[2J\n$\n--- 01:02:06 exit status 1\n')
  })

  it('says where a full-screen program had the screen, and goes on behind it', async () => {
    const text = await textOf([
      out('$ vim x\r\n'),
      out('\u001b[?1049h\u001b[Hin the editor'),
      { kind: 'marker', seconds: 1, label: 'left' },
      out('\u001b[?1049l$ ls\r\n'),
    ])
    expect(text).not.toContain('in the editor')
    expect(text).toContain('$ vim x')
    expect(text).toContain('--- a full-screen program has the screen; see the recording\n')
    expect(text.endsWith('$ ls\n')).toBe(true)
    expect(text.match(/\$ vim x/g)).toHaveLength(1)
  })

  it('takes bare line feeds of a program without a terminal for line ends', async () => {
    expect(await textOf([out('one\ntwo\n')], { hasTerminal: false })).toBe('one\ntwo\n')
  })

  it('survives resizes, and what no terminal would send', async () => {
    const text = await textOf([
      out('one\r\n'),
      { kind: 'resize', seconds: 0, cols: 5, rows: 1 },
      out('two\r\n\u001bc\u001b[999999999;1H\u001b[?69hthree'),
      { kind: 'resize', seconds: 0, cols: 60_000, rows: 60_000 },
    ])
    expect(text).toBe('one\ntwo\nthree\n')
  })
})
