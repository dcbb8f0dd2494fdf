/**
 * Writes one session's recording as it happens. Events are kept in the order of the calls; one append is under way at a
 * time, and what comes meanwhile goes together into the next, so a chatty program does not make a write of every byte.
 *
 * INVARIANT: a promise resolves only when the bytes it was called with are stored. The gate shows output after that, so
 * nothing is seen that was not kept. After the first failure every call rejects with the same error, for good: output
 * must not be shown any more, and the session must end.
 *
 * Bounded: 1 MiB waits for the next append, and those who call beyond it wait at the door, holding their own bytes.
 */
import { createHash } from 'node:crypto'
import type { CastEvent, CastHeader } from '../core/cast.ts'
import type { Clock } from '../core/clock.ts'
import { BastionError } from '../core/errors.ts'
import type { BlobStore } from '../core/ports.ts'
import { type CastEncoder, encodeV3 } from './asciicast.ts'
import { ChunkedWriter, type Seal } from './chunked-writer.ts'
import { Batch, Door } from './recorder-queue.ts'
import { Utf8Decoder } from './utf8.ts'
import { visible } from './visible.ts'

export interface RecordingOptions {
  readonly blobs: BlobStore
  readonly clock: Clock
  readonly name: string
  readonly header: CastHeader
  /** Puts the recording's chunks into the log. */
  readonly seal: Seal
}

/** What was recorded, for the audit log: of the bytes as they came, before decoding. */
export interface RecordingEnd {
  readonly outputBytes: number
  readonly outputSha256: string
}

/** One event's share of a large output: JSON makes six times as much at most, and a line has to fit into a chunk. */
const EVENT_BYTES = 32 * 1024
const PENDING_BYTES = 1024 * 1024
export const LABEL_BYTES = 1024

/** Creates the blob and stores the header; nothing may be shown before this resolves. */
export async function startRecording({ blobs, clock, name, header, seal }: RecordingOptions): Promise<Recorder> {
  const encoder = encodeV3({ ...header, cols: cells(header.cols), rows: cells(header.rows) })
  const writer = new ChunkedWriter({ writer: await blobs.create(name), clock, name, seal })
  try {
    await writer.append(new TextEncoder().encode(encoder.header))
  } catch (error) {
    await writer.abandon().catch(() => undefined)
    throw asBastionError(error)
  }
  return new Recorder(writer, encoder, clock)
}

export class Recorder {
  readonly #writer: ChunkedWriter
  readonly #encoder: CastEncoder
  readonly #clock: Clock
  readonly #startedAtMs: number
  readonly #utf8 = new Utf8Decoder()
  readonly #sha256 = createHash('sha256')
  readonly #door = new Door()
  #outputBytes = 0
  /** Of some output only the digest was taken. */
  #isPartial = false
  #pending = new Batch()
  #isAppending = false
  #failed: BastionError | undefined
  #closing: Promise<RecordingEnd> | undefined

  /** Use startRecording: the writer must hold the header that the encoder made. */
  constructor(writer: ChunkedWriter, encoder: CastEncoder, clock: Clock) {
    this.#writer = writer
    this.#encoder = encoder
    this.#clock = clock
    this.#startedAtMs = clock.now().getTime()
  }

  /** Why the recording has ended before its time; undefined while it is good. */
  get failed(): BastionError | undefined {
    return this.#failed
  }

  /** Resolves when the bytes are stored. They must not be changed before that. */
  async output(bytes: Uint8Array): Promise<void> {
    const seconds = this.#seconds()
    const stored: Promise<void>[] = []
    for (let start = 0; start < bytes.length; start += EVENT_BYTES) {
      const piece = bytes.subarray(start, start + EVENT_BYTES)
      stored.push(this.#add(piece.length, () => this.#outputLines(piece, seconds)))
    }
    if (stored.length === 0) stored.push(this.#add(0, () => ''))
    await Promise.all(stored)
  }

  /** Counts the bytes and adds them to the digest, and stores nothing else of them. Resolves in its turn. */
  digest(bytes: Uint8Array): Promise<void> {
    return this.#add(bytes.length, () => {
      this.#sha256.update(bytes)
      this.#outputBytes += bytes.length
      this.#isPartial = true
      return ''
    })
  }

  /** RFC 4254 §6.7 lets a client say any 32-bit number; the recording keeps it to what a terminal can have. */
  resize(cols: number, rows: number): Promise<void> {
    return this.#addEvent({ kind: 'resize', seconds: this.#seconds(), cols: cells(cols), rows: cells(rows) })
  }

  /** The label may hold anybody's text: it is made visible, and cut at 1 KiB. */
  marker(label: string): Promise<void> {
    return this.#addEvent({ kind: 'marker', seconds: this.#seconds(), label: visible(label, LABEL_BYTES) })
  }

  input(text: string): Promise<void> {
    return this.#addEvent({ kind: 'input', seconds: this.#seconds(), text })
  }

  exit(status: number): Promise<void> {
    const seconds = this.#seconds()
    return this.#add(0, () => this.#endOfText(seconds) + this.#encoder.line({ kind: 'exit', seconds, status }))
  }

  /** Stores what is left and closes the blob. Rejects when anything at all could not be stored. */
  close(): Promise<RecordingEnd> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<RecordingEnd> {
    const seconds = this.#seconds()
    try {
      await this.#add(0, () => this.#endOfText(seconds) + this.#digestLine(seconds))
    } catch (error) {
      await this.#writer.abandon().catch(() => undefined)
      throw error
    }
    try {
      await this.#writer.close()
    } catch (error) {
      throw this.#fail(error)
    }
    return { outputBytes: this.#outputBytes, outputSha256: this.#sha256.copy().digest('hex') }
  }

  /** Runs in the order of the calls: the decoder's state and the sum depend on it. */
  #outputLines(bytes: Uint8Array, seconds: number): string {
    this.#sha256.update(bytes)
    this.#outputBytes += bytes.length
    const text = this.#utf8.write(bytes)
    const line = text === '' ? '' : this.#encoder.line({ kind: 'output', seconds, text })
    // The caller will show these bytes too, so they are stored now, where players do not look; the character follows
    // in the event that completes it.
    const held = Array.from(this.#utf8.held, (byte) => byte.toString(16).padStart(2, '0'))
    return held.length === 0 ? line : `${line}# incomplete character: ${held.join(' ')}\n`
  }

  /** Where not all of the output is in the recording, what all of it was. */
  #digestLine(seconds: number): string {
    if (!this.#isPartial) return ''
    const label = `output: ${this.#outputBytes} bytes, SHA-256 ${this.#sha256.copy().digest('hex')}`
    return this.#encoder.line({ kind: 'marker', seconds, label })
  }

  #endOfText(seconds: number): string {
    const text = this.#utf8.end()
    return text === '' ? '' : this.#encoder.line({ kind: 'output', seconds, text })
  }

  #addEvent(event: CastEvent): Promise<void> {
    return this.#add(0, () => this.#encoder.line(event))
  }

  /** Adds the lines that `make` gives when their turn comes; resolves when they are stored. */
  #add(heldBytes: number, make: () => string): Promise<void> {
    if (this.#failed !== undefined) return Promise.reject(this.#failed)
    if (this.#closing !== undefined) return Promise.reject(new BastionError('conflict', 'The recording is closed.'))
    if (this.#door.isEmpty && this.#pending.bytes < PENDING_BYTES) return this.#admit(make)
    try {
      return this.#door.wait(heldBytes, () => this.#admit(make))
    } catch (error) {
      return Promise.reject(this.#fail(error))
    }
  }

  #admit(make: () => string): Promise<void> {
    try {
      this.#pending.add(make())
    } catch (error) {
      return Promise.reject(this.#fail(error))
    }
    const { stored } = this.#pending
    this.#appendNext()
    return stored
  }

  #appendNext(): void {
    if (this.#isAppending || this.#pending.isEmpty || this.#failed !== undefined) return
    const batch = this.#pending
    this.#pending = new Batch()
    this.#isAppending = true
    void this.#append(batch)
    while (!this.#door.isEmpty && this.#pending.bytes < PENDING_BYTES) this.#door.openForNext()
  }

  async #append(batch: Batch): Promise<void> {
    try {
      if (batch.bytes > 0) await this.#writer.append(batch.take())
      batch.resolve()
    } catch (error) {
      batch.reject(this.#fail(error))
    }
    this.#isAppending = false
    this.#appendNext()
  }

  /** Ends the recording for good; everybody who waits hears the same error. */
  #fail(error: unknown): BastionError {
    if (this.#failed !== undefined) return this.#failed
    const failed = asBastionError(error)
    this.#failed = failed
    this.#pending.reject(failed)
    this.#door.refuseAll(failed)
    return failed
  }

  #seconds(): number {
    return Math.max(0, (this.#clock.now().getTime() - this.#startedAtMs) / 1000)
  }
}

function cells(count: number): number {
  return Number.isFinite(count) ? Math.min(Math.max(Math.trunc(count), 1), 65_535) : 1
}

function asBastionError(error: unknown): BastionError {
  if (error instanceof BastionError) return error
  return new BastionError('unavailable', 'The recording could not be stored, so the session cannot go on.', error)
}
