/** Recordings in pieces, for whoever verifies them: a chunk is looked for in the store first, where it has to be at last. */
import { codeOf } from '../../core/errors.ts'
import type { ChunkSource } from '../../evidence/chunk-source.ts'
import { CHUNK_BYTES } from '../../recording/chunked-writer.ts'
import { chunkName } from './names.ts'
import { blobsOf, type Places, piecesOf } from './pieces.ts'

export function piecewiseSource(places: Places): ChunkSource {
  const { spool, objects } = places
  /** The whole of whatever chunk may lie there, and one byte more, which shows that it is longer. */
  const stored = async (name: string, number: number, bytes: number) =>
    objects.read(chunkName(name, number), Math.max(bytes, CHUNK_BYTES) + 1).catch((error: unknown) => {
      if (codeOf(error) === 'not-found') return undefined
      throw error
    })
  return {
    names: () => blobsOf('', places),
    async open(name) {
      const pieces = await piecesOf(name, places)
      if (pieces.length === 0) return undefined
      return {
        size: undefined,
        chunk: async ({ number, bytes }) =>
          (await stored(name, number, bytes)) ??
          (await spool.read(name, number)) ??
          // It may have gone from there to the store between the two looks.
          (await stored(name, number, bytes)),
        hasMore: async (count) => pieces.some(({ number, bytes }) => number > count && bytes > 0),
      }
    },
  }
}
