/** The folder on this machine in which chunks wait for the object store, and how much lies in it. */
import { codeOf } from '../../core/errors.ts'
import type { BlobWriter } from '../../core/ports.ts'
import { type FileBlobs, fileBlobs } from '../file/blobs.ts'
import { type ChunkName, chunkName, openName, readChunkName } from './names.ts'

/** What a file takes of a disk besides its bytes, about: many small ones fill it too. */
const FILE_BYTES = 4096

export interface SpooledChunk extends ChunkName {
  readonly bytes: number
}

export class Spool {
  readonly #files: FileBlobs
  #usedBytes = 0

  private constructor(files: FileBlobs) {
    this.#files = files
  }

  /** Looks at what a bastion before this one left. */
  static async open(folder: string): Promise<Spool> {
    const spool = new Spool(fileBlobs({ folder }))
    for (const { bytes } of await spool.chunks()) spool.#usedBytes += bytes + FILE_BYTES
    return spool
  }

  get usedBytes(): number {
    return this.#usedBytes
  }

  /** All that lie here, or those of one blob, in order. */
  async chunks(blob?: string): Promise<readonly SpooledChunk[]> {
    for (;;) {
      const chunks = await this.#look(blob)
      if (chunks !== undefined) return chunks
    }
  }

  /** Undefined where one got another name, or left, while they were looked at. */
  async #look(blob: string | undefined): Promise<readonly SpooledChunk[] | undefined> {
    const chunks: SpooledChunk[] = []
    for (const name of await this.#files.list(blob === undefined ? '' : `${blob}/`)) {
      const chunk = readChunkName(name)
      if (chunk === undefined || (blob !== undefined && chunk.blob !== blob)) continue
      const bytes = await this.#files.size(name).catch(undefinedIfNotFound)
      if (bytes === undefined) return undefined
      chunks.push({ ...chunk, bytes })
    }
    return chunks
  }

  /** Undefined where it is not, or no longer, here. */
  async read(blob: string, number: number): Promise<Uint8Array | undefined> {
    return (await this.#read(chunkName(blob, number))) ?? (await this.#readOpen(blob, number))
  }

  /** A chunk that was cut between the two looks has its other name now. */
  async #readOpen(blob: string, number: number): Promise<Uint8Array | undefined> {
    return (await this.#read(openName(blob, number))) ?? this.#read(chunkName(blob, number))
  }

  async #read(name: string): Promise<Uint8Array | undefined> {
    try {
      const parts: Uint8Array[] = []
      for await (const part of await this.#files.read(name)) parts.push(part)
      return Buffer.concat(parts)
    } catch (error) {
      return undefinedIfNotFound(error)
    }
  }

  /** Opens a chunk; refuses (`conflict`) where it exists. */
  async create(blob: string, number: number): Promise<BlobWriter> {
    const writer = await this.#files.create(openName(blob, number))
    this.#usedBytes += FILE_BYTES
    return this.#counted(writer)
  }

  /** Opens the chunk that a bastion left open, with its first `size` bytes. */
  async resume({ blob, number, bytes }: SpooledChunk, size: number): Promise<BlobWriter> {
    const writer = await this.#files.resume(openName(blob, number), size)
    this.#usedBytes -= bytes - size
    return this.#counted(writer)
  }

  /** From here on it may be taken to the store. */
  finish(blob: string, number: number): Promise<void> {
    return this.#files.move(openName(blob, number), chunkName(blob, number))
  }

  async remove({ blob, number, isOpen, bytes }: SpooledChunk): Promise<void> {
    await this.#files.remove(isOpen ? openName(blob, number) : chunkName(blob, number))
    this.#usedBytes -= bytes + FILE_BYTES
  }

  /** Nothing of the blob will come any more. */
  removeFolder(blob: string): Promise<void> {
    return this.#files.removeFolder(blob)
  }

  #counted(writer: BlobWriter): BlobWriter {
    return {
      append: async (bytes) => {
        await writer.append(bytes)
        this.#usedBytes += bytes.length
      },
      cut: (sha256) => writer.cut(sha256),
      close: () => writer.close(),
    }
  }
}

function undefinedIfNotFound(error: unknown): undefined {
  if (codeOf(error) !== 'not-found') throw error
  return undefined
}
