/** A recording as it lies, for whoever verifies it: what is in the place of each chunk, and what is behind the last. */
import { codeOf } from '../core/errors.ts'
import type { BlobStore } from '../core/ports.ts'

export interface ChunkPlace {
  /** From 1. */
  readonly number: number
  /** The first byte of it in the recording. */
  readonly start: number
  readonly bytes: number
}

export interface LyingRecording {
  /** Of all its bytes, where it is one piece; undefined where its chunks lie apart. */
  readonly size: number | undefined
  /** Undefined where nothing is. May be shorter or longer than the chunk. */
  chunk(place: ChunkPlace): Promise<Uint8Array | undefined>
  /** Reports whether anything lies behind so many chunks and bytes. */
  hasMore(count: number, bytes: number): Promise<boolean>
}

export interface ChunkSource {
  names(): Promise<readonly string[]>
  /** Undefined where there is none of that name. */
  open(name: string): Promise<LyingRecording | undefined>
}

/** Recordings that are one blob each. */
export function blobSource(blobs: BlobStore): ChunkSource {
  return {
    names: () => blobs.list(''),
    async open(name) {
      const size = await blobs.size(name).catch((error: unknown) => {
        if (codeOf(error) === 'not-found') return undefined
        throw error
      })
      if (size === undefined) return undefined
      return {
        size,
        async chunk({ start, bytes }) {
          if (start >= size) return undefined
          const parts: Uint8Array[] = []
          let left = bytes
          for await (const part of await blobs.read(name, start)) {
            parts.push(part.subarray(0, left))
            left -= part.length
            if (left <= 0) break
          }
          return Buffer.concat(parts)
        },
        hasMore: async (_count, bytes) => size > bytes,
      }
    },
  }
}
