/**
 * Plays a recording on a terminal, at its own pace: space pauses, q ends, + and - change the speed. What is shown was made
 * safe before (terminal/playable.ts), and the terminal is left as it was found.
 */
import type { CastEvent } from '../core/cast.ts'
import type { Clock } from '../core/clock.ts'
import { Playable } from '../terminal/playable.ts'

export interface PlayOptions {
  readonly clock: Clock
  readonly write: (text: string) => Promise<void>
  readonly speed: number
  /** Pauses are cut to this; undefined: they are as long as they were. */
  readonly idleSeconds: number | undefined
}

export type Key = 'pause' | 'quit' | 'faster' | 'slower'

/** Colours, character set, cursor, alternate screen, insert mode and margins as any shell expects them. */
const RESTORE = '\x1b[0m\x1b(B\x0f\x1b[?25h\x1b[?7h\x1b[4l\x1b[r\x1b[?1049l\r\n'
const FASTEST = 64

export class Player {
  readonly #options: PlayOptions
  readonly #playable = new Playable()
  #speed: number
  #isPaused = false
  readonly #quit = new AbortController()
  /** Changed by a key: whoever waits looks again. */
  #wake: () => void = () => {}

  constructor(options: PlayOptions) {
    this.#options = options
    this.#speed = options.speed
  }

  /** Aborted when `quit` is pressed. */
  get quit(): AbortSignal {
    return this.#quit.signal
  }

  press(key: Key): void {
    if (key === 'quit') this.#quit.abort()
    if (key === 'pause') this.#isPaused = !this.#isPaused
    if (key === 'faster') this.#speed = Math.min(FASTEST, this.#speed * 2)
    if (key === 'slower') this.#speed = Math.max(1 / FASTEST, this.#speed / 2)
    this.#wake()
  }

  /** Resolves at the recording's end, or when `quit` was pressed. */
  async play(events: AsyncIterable<CastEvent>): Promise<void> {
    const { idleSeconds = Number.POSITIVE_INFINITY, write } = this.#options
    let last = 0
    try {
      for await (const event of events) {
        await this.#wait(Math.min(event.seconds - last, idleSeconds))
        if (this.#quit.signal.aborted) return
        last = event.seconds
        if (event.kind === 'output') await write(this.#playable.feed(event.text))
      }
    } catch (error) {
      // What was still to come is cut off by the same signal.
      if (!this.#quit.signal.aborted) throw error
    } finally {
      await write(RESTORE)
    }
  }

  /** Seconds of the recording, at the speed of each moment; a pause takes none of them. */
  async #wait(seconds: number): Promise<void> {
    const { clock } = this.#options
    let left = seconds
    while (left > 0 && !this.#quit.signal.aborted) {
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#wake = resolve
      const since = clock.now().getTime()
      const speed = this.#isPaused ? 0 : this.#speed
      const stopTimer = speed === 0 ? () => {} : clock.after(Math.ceil((left / speed) * 1000), resolve)
      await promise
      stopTimer()
      left -= ((clock.now().getTime() - since) / 1000) * speed
    }
    while (this.#isPaused && !this.#quit.signal.aborted) {
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#wake = resolve
      await promise
    }
  }
}

const KEYS: Readonly<Record<string, Key>> = {
  ' ': 'pause',
  q: 'quit',
  '\x03': 'quit',
  '\x04': 'quit',
  '+': 'faster',
  '=': 'faster',
  '-': 'slower',
}

/** Lets a terminal's keys reach `press` one by one; the returned function gives the terminal back. */
export function listenToKeys(input: NodeJS.ReadStream, press: (key: Key) => void): () => void {
  if (!input.isTTY) return () => {}
  const typed = (text: Buffer) => {
    for (const character of text.toString()) {
      const key = KEYS[character]
      if (key !== undefined) press(key)
    }
  }
  input.setRawMode(true)
  input.on('data', typed)
  input.resume()
  return () => {
    input.off('data', typed)
    input.setRawMode(false)
    input.pause()
  }
}
