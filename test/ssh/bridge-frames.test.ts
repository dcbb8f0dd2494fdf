import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Frame, FrameReader, formatFrame } from '../../src/ssh/bridge-frames.ts'

const frame = fc.record({ id: fc.integer({ min: 0, max: 2 ** 32 - 1 }), bytes: fc.uint8Array({ maxLength: 300 }) })

function plain(frames: readonly Frame[]): readonly { id: number; bytes: number[] }[] {
  return frames.map(({ id, bytes }) => ({ id, bytes: [...bytes] }))
}

/** The same bytes in pieces of these sizes, again and again. */
function split(bytes: Uint8Array, sizes: readonly number[]): readonly Uint8Array[] {
  const pieces: Uint8Array[] = []
  for (let start = 0, index = 0; start < bytes.length; index++) {
    const size = sizes[index % sizes.length]!
    pieces.push(bytes.subarray(start, start + size))
    start += size
  }
  return pieces
}

describe('the frames of a bridge', () => {
  it('have a number, a length and bytes', () => {
    expect([...formatFrame({ id: 0x01020304, bytes: Uint8Array.of(0xaa, 0xbb) })]).toEqual([
      1, 2, 3, 4, 0, 0, 0, 2, 0xaa, 0xbb,
    ])
  })

  it('are read the same, whatever pieces they come in', () => {
    fc.assert(
      fc.property(
        fc.array(frame, { maxLength: 20 }),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 }),
        (frames, sizes) => {
          const reader = new FrameReader()
          const read = split(Buffer.concat(frames.map(formatFrame)), sizes).flatMap(
            (piece) => reader.feed(piece) ?? expect.unreachable(),
          )
          expect(plain(read)).toEqual(plain(frames))
        },
      ),
    )
  })

  it('keep what they brought when later pieces come', () => {
    const reader = new FrameReader()
    const [first] = reader.feed(formatFrame({ id: 1, bytes: Buffer.from('first') })) ?? []
    reader.feed(formatFrame({ id: 1, bytes: Buffer.from('other') }))
    expect(Buffer.from(first!.bytes).toString()).toBe('first')
  })

  it('take up 64 KiB, and no more: whoever announces more sends no frames, and nothing is kept for them', () => {
    const most = formatFrame({ id: 7, bytes: new Uint8Array(64 * 1024) })
    expect(new FrameReader().feed(most)).toHaveLength(1)
    const reader = new FrameReader()
    expect(reader.feed(most.subarray(0, 100))).toEqual([])
    expect(new FrameReader().feed(Uint8Array.of(0, 0, 0, 7, 0, 1, 0, 1))).toBeUndefined()
    expect(new FrameReader().feed(Buffer.from('Last login: Sat Nov 28'))).toBeUndefined()
  })
})
