/**
 * Appends to one file, one call after the other in the order of the calls.
 *
 * INVARIANT: the file holds exactly the appends that resolved, whole and in order, at its start. An append that fails
 * is cut off again, and every later one is refused: a hole in the evidence would be worse than its end.
 */
import { writeSync } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { BastionError } from '../../core/errors.ts'
import type { BlobWriter } from '../../core/ports.ts'
import { translate } from './errors.ts'

/**
 * What a person sees of typing waits for its write: into the kernel's cache that takes about 10 µs, and through the thread
 * pool and back ten times as long. Larger pieces, of which there may be many, must not keep others waiting.
 */
const SMALL_BYTES = 4096

export class FileWriter implements BlobWriter {
  readonly #handle: FileHandle
  #size = 0
  #failure: BastionError | undefined
  #last: Promise<void> = Promise.resolve()
  #closing: Promise<void> | undefined

  /** Takes over the handle of a file of this size that is open for appending. */
  constructor(handle: FileHandle, size = 0) {
    this.#handle = handle
    this.#size = size
  }

  append(bytes: Uint8Array): Promise<void> {
    if (this.#closing !== undefined) {
      return Promise.reject(new BastionError('internal', 'The recording was closed before this could be added.'))
    }
    const appended = this.#last.then(() => this.#append(bytes))
    this.#last = appended.catch(() => undefined)
    return appended
  }

  /** A file is one piece, however it is cut. */
  async cut(): Promise<void> {}

  /** Resolves when the disk has it all, after every append that was asked for before. */
  close(): Promise<void> {
    this.#closing ??= this.#last.then(() => this.#close())
    return this.#closing
  }

  async #append(bytes: Uint8Array): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure
    try {
      // A full disk shows first as a short write, and only the next one as an error (write(2)).
      for (let written = 0; written < bytes.length; ) {
        const bytesWritten =
          bytes.length <= SMALL_BYTES
            ? writeSync(this.#handle.fd, bytes, written)
            : (await this.#handle.write(bytes, written)).bytesWritten
        if (bytesWritten === 0) throw new Error('the system wrote nothing and gave no reason')
        written += bytesWritten
      }
      this.#size += bytes.length
    } catch (error) {
      this.#failure = translate(error)
      await this.#handle.truncate(this.#size).catch(() => undefined)
      throw this.#failure
    }
  }

  async #close(): Promise<void> {
    try {
      // Some file systems find only here that a disk or quota is full (close(2), fsync(2)).
      await this.#handle.datasync()
    } catch (error) {
      throw translate(error)
    } finally {
      await this.#handle.close()
    }
  }
}
