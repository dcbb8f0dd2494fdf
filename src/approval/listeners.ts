/** Those who hear of each change of a kind of thing. A listener's fault is its own: the others still hear, and the step stands. */
import type { Log } from '../core/ports.ts'

export class Listeners<Heard extends readonly unknown[]> {
  readonly #log: Log
  /** What is told of, for the log: `holds`. */
  readonly #kind: string
  readonly #all = new Set<(...heard: Heard) => void>()

  constructor(log: Log, kind: string) {
    this.#log = log
    this.#kind = kind
  }

  /** Calls `listener` from now on; the returned function ends it. */
  add(listener: (...heard: Heard) => void): () => void {
    this.#all.add(listener)
    return () => this.#all.delete(listener)
  }

  /** `about` names the thing in the log, should a listener fail. */
  tell(about: Readonly<Record<string, string>>, ...heard: Heard): void {
    for (const listener of this.#all) {
      try {
        listener(...heard)
      } catch (error) {
        this.#log.error({ ...about, err: error }, `a listener to ${this.#kind} failed`)
      }
    }
  }
}
