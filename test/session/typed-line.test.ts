import { describe, expect, it } from 'vitest'
import { TypedLine } from '../../src/session/typed-line.ts'

describe('TypedLine', () => {
  const made = (...pieces: readonly string[]) => {
    const line = new TypedLine()
    for (const piece of pieces) line.add(Buffer.from(piece))
    return line.take()
  }

  it.each([
    [['l', 's -l'], 'ls -l'],
    [['lx', '\x7f', 's\b\bls'], 'ls'],
    [['\x7f\x7fls'], 'ls'],
    [['echo ä'], 'echo ä'],
    [[], ''],
  ])('tells what %j makes', (pieces, line) => {
    expect(made(...pieces)).toBe(line)
  })

  it.each(['\t', '\x1b[A', '\x12ls', '\x17', 'a'.repeat(1025)])('does not know what %j makes', (piece) => {
    expect(made('l', piece, 's')).toBeUndefined()
  })

  it('knows the next line again', () => {
    const line = new TypedLine()
    line.add(Buffer.from('ec\t'))
    line.take()
    line.add(Buffer.from('id'))
    expect(line.take()).toBe('id')
    line.add(Buffer.from('x\t'))
    line.reset()
    line.add(Buffer.from('id'))
    expect(line.take()).toBe('id')
  })
})
