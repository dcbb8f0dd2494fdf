/**
 * The gate for shells that cannot report their steps (dash, busybox, network gear). Keys go through, so that echo and
 * editing work; what would run a line (CR, LF, Ctrl-O) is withheld until the line has a verdict.
 *
 * Honest limits: the line is read from a terminal model when the echo has come to rest, so it is `inferred`: what stands
 * on a screen need not be what the target has in its buffer. The default policy holds every inferred line. A full-screen
 * program on the alternate screen was started by a line that was judged, and gets its keys.
 */
import { redeem } from '../approval/clearance.ts'
import type { Clock } from '../core/clock.ts'
import type { Screen } from '../terminal/screen.ts'
import type { Checkpoint } from './checkpoint.ts'
import type { SessionContext } from './context.ts'

const ENTER_KEYS = new Set([0x0d, 0x0a, 0x0f])
const CTRL_C = Uint8Array.of(0x03)
/** How long the target's output must rest before the screen is believed; a longer echo makes a wrong, held line. */
const REST_MS = 60
const LONGEST_REST_MS = 2_000

export interface EnterGateParts {
  readonly context: SessionContext
  readonly checkpoint: Checkpoint
  readonly screen: Screen
  readonly clock: Clock
  readonly send: (bytes: Uint8Array) => Promise<void>
  /** Aborted when the session is over. */
  readonly closed: AbortSignal
}

export class EnterGate {
  readonly #parts: EnterGateParts
  /** Where the line being typed starts: the cursor's place at its first key. */
  #start: { readonly x: number; readonly y: number } | undefined
  #lastOutputMs = 0

  constructor(parts: EnterGateParts) {
    this.#parts = parts
  }

  /** To be called for each piece of output, so that the gate knows when the echo has come to rest. */
  noticeOutput(): void {
    this.#lastOutputMs = this.#parts.clock.now().getTime()
  }

  /** Sends the bytes on, with each Enter in its turn; resolves when all are sent, judged or dropped. */
  async feed(bytes: Uint8Array): Promise<void> {
    let from = 0
    for (let at = 0; at < bytes.length; at++) {
      if (!ENTER_KEYS.has(bytes[at]!)) continue
      await this.#keys(bytes.subarray(from, at))
      await this.#enter(bytes.subarray(at, at + 1))
      from = at + 1
    }
    await this.#keys(bytes.subarray(from))
  }

  async #keys(bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0) return
    if (this.#start === undefined) {
      await this.#parts.screen.settled()
      this.#start = this.#parts.screen.cursor
    }
    await this.#parts.send(bytes)
  }

  async #enter(key: Uint8Array): Promise<void> {
    const { screen, checkpoint, context, closed } = this.#parts
    if (screen.isAlternate) return this.#parts.send(key)
    await this.#rest()
    await screen.settled()
    const text = this.#start === undefined ? '' : screen.lineFrom(this.#start).trim()
    this.#start = undefined
    if (text === '') return this.#parts.send(key)
    const outcome = await checkpoint.pass({ kind: 'line', text, assurance: 'inferred' }, closed)
    if (outcome.kind === 'cleared') {
      redeem(outcome.clearance, { session: context.record.id, text })
      if (outcome.hold !== undefined) await checkpoint.finished(outcome.hold, undefined)
      return this.#parts.send(key)
    }
    // Ctrl-C, not Ctrl-U and Enter: where a program does not know Ctrl-U, Enter would run the line after all.
    return this.#parts.send(CTRL_C)
  }

  #rest(): Promise<void> {
    const { clock, closed } = this.#parts
    const startedMs = clock.now().getTime()
    const { promise, resolve } = Promise.withResolvers<void>()
    const look = () => {
      const nowMs = clock.now().getTime()
      const isAtRest = nowMs - Math.max(this.#lastOutputMs, startedMs) >= REST_MS
      if (closed.aborted || isAtRest || nowMs - startedMs >= LONGEST_REST_MS) resolve()
      else clock.after(REST_MS, look)
    }
    clock.after(REST_MS, look)
    return promise
  }
}
