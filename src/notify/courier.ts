/**
 * Takes the messages of one route to their channel: a few at a time, each again after a while where it failed, until it is
 * delivered or a dead letter. Nothing waits for it; what it keeps is bounded, and what does not fit is a dead letter too.
 *
 * What is under way is kept in memory: a bastion that ends loses it, and the holds it told of with it (they expire).
 */
import type { Clock } from '../core/clock.ts'
import { messageFor } from '../core/errors.ts'
import type { Message } from './message.ts'

export interface Channel {
  /** Rejects where it was not taken; with `PermanentFailure` where another attempt would be of no use. */
  deliver(message: Message): Promise<void>
}

export class PermanentFailure extends Error {
  override readonly name = 'PermanentFailure'
}

export interface CourierParts {
  readonly clock: Clock
  readonly channel: Channel
  /** Called after each attempt and for each end. Must not throw. */
  onOutcome(outcome: 'delivered' | 'failed'): void
  onDead(letter: DeadLetter): void
}

export interface DeadLetter {
  readonly message: Message
  readonly attempts: number
  /** For the operator: no text of a person's, and none of the receiver's. */
  readonly why: string
}

/** Between attempts. A hold is usually over after 15 minutes, so nothing is gained by the days that others go on for. */
export const WAITS_MS = [5_000, 30_000, 2 * 60_000, 5 * 60_000, 15 * 60_000] as const
export const MAX_MESSAGES = 1000
const AT_WORK = 4

export class Courier {
  readonly #parts: CourierParts
  readonly #ready: { readonly message: Message; readonly attempts: number }[] = []
  readonly #timers = new Set<() => void>()
  #atWork = 0
  /** Everything that is not delivered and not dead. */
  #size = 0
  #isClosed = false

  constructor(parts: CourierParts) {
    this.#parts = parts
  }

  get size(): number {
    return this.#size
  }

  send(message: Message): void {
    if (this.#isClosed) return
    if (this.#size >= MAX_MESSAGES) {
      this.#parts.onDead({ message, attempts: 0, why: `${MAX_MESSAGES} others wait already` })
      return
    }
    this.#size += 1
    this.#ready.push({ message, attempts: 0 })
    this.#work()
  }

  /** Starts no more attempts. */
  close(): void {
    this.#isClosed = true
    for (const cancel of this.#timers) cancel()
    this.#ready.length = 0
  }

  #work(): void {
    while (this.#atWork < AT_WORK && !this.#isClosed) {
      const next = this.#ready.shift()
      if (next === undefined) return
      this.#atWork += 1
      void this.#attempt(next.message, next.attempts + 1).finally(() => {
        this.#atWork -= 1
        this.#work()
      })
    }
  }

  async #attempt(message: Message, attempts: number): Promise<void> {
    const { channel, onOutcome, onDead } = this.#parts
    try {
      await channel.deliver(message)
      this.#size -= 1
      onOutcome('delivered')
    } catch (error) {
      onOutcome('failed')
      const waitMs = error instanceof PermanentFailure ? undefined : WAITS_MS[attempts - 1]
      if (waitMs === undefined) {
        this.#size -= 1
        onDead({ message, attempts, why: whyOf(error) })
        return
      }
      if (!this.#isClosed) this.#later(waitMs, { message, attempts })
    }
  }

  #later(ms: number, letter: { readonly message: Message; readonly attempts: number }): void {
    const cancel = this.#parts.clock.after(ms, () => {
      this.#timers.delete(cancel)
      this.#ready.push(letter)
      this.#work()
    })
    this.#timers.add(cancel)
  }
}

/** Channels throw with sentences of ours. */
function whyOf(error: unknown): string {
  return error instanceof PermanentFailure || error instanceof DeliveryFailure ? error.message : messageFor(error)
}

export class DeliveryFailure extends Error {
  override readonly name = 'DeliveryFailure'
}
