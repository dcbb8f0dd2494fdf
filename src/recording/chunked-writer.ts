/**
 * Cuts a recording into chunks as it is written, and has each of them put into the log: runs of whole lines, of at most
 * 256 KiB, closed two seconds after their first byte at the latest. A session that writes little has one event, at its
 * end; a busy one has another for every 64 chunks, and one a minute.
 *
 * INVARIANT: what the log says of a chunk was stored before, and no chunk is told of twice or left out. Where the log
 * does not take it, the recording ends as if it could not be written.
 */
import { createHash } from 'node:crypto'
import { type Chunk, chunkDetail, type Sealed, sealedDetail } from '../core/chunk.ts'
import type { Clock } from '../core/clock.ts'
import type { BlobWriter } from '../core/ports.ts'

export const CHUNK_BYTES = 256 * 1024
export const CHUNK_MS = 2_000
export const CHUNKS_OF_EVENT = 64
export const EVENT_MS = 60_000

/** Appends an event of the recording's; rejects when it could not. */
export type Seal = (
  type: 'recording.stored' | 'recording.sealed',
  detail: Readonly<Record<string, unknown>>,
) => Promise<void>

export interface ChunkedParts {
  readonly writer: BlobWriter
  readonly clock: Clock
  readonly name: string
  readonly seal: Seal
}

const NEWLINE = 0x0a

export class ChunkedWriter {
  readonly #parts: ChunkedParts
  readonly #whole = createHash('sha256')
  #chunk = createHash('sha256')
  #chunkBytes = 0
  #bytes = 0
  #told = 0
  #untold: Chunk[] = []
  #last: Promise<unknown> = Promise.resolve()
  #stopCut = () => {}
  #stopTell: (() => void) | undefined
  #isClosed = false
  #failure: { readonly error: unknown } | undefined

  constructor(parts: ChunkedParts) {
    this.#parts = parts
  }

  /** To be called before anything is appended. */
  takeUp(known: { readonly told: number; readonly untold: readonly Chunk[] }): void {
    this.#told = known.told
    this.#untold = [...known.untold]
  }

  /** Counts bytes that are there already; they are in chunks that were taken up. */
  passOver(bytes: Uint8Array): void {
    this.#whole.update(bytes)
    this.#bytes += bytes.length
  }

  /** Resolves when the bytes are stored; in the order of the calls. */
  append(bytes: Uint8Array): Promise<void> {
    return this.#inTurn(() => this.#append(bytes))
  }

  /** Closes the blob, and puts what the log does not have yet into it, with the digest of the whole. */
  close(more: Readonly<Record<string, unknown>> = {}): Promise<Sealed> {
    const closed = this.#inTurn(async () => {
      await this.#cut().finally(() => this.#parts.writer.close())
      const sealed: Sealed = {
        ...this.#list(),
        count: this.#told + this.#untold.length,
        bytes: this.#bytes,
        sha256: this.#whole.digest('hex'),
      }
      await this.#parts.seal('recording.sealed', { ...sealedDetail(sealed), ...more })
      return sealed
    })
    this.#isClosed = true
    return closed.finally(() => this.#stop())
  }

  /** Closes the blob of a recording that failed: nothing more is said of it. */
  async abandon(): Promise<void> {
    this.#isClosed = true
    this.#stop()
    await this.#last.catch(() => undefined)
    await this.#parts.writer.close()
  }

  #stop(): void {
    this.#stopCut()
    this.#stopTell?.()
  }

  #inTurn<Result>(task: () => Promise<Result>): Promise<Result> {
    const done = this.#last.then(async () => {
      if (this.#failure !== undefined) throw this.#failure.error
      try {
        return await task()
      } catch (error) {
        this.#failure = { error }
        throw error
      }
    })
    this.#last = done.catch(() => undefined)
    return done
  }

  async #append(bytes: Uint8Array): Promise<void> {
    for (let rest = bytes; rest.length > 0; ) {
      const room = CHUNK_BYTES - this.#chunkBytes
      let length = rest.length
      if (length > room) {
        // To the end of the last line that fits; a line that fits no chunk at all is cut.
        length = rest.lastIndexOf(NEWLINE, room - 1) + 1
        if (length === 0 && this.#chunkBytes === 0) length = room
      }
      if (length > 0) await this.#add(rest.subarray(0, length))
      rest = rest.subarray(length)
      if (rest.length > 0 || this.#chunkBytes === CHUNK_BYTES) await this.#cut()
    }
  }

  async #add(bytes: Uint8Array): Promise<void> {
    await this.#parts.writer.append(bytes)
    if (this.#chunkBytes === 0) this.#stopCut = this.#later(CHUNK_MS, () => this.#cut())
    this.#chunk.update(bytes)
    this.#whole.update(bytes)
    this.#chunkBytes += bytes.length
    this.#bytes += bytes.length
  }

  async #cut(): Promise<void> {
    this.#stopCut()
    if (this.#chunkBytes === 0) return
    const sha256 = this.#chunk.digest('hex')
    await this.#parts.writer.cut(sha256)
    this.#untold.push({ bytes: this.#chunkBytes, sha256 })
    this.#chunk = createHash('sha256')
    this.#chunkBytes = 0
    if (this.#untold.length >= CHUNKS_OF_EVENT) await this.#tell()
    else this.#stopTell ??= this.#later(EVENT_MS, () => this.#tell())
  }

  async #tell(): Promise<void> {
    this.#stopTell?.()
    this.#stopTell = undefined
    if (this.#untold.length === 0) return
    await this.#parts.seal('recording.stored', chunkDetail(this.#list()))
    this.#told += this.#untold.length
    this.#untold = []
  }

  #list() {
    return { name: this.#parts.name, from: this.#told + 1, chunks: this.#untold }
  }

  /** What fails here is told to the next append. */
  #later(ms: number, task: () => Promise<void>): () => void {
    return this.#parts.clock.after(ms, () => {
      if (!this.#isClosed) this.#inTurn(task).catch(() => {})
    })
  }
}
