/**
 * Takes chunks from the spool to the object store, oldest first, a few at a time, and keeps trying: after a failure it
 * rests, longer each time, up to five seconds.
 *
 * INVARIANT: a chunk is removed from the spool only after the store has said that it has these very bytes. A chunk that
 * can never be taken there (the store has others under its name, or the spool's are not what was written) stays, is told of,
 * and keeps no other waiting.
 */
import { createHash } from 'node:crypto'
import type { Clock } from '../../core/clock.ts'
import { BastionError, codeOf, messageFor } from '../../core/errors.ts'
import type { Log, ObjectStore } from '../../core/ports.ts'
import { chunkName } from './names.ts'
import type { Spool } from './spool.ts'
import type { CutChunk } from './writer.ts'

const PARALLEL = 4
const FIRST_REST_MS = 250
const LONGEST_REST_MS = 5_000
/** What a store may take for one chunk; then it is asked again. */
const LONGEST_TRY_MS = 20_000

export interface ShipperParts {
  readonly spool: Spool
  readonly objects: ObjectStore
  readonly clock: Clock
  readonly log: Log
  /** Called when a chunk of this blob has left the spool. */
  readonly onShipped: (blob: string) => void
}

interface Waiting {
  readonly chunk: CutChunk
  readonly since: Date
}

export class Shipper {
  readonly #parts: ShipperParts
  /** In the order in which they were cut; what was tried in vain is in front of them. */
  #queue: Waiting[] = []
  readonly #again: Waiting[] = []
  readonly #underWay = new Set<Waiting>()
  readonly #stuck = new Map<string, string>()
  readonly #closed = new AbortController()
  #restMs = 0
  #stopRest: (() => void) | undefined
  #lastFailure: string | undefined
  #settled: PromiseWithResolvers<void> | undefined

  constructor(parts: ShipperParts) {
    this.#parts = parts
  }

  add(chunk: CutChunk): void {
    this.#queue.push({ chunk, since: this.#parts.clock.now() })
    this.#next()
  }

  /** When the oldest of those that wait was cut. */
  get waitingSince(): Date | undefined {
    let oldest: Date | undefined
    for (const { since } of [...this.#underWay, ...this.#again, ...this.#queue.slice(0, 1)]) {
      if (oldest === undefined || since < oldest) oldest = since
    }
    return oldest
  }

  get waiting(): number {
    return this.#underWay.size + this.#again.length + this.#queue.length
  }

  /** Those that can never be taken to the store, each with the reason. */
  get stuck(): ReadonlyMap<string, string> {
    return this.#stuck
  }

  /** Why the last try failed; undefined after one that did not. */
  get lastFailure(): string | undefined {
    return this.#lastFailure
  }

  /** Resolves when nothing waits any more, or when this was closed. */
  async settled(): Promise<void> {
    if (this.waiting === 0 || this.#closed.signal.aborted) return
    this.#settled ??= Promise.withResolvers()
    await this.#settled.promise
  }

  /** What waits stays in the spool, for the next bastion. */
  close(): void {
    this.#closed.abort()
    this.#stopRest?.()
    this.#settled?.resolve()
  }

  #next(): void {
    while (this.#underWay.size < PARALLEL && this.#stopRest === undefined && !this.#closed.signal.aborted) {
      const waiting = this.#again.shift() ?? this.#queue.shift()
      if (waiting === undefined) break
      this.#underWay.add(waiting)
      void this.#ship(waiting)
    }
    if (this.waiting > 0) return
    this.#settled?.resolve()
    this.#settled = undefined
  }

  async #ship(waiting: Waiting): Promise<void> {
    const { chunk } = waiting
    try {
      await this.#take(chunk)
      this.#restMs = 0
      this.#lastFailure = undefined
      this.#parts.onShipped(chunk.blob)
    } catch (error) {
      this.#failed(waiting, error)
    }
    this.#underWay.delete(waiting)
    this.#next()
  }

  async #take(chunk: CutChunk): Promise<void> {
    const { spool, objects } = this.#parts
    const name = chunkName(chunk.blob, chunk.number)
    const bytes = await spool.read(chunk.blob, chunk.number)
    if (bytes === undefined) throw new BastionError('conflict', 'It is gone from the spool.')
    if (chunk.sha256 !== undefined && createHash('sha256').update(bytes).digest('hex') !== chunk.sha256) {
      throw new BastionError('conflict', 'It was changed in the spool.')
    }
    const patience = new AbortController()
    const stop = this.#parts.clock.after(LONGEST_TRY_MS, () =>
      patience.abort(new BastionError('unavailable', 'The store of recordings did not answer in time.')),
    )
    try {
      await objects.create(name, bytes, AbortSignal.any([patience.signal, this.#closed.signal]))
    } finally {
      stop()
    }
    await spool.remove(chunk)
  }

  #failed(waiting: Waiting, error: unknown): void {
    const { blob, number } = waiting.chunk
    const { log, clock } = this.#parts
    if (this.#closed.signal.aborted) return
    const why = messageFor(error)
    if (codeOf(error) === 'conflict') {
      log.error({ chunk: chunkName(blob, number), err: error }, 'a chunk of a recording cannot be taken to the store')
      this.#stuck.set(chunkName(blob, number), why)
      return
    }
    // In the place that its age gives it: several may fail together, in any order.
    const place = this.#again.findIndex(({ since }) => since > waiting.since)
    this.#again.splice(place < 0 ? this.#again.length : place, 0, waiting)
    if (this.#lastFailure !== why)
      log.warn({ chunk: chunkName(blob, number), err: error }, 'the store of recordings fails')
    this.#lastFailure = why
    if (this.#stopRest !== undefined) return
    this.#restMs = Math.min(LONGEST_REST_MS, this.#restMs === 0 ? FIRST_REST_MS : this.#restMs * 2)
    // Several bastions whose store was away should not all come back in one moment.
    this.#stopRest = clock.after(this.#restMs * (0.5 + Math.random() / 2), () => {
      this.#stopRest = undefined
      this.#next()
    })
  }
}
