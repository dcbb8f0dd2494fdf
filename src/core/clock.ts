/** Time as a port: whoever waits or stamps takes a Clock, so that tests move time instead of sleeping. */
export interface Clock {
  now(): Date
  /** Calls `task` once after `ms` milliseconds; the returned function cancels it and may be called at any time. */
  after(ms: number, task: () => void): () => void
}

/** The real one. Its timers do not keep the process alive: what must be finished is awaited by whoever started it. */
export const systemClock: Clock = {
  now: () => new Date(),
  after(ms, task) {
    const timer = setTimeout(task, Math.min(ms, 2 ** 31 - 1))
    timer.unref()
    return () => clearTimeout(timer)
  },
}
