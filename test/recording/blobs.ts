/** A BlobStore in memory whose appends wait for the test, or fail when it says so. */
import { BastionError } from '../../src/core/errors.ts'
import type { BlobStore, BlobWriter } from '../../src/core/ports.ts'

export interface MemoryBlob {
  /** What a reader would find. */
  readonly bytes: Buffer
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
  // Put together when somebody looks: a copy of everything at each append would be quadratic.
  let parts: Uint8Array[] = []
  const blob: MemoryBlob = {
    get bytes() {
      const bytes = Buffer.concat(parts)
      parts = [bytes]
      return bytes
    },
    appends: 0,
    isClosed: false,
    underWay: 0,
    mostUnderWay: 0,
  }
  const writer: BlobWriter = {
    async append(bytes) {
      blob.appends++
      blob.underWay++
      blob.mostUnderWay = Math.max(blob.mostUnderWay, blob.underWay)
      try {
        await before(blob.appends)
        parts.push(bytes.slice())
      } finally {
        blob.underWay--
      }
    },
    async cut() {},
    async close() {
      blob.isClosed = true
    },
  }
  const notHere = async () => {
    throw new BastionError('not-found', 'This test reads the blob directly.')
  }
  return {
    blob,
    create: async () => writer,
    resume: notHere,
    read: notHere,
    size: notHere,
    pieces: notHere,
    list: notHere,
  }
}

/** For what is tested without a log. */
export const noSeal = async (): Promise<void> => {}
