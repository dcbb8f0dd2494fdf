import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hunks, lineDiff } from '../../../src/web/ui/src/line-diff.ts'

const drawn = (before: string, after: string) =>
  lineDiff(before, after).map(({ kind, text }) => `${{ same: ' ', gone: '-', new: '+' }[kind]}${text}`)

describe('lineDiff()', () => {
  it.each([
    ['a\nb\nc', 'a\nb\nc', [' a', ' b', ' c']],
    ['a\nb\nc', 'a\nx\nc', [' a', '-b', '+x', ' c']],
    ['a\nb', 'a\nb\nb', [' a', ' b', '+b']],
    ['a\nb\nc\nd', 'b\nd\ne', ['-a', ' b', '-c', ' d', '+e']],
    ['', 'a', ['-', '+a']],
  ])('of %j and %j', (before, after, expected) => {
    expect(drawn(before, after)).toEqual(expected)
  })

  it('gives both texts back, with their line numbers', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 }).map((lines) => lines.join('\n'))
    fc.assert(
      fc.property(text, text, (before, after) => {
        const diff = lineDiff(before, after)
        const old = diff.flatMap((line) => (line.kind === 'new' ? [] : [line]))
        const now = diff.flatMap((line) => (line.kind === 'gone' ? [] : [line]))
        expect(old.map((line) => line.text).join('\n')).toBe(before)
        expect(now.map((line) => line.text).join('\n')).toBe(after)
        expect(old.map((line) => line.before)).toEqual(old.map((_, index) => index + 1))
        expect(now.map((line) => line.after)).toEqual(now.map((_, index) => index + 1))
      }),
    )
  })

  it('takes two long texts that have nothing in common', () => {
    const many = (word: string) => Array.from({ length: 5000 }, (_, index) => `${word}${index}`).join('\n')
    expect(lineDiff(many('a'), many('b'))).toHaveLength(10_000)
  })
})

describe('hunks()', () => {
  const lines = (...changed: readonly number[]) =>
    Array.from({ length: 30 }, (_, index) => (changed.includes(index) ? `x${index}` : `${index}`)).join('\n')
  it('shows each change with lines around it, and joins those that touch', () => {
    const pieces = (...changed: readonly number[]) =>
      hunks(lineDiff(lines(), lines(...changed)), 2).map((piece) => piece.map(({ text }) => text).join(' '))
    expect(pieces()).toEqual([])
    expect(pieces(0)).toEqual(['0 x0 1 2'])
    expect(pieces(5, 20)).toEqual(['3 4 5 x5 6 7', '18 19 20 x20 21 22'])
    expect(pieces(5, 9)).toEqual(['3 4 5 x5 6 7 8 9 x9 10 11'])
    expect(pieces(29)).toEqual(['27 28 29 x29'])
  })
})
