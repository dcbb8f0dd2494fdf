/**
 * Sign-ins that were begun and not yet finished. Each belongs to the browser that began it (its `sallyport-start`
 * cookie) and is used once, whatever comes of it: nobody can finish a sign-in in somebody else's browser. (fault 6)
 */
import type { Clock } from '../core/clock.ts'

export const START_LIFE_MS = 10 * 60_000
const MAX_STARTED = 10_000

export interface StartedSignIn {
  readonly browser: string
  readonly secret: unknown
  readonly returnPath: string
}

export class StartedSignIns {
  readonly #clock: Clock
  /** By `state` (RFC 6749 §10.12), oldest first. */
  readonly #started = new Map<string, StartedSignIn & { readonly endsAtMs: number }>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  keep(state: string, started: StartedSignIn): void {
    const now = this.#clock.now().getTime()
    for (const [oldest, { endsAtMs }] of this.#started) {
      if (endsAtMs > now && this.#started.size < MAX_STARTED) break
      this.#started.delete(oldest)
    }
    this.#started.set(state, { ...started, endsAtMs: now + START_LIFE_MS })
  }

  /** Returns what was begun, and forgets it. Another browser's stays where it is. */
  take(state: string | undefined, browser: string | undefined): StartedSignIn | undefined {
    if (state === undefined || browser === undefined) return undefined
    const started = this.#started.get(state)
    if (started === undefined || started.browser !== browser) return undefined
    this.#started.delete(state)
    return started.endsAtMs > this.#clock.now().getTime() ? started : undefined
  }
}
