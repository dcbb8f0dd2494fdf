/** A BlobStore in memory whose appends wait for the test, or fail when it says so. */
import { BastionError } from '../../src/core/errors.ts'
import type { BlobStore, BlobWriter } from '../../src/core/ports.ts'

export interface MemoryBlob {
  /** What a reader would find. */
  bytes: Buffer
  appends: number
  isClosed: boolean
  /** Appends under way; more than one at a time would be the recorder's fault. */
  underWay: number
  mostUnderWay: number
}

export interface MemoryBlobs extends BlobStore {
  readonly blob: MemoryBlob
}

/** `before` runs before each append takes effect, with the number of it from 1: it may wait or throw. */
export function memoryBlobs(before: (append: number) => Promise<void> | void = () => undefined): MemoryBlobs {
  const blob: MemoryBlob = { bytes: Buffer.alloc(0), appends: 0, isClosed: false, underWay: 0, mostUnderWay: 0 }
  const writer: BlobWriter = {
    async append(bytes) {
      blob.appends++
      blob.underWay++
      blob.mostUnderWay = Math.max(blob.mostUnderWay, blob.underWay)
      try {
        await before(blob.appends)
        blob.bytes = Buffer.concat([blob.bytes, bytes])
      } finally {
        blob.underWay--
      }
    },
    async close() {
      blob.isClosed = true
    },
  }
  const notHere = async () => {
    throw new BastionError('not-found', 'This test reads the blob directly.')
  }
  return { blob, create: async () => writer, read: notHere, size: notHere, list: notHere }
}
