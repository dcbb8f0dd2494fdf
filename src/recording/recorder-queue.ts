/** What waits inside a Recorder: the batch for the next append, and the callers for whom it has no room yet. */
import { BastionError } from '../core/errors.ts'
import { concat } from './utf8.ts'

/** Lines that will be stored by one append, and the promise of all who brought them. */
export class Batch {
  readonly #parts: Uint8Array[] = []
  readonly #promise = Promise.withResolvers<void>()
  readonly #encoder = new TextEncoder()
  #bytes = 0
  #isEmpty = true

  get bytes(): number {
    return this.#bytes
  }
  /** Nobody has added anything, not even nothing. */
  get isEmpty(): boolean {
    return this.#isEmpty
  }
  get stored(): Promise<void> {
    return this.#promise.promise
  }

  add(lines: string): void {
    this.#isEmpty = false
    if (lines === '') return
    const part = this.#encoder.encode(lines)
    this.#parts.push(part)
    this.#bytes += part.length
  }

  take(): Uint8Array {
    return concat(this.#parts)
  }

  resolve(): void {
    this.#promise.resolve()
  }

  /** A batch that nobody waits for has nobody to tell. */
  reject(error: BastionError): void {
    if (!this.#isEmpty) this.#promise.reject(error)
  }
}

/** Far above what a session holds whose pump waits for its promises: SSH's windows end it at a few MiB. */
const LONGEST_WAIT_BYTES = 64 * 1024 * 1024
/** What one who waits costs besides his bytes, so that many who bring nothing are bounded too. */
const WAITER_BYTES = 256

interface Waiter {
  readonly heldBytes: number
  readonly admit: () => Promise<void>
  readonly promise: PromiseWithResolvers<void>
}

/** First come, first served. */
export class Door {
  #waiters: Waiter[] = []
  #heldBytes = 0

  get isEmpty(): boolean {
    return this.#waiters.length === 0
  }

  /** Resolves when `admit`, called in its turn, does. Throws `too-many` when more than 64 MiB would wait. */
  wait(heldBytes: number, admit: () => Promise<void>): Promise<void> {
    const cost = heldBytes + WAITER_BYTES
    if (this.#heldBytes + cost > LONGEST_WAIT_BYTES) {
      throw new BastionError(
        'too-many',
        'More output came than the recording could keep up with, so the session cannot go on.',
      )
    }
    this.#heldBytes += cost
    const waiter = { heldBytes: cost, admit, promise: Promise.withResolvers<void>() }
    this.#waiters.push(waiter)
    return waiter.promise.promise
  }

  openForNext(): void {
    const waiter = this.#waiters.shift()
    if (waiter === undefined) return
    this.#heldBytes -= waiter.heldBytes
    waiter.promise.resolve(waiter.admit())
  }

  refuseAll(error: BastionError): void {
    const waiters = this.#waiters
    this.#waiters = []
    this.#heldBytes = 0
    for (const waiter of waiters) waiter.promise.reject(error)
  }
}
