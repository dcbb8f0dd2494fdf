/**
 * Writes a blob into the spool, a file for each chunk. Appends in the order of the calls, one after the other; after the
 * first failure all others fail, so that no hole is closed by what comes later.
 */
import { BastionError } from '../../core/errors.ts'
import type { BlobWriter } from '../../core/ports.ts'
import type { Spool, SpooledChunk } from './spool.ts'

/** A chunk that nobody writes to any more. */
export interface CutChunk extends SpooledChunk {
  /** Of the bytes as they were appended; undefined for what a bastion that died has left. */
  readonly sha256: string | undefined
}

export interface SpoolWriterParts {
  readonly spool: Spool
  readonly blob: string
  /** Waits while the spool cannot take so many bytes; rejects where it will not. */
  readonly admit: (bytes: number) => Promise<void>
  readonly onCut: (chunk: CutChunk) => void
  readonly onClose: () => void
}

export class SpoolWriter implements BlobWriter {
  readonly #parts: SpoolWriterParts
  #number: number
  /** Opened ahead: nobody's echo waits for a file to be made. */
  #file: Promise<BlobWriter>
  #bytes = 0
  #last: Promise<void> = Promise.resolve()
  /** Chunks whose way to the disk nobody waits for. */
  readonly #flushes = new Set<Promise<void>>()
  #failure: { readonly error: unknown } | undefined
  /** A chunk that may not be on the disk. */
  #lost: { readonly error: unknown } | undefined
  #closing: Promise<void> | undefined

  /** Goes on with this chunk, whose file is open and empty. */
  constructor(parts: SpoolWriterParts, number: number, file: BlobWriter) {
    this.#parts = parts
    this.#number = number
    this.#file = Promise.resolve(file)
  }

  append(bytes: Uint8Array): Promise<void> {
    if (this.#closing !== undefined) {
      return Promise.reject(new BastionError('internal', 'The recording was closed before this could be added.'))
    }
    return this.#inTurn(async () => {
      await this.#parts.admit(bytes.length)
      await (await this.#file).append(bytes)
      this.#bytes += bytes.length
    })
  }

  cut(sha256: string): Promise<void> {
    return this.#inTurn(() => this.#cut(sha256))
  }

  /** Resolves when this disk has it all. */
  close(): Promise<void> {
    this.#closing ??= this.#last.then(() => this.#close()).finally(this.#parts.onClose)
    return this.#closing
  }

  #inTurn(task: () => Promise<void>): Promise<void> {
    const done = this.#last.then(async () => {
      const failure = this.#failure ?? this.#lost
      if (failure !== undefined) throw failure.error
      await task().catch((error: unknown) => {
        this.#failure = { error }
        throw error
      })
    })
    this.#last = done.catch(() => undefined)
    return done
  }

  async #cut(sha256: string | undefined): Promise<void> {
    if (this.#bytes === 0) return
    await this.#finish(sha256)
    const { spool, blob } = this.#parts
    this.#number++
    this.#bytes = 0
    this.#file = spool.create(blob, this.#number)
    this.#file.catch(() => {})
  }

  async #finish(sha256: string | undefined): Promise<void> {
    const { spool, blob, onCut } = this.#parts
    const chunk = { blob, number: this.#number, bytes: this.#bytes, isOpen: false, sha256 }
    const file = await this.#file
    await spool.finish(blob, this.#number)
    const flush = file.close().then(
      () => onCut(chunk),
      (error: unknown) => {
        this.#lost ??= { error }
      },
    )
    this.#flushes.add(flush)
    void flush.then(() => this.#flushes.delete(flush))
  }

  async #close(): Promise<void> {
    const { spool, blob } = this.#parts
    const file = await this.#file.catch(() => undefined)
    // A blob of nothing at all is kept as one empty chunk, so that it is there.
    if (file !== undefined && (this.#bytes > 0 || this.#number === 1)) {
      await this.#finish(undefined).catch((error: unknown) => {
        this.#lost ??= { error }
        return file.close()
      })
    } else if (file !== undefined) {
      await file.close()
      await spool.remove({ blob, number: this.#number, bytes: 0, isOpen: true })
    }
    await Promise.all(this.#flushes)
    if (this.#lost !== undefined) throw this.#lost.error
  }
}
