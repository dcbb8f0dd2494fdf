/**
 * A Clock that stands still until it is told to move. `advance` runs what fell due, in order; `waitForTimer` lets a test
 * wait until the code under test is waiting again, instead of sleeping.
 */
import type { Clock } from '../../src/core/clock.ts'

interface Timer {
  readonly due: number
  readonly task: () => void
}

export class ManualClock implements Clock {
  #now: number
  #timers: readonly Timer[] = []
  #watchers: readonly (() => void)[] = []

  constructor(start: Date = new Date()) {
    this.#now = start.getTime()
  }

  now(): Date {
    return new Date(this.#now)
  }

  after(ms: number, task: () => void): () => void {
    const timer = { due: this.#now + ms, task }
    this.#timers = [...this.#timers, timer]
    const watchers = this.#watchers
    this.#watchers = []
    for (const watcher of watchers) watcher()
    return () => {
      this.#timers = this.#timers.filter((each) => each !== timer)
    }
  }

  /** How long the nearest timer has still to wait; undefined when there is none. */
  get nextInMs(): number | undefined {
    return this.#timers.length === 0 ? undefined : Math.min(...this.#timers.map((timer) => timer.due)) - this.#now
  }

  async waitForTimer(): Promise<void> {
    while (this.#timers.length === 0) {
      await new Promise<void>((resolve) => {
        this.#watchers = [...this.#watchers, resolve]
      })
    }
  }

  advance(ms: number): void {
    this.#now += ms
    const due = this.#timers.filter((timer) => timer.due <= this.#now).sort((a, b) => a.due - b.due)
    this.#timers = this.#timers.filter((timer) => timer.due > this.#now)
    for (const timer of due) timer.task()
  }

  /** Waits until somebody waits, then moves exactly to the end of that wait. Resolves to how long it was. */
  async step(): Promise<number> {
    await this.waitForTimer()
    const ms = this.nextInMs ?? 0
    this.advance(ms)
    return ms
  }
}
