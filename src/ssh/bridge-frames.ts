/** The frames between a bridge and us; bridge-program.ts defines them. They are read with suspicion. */
import { Buffer } from 'node:buffer'

export interface Frame {
  /** Of the connection; 0 is the bridge itself. */
  readonly id: number
  /** Empty: that connection is over. */
  readonly bytes: Uint8Array
}

const HEAD_BYTES = 8
/** A bridge reads 16 KiB at a time. */
const MOST_BYTES = 64 * 1024

export function formatFrame({ id, bytes }: Frame): Uint8Array {
  const head = Buffer.alloc(HEAD_BYTES)
  head.writeUInt32BE(id, 0)
  head.writeUInt32BE(bytes.length, 4)
  return Buffer.concat([head, bytes])
}

/** Takes a stream apart into frames. */
export class FrameReader {
  #kept = Buffer.alloc(0)

  /** Returns the frames that `bytes` completes; undefined when they are none, and nothing after that can be read. */
  feed(bytes: Uint8Array): readonly Frame[] | undefined {
    this.#kept = Buffer.concat([this.#kept, bytes])
    const frames: Frame[] = []
    let start = 0
    while (this.#kept.length - start >= HEAD_BYTES) {
      const size = this.#kept.readUInt32BE(start + 4)
      if (size > MOST_BYTES) return undefined
      const end = start + HEAD_BYTES + size
      if (this.#kept.length < end) break
      frames.push({ id: this.#kept.readUInt32BE(start), bytes: this.#kept.subarray(start + HEAD_BYTES, end) })
      start = end
    }
    this.#kept = this.#kept.subarray(start)
    return frames
  }
}
