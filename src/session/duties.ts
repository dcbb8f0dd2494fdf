/**
 * The duties of a session: how long it may lie idle and how long it may last, as the rule that let it open says. Idle
 * means that nothing was typed and nothing was shown.
 */
import type { Clock } from '../core/clock.ts'
import type { SessionDuties } from '../core/verdict.ts'
import { duration } from './notice.ts'

export class DutyKeeper {
  readonly #clock: Clock
  readonly #end: (reason: string) => void
  #lastActivityMs: number
  #openedAtMs: number | undefined
  #stopIdle: () => void = () => {}
  #stopLongest: () => void = () => {}

  constructor(clock: Clock, end: (reason: string) => void) {
    this.#clock = clock
    this.#end = end
    this.#lastActivityMs = clock.now().getTime()
  }

  /** To be called whenever a byte goes in or out. */
  noticeActivity(): void {
    this.#lastActivityMs = this.#clock.now().getTime()
  }

  /** From now on the session is ended when it breaks one of these; it was opened when this is called first. */
  keep({ idleTimeoutMs, maxDurationMs }: Pick<SessionDuties, 'idleTimeoutMs' | 'maxDurationMs'>): void {
    this.stop()
    const nowMs = this.#clock.now().getTime()
    this.#openedAtMs ??= nowMs
    if (idleTimeoutMs !== undefined) this.#watchIdle(idleTimeoutMs)
    if (maxDurationMs !== undefined) {
      this.#stopLongest = this.#clock.after(Math.max(0, this.#openedAtMs + maxDurationMs - nowMs), () => {
        this.#end(
          `The session has lasted ${duration(maxDurationMs)}, which is as long as the policy allows. Connect again.`,
        )
      })
    }
  }

  stop(): void {
    this.#stopIdle()
    this.#stopLongest()
  }

  #watchIdle(limitMs: number): void {
    const leftMs = limitMs - (this.#clock.now().getTime() - this.#lastActivityMs)
    if (leftMs > 0) this.#stopIdle = this.#clock.after(leftMs, () => this.#watchIdle(limitMs))
    else
      this.#end(
        `Nothing happened for ${duration(limitMs)}, so the session was closed, as the policy says. Connect again.`,
      )
  }
}
