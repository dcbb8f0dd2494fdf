import { describe, expect, it } from 'vitest'
import { type Mark, markedText } from '../../src/cli/marked-text.ts'
import { plain } from '../../src/cli/output.ts'

const mark = (start: number, end: number, label: string, notes: readonly string[] = []): Mark => ({
  start,
  end,
  label,
  notes,
  tone: 'red',
})
const show = (text: string, marks: readonly Mark[], columns?: number) =>
  markedText(text, marks, { paint: plain, columns }).map((line) => line.trimEnd())

describe('markedText()', () => {
  it('points at the cells under which a part stands, wide and invisible characters counted', () => {
    expect(show('日本 \u001b\u202e x', [mark(0, 2, 'wide'), mark(6, 7, 'x')])).toEqual([
      '   │ 日本 ␛⟨202e⟩ x',
      '   │ ^^^^ wide',
      '   │              ^ x',
    ])
  })

  it('numbers lines, puts each mark under its own, and says where one goes on', () => {
    expect(show('ls\nrm a \\\n  b', [mark(3, 13, 'rm'), mark(0, 2, 'ls', ['why'])])).toEqual([
      ' 1 │ ls',
      '   │ ^^ ls',
      '   │ = why',
      ' 2 │ rm a \\',
      '   │ ^^^^^^… rm',
      ' 3 │   b',
    ])
  })

  it('breaks long lines, so that marks stay under what they mean', () => {
    const lines = show(`${'a'.repeat(30)} ls`, [mark(0, 30, 'long'), mark(31, 33, 'ls')], 30)
    expect(lines).toEqual([
      `   │ ${'a'.repeat(25)}`,
      `   │ ${'^'.repeat(25)}…`,
      '   │ long',
      '   │ aaaaa ls',
      '   │       ^^ ls',
    ])
  })

  it('points at nothing in an empty text', () => {
    expect(show('', [mark(0, 0, 'nothing')])).toEqual(['   │', '   │ ^ nothing'])
  })
})
