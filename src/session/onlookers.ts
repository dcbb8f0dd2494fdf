/**
 * Those who look at a live session from elsewhere. Each begins with the screen as it was when they came and is then given
 * what follows, once it is stored: neither twice nor with a gap.
 */
import type { Screen } from '../terminal/screen.ts'
import type { Watcher } from './registry.ts'

interface Onlooker {
  readonly watcher: Watcher
  /** Pieces with a later number come after the screen that they began with. */
  after: number
  /** What was stored while the screen was being read; undefined once it has been told. */
  waiting: Uint8Array[] | undefined
}

export class Onlookers {
  readonly #screen: Screen
  readonly #all = new Set<Onlooker>()
  #fed = 0

  constructor(screen: Screen) {
    this.#screen = screen
  }

  /** To be called with each piece that the screen is fed; what it returns, when that piece is stored. */
  noticeFed(bytes: Uint8Array): () => void {
    this.#fed++
    const number = this.#fed
    return () => {
      for (const onlooker of this.#all) {
        if (number <= onlooker.after) continue
        if (onlooker.waiting === undefined) onlooker.watcher.output(bytes)
        else onlooker.waiting.push(bytes)
      }
    }
  }

  /** `shown` resolves when all that was fed until now is stored. */
  add(watcher: Watcher, shown: () => Promise<void>): () => void {
    const onlooker: Onlooker = { watcher, after: this.#fed, waiting: [] }
    this.#all.add(onlooker)
    void this.#begin(onlooker, shown())
    return () => this.#all.delete(onlooker)
  }

  /** The terminal has another size: everybody begins anew. */
  noticeResized(shown: () => Promise<void>): void {
    for (const onlooker of this.#all) {
      onlooker.after = this.#fed
      onlooker.waiting = []
      void this.#begin(onlooker, shown())
    }
  }

  end(): void {
    for (const { watcher } of this.#all) watcher.end()
    this.#all.clear()
  }

  async #begin(onlooker: Onlooker, shown: Promise<void>): Promise<void> {
    const { waiting } = onlooker
    const [screen] = await Promise.all([this.#screen.keyframe(), shown.catch(() => this.end())])
    // Resized or gone meanwhile.
    if (onlooker.waiting !== waiting || !this.#all.has(onlooker)) return
    onlooker.watcher.begin(screen)
    for (const bytes of waiting ?? []) onlooker.watcher.output(bytes)
    onlooker.waiting = undefined
  }
}
