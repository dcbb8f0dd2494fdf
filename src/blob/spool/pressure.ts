/**
 * Keeps the spool within its bounds: two of them, its bytes and the time for which the store may be away. From half of either
 * on, output is slowed, the more the nearer it comes; at the end sessions are told to end, and none opens. What they still have
 * to say fits into a reserve; when that is used up as well, nothing is taken any more.
 */
import type { Clock } from '../../core/clock.ts'
import { BastionError } from '../../core/errors.ts'
import type { SpoolReport, SpoolState } from '../../core/spool.ts'
import type { Shipper } from './shipper.ts'
import type { Spool } from './spool.ts'

export interface SpoolLimits {
  readonly bytes: number
  /** How long a chunk may wait. */
  readonly outageMs: number
}

export interface PressureParts {
  readonly spool: Spool
  readonly shipper: Shipper
  readonly limits: SpoolLimits
  readonly clock: Clock
  readonly onChange: (report: SpoolReport, before: SpoolState) => void
}

/** An alarm goes out within ten seconds, and is looked for every second. */
const BEHIND_MS = 8_000
const LOOK_MS = 1_000
/** It is over when little is left, so that one at the edge is told of once. */
const CAUGHT_UP_MS = 2_000
const SLOW_LEVEL = 0.5
const CAUGHT_UP_LEVEL = 0.4
/** Of one session's output, where slowing begins; towards the end it comes down to nothing. */
const FASTEST_BYTES_PER_S = 2 * 1024 * 1024
/** However slow, a session must notice that it ends. */
const LONGEST_WAIT_MS = 1_000
/** Of the bytes: for markers and last words of sessions that end. */
const RESERVE = 1 / 16

export class Pressure {
  readonly #parts: PressureParts
  #state: SpoolState = 'well'
  #stopLook: (() => void) | undefined
  #isClosed = false

  constructor(parts: PressureParts) {
    this.#parts = parts
  }

  get report(): SpoolReport {
    const { spool, shipper, limits } = this.#parts
    return {
      state: this.#state,
      usedBytes: spool.usedBytes,
      limitBytes: limits.bytes,
      waiting: shipper.waiting,
      behindMs: this.#behindMs,
      stuck: shipper.stuck.size,
      why: shipper.lastFailure,
    }
  }

  /** Waits while so many bytes should not come yet; rejects with `storage-full` where there is no room for them at all. */
  async admit(bytes: number): Promise<void> {
    const { spool, limits, clock } = this.#parts
    const level = this.#level
    // Looked at here too: a second is long for what is fast.
    if (level >= SLOW_LEVEL) this.look()
    if (level > SLOW_LEVEL && bytes > 0) {
      const rate = (FASTEST_BYTES_PER_S * Math.max(0, 1 - level)) / (1 - SLOW_LEVEL)
      const ms = Math.min(LONGEST_WAIT_MS, (bytes * 1000) / rate)
      await new Promise<void>((resolve) => void clock.after(ms, resolve))
    }
    if (spool.usedBytes + bytes > limits.bytes * (1 + RESERVE)) throw this.#full()
  }

  /** Throws where no session may open. */
  admitNew(): void {
    this.look()
    if (this.#state === 'stopped') throw this.#full()
  }

  /** To be called when something has come to wait: looks every second until all is well and nothing waits. */
  watch(): void {
    if (this.#isClosed) return
    this.#stopLook ??= this.#parts.clock.after(LOOK_MS, () => {
      this.#stopLook = undefined
      this.look()
      if (this.#state !== 'well' || this.#parts.shipper.waiting > 0) this.watch()
    })
  }

  /** Finds the state anew, and tells of another one. */
  look(): void {
    const before = this.#state
    this.#state = this.#next()
    if (this.#state !== before) this.#parts.onChange(this.report, before)
  }

  close(): void {
    this.#isClosed = true
    this.#stopLook?.()
  }

  #next(): SpoolState {
    const level = this.#level
    if (level >= 1) return 'stopped'
    // From there back only when there is room again for sessions that come.
    if (this.#state === 'stopped' && level >= SLOW_LEVEL) return 'stopped'
    if (level >= SLOW_LEVEL) return 'slow'
    if (this.#parts.shipper.stuck.size > 0 || this.#behindMs >= BEHIND_MS) return 'behind'
    const isOver = this.#behindMs < CAUGHT_UP_MS && level < CAUGHT_UP_LEVEL
    return this.#state === 'well' || isOver ? 'well' : 'behind'
  }

  get #level(): number {
    const { spool, limits } = this.#parts
    return Math.max(spool.usedBytes / limits.bytes, this.#behindMs / limits.outageMs)
  }

  get #behindMs(): number {
    const since = this.#parts.shipper.waitingSince
    return since === undefined ? 0 : Math.max(0, this.#parts.clock.now().getTime() - since.getTime())
  }

  #full(): BastionError {
    return new BastionError('storage-full', STOPPED)
  }
}

export const STOPPED =
  'Recordings cannot be taken to their store, and this bastion has no room left for more, so nothing may run. Ask an operator to look at the store.'
