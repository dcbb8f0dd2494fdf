/**
 * Reads what the quality of review is made of: the holds of a time, a piece at a time, so that nobody's keystroke waits for a
 * report. Asked for again within a minute, the same report is given.
 */
import type { Clock } from '../core/clock.ts'
import type { Hold } from '../core/hold.ts'
import type { HoldId } from '../core/ids.ts'
import type { Store } from '../core/ports.ts'
import { type Quality, qualityOf } from './quality.ts'

export interface QualityReport extends Quality {
  readonly since: Date
  readonly at: Date
  /** How many holds it is made of; the newest, where there are more than MOST_HOLDS. */
  readonly holds: number
  readonly isCut: boolean
}

const MOST_HOLDS = 10_000
const PIECE = 200
const KEPT_MS = 60_000
const DAY_MS = 86_400_000
export const LONGEST_DAYS = 90

export class QualityDesk {
  readonly #parts: { readonly store: Pick<Store, 'holds'>; readonly clock: Clock }
  /** By the number of days. */
  readonly #kept = new Map<number, { readonly at: number; readonly report: Promise<QualityReport> }>()

  constructor(parts: { readonly store: Pick<Store, 'holds'>; readonly clock: Clock }) {
    this.#parts = parts
  }

  /** Of the last `days`, from 1 to LONGEST_DAYS. */
  async report(days: number): Promise<QualityReport> {
    const now = this.#parts.clock.now().getTime()
    const kept = this.#kept.get(days)
    if (kept !== undefined && now - kept.at < KEPT_MS) return kept.report
    const report = this.#make(days)
    this.#kept.set(days, { at: now, report })
    report.catch(() => this.#kept.delete(days))
    return report
  }

  async #make(days: number): Promise<QualityReport> {
    const { store, clock } = this.#parts
    const at = clock.now()
    const since = new Date(at.getTime() - days * DAY_MS)
    const holds = new Map<HoldId, Hold>()
    let until: Date | undefined
    let isCut = false
    for (;;) {
      const piece = await store.holds.list({ limit: PIECE, since, ...(until && { until }) })
      const before = holds.size
      for (const hold of piece) holds.set(hold.id, hold)
      // A piece may begin with what the last one ended with: they bear the same time. Where all of it does, there is no way on.
      isCut = piece.length === PIECE && (holds.size >= MOST_HOLDS || holds.size === before)
      if (piece.length < PIECE || isCut) break
      until = piece.at(-1)!.createdAt
      await new Promise<void>((resolve) => setImmediate(resolve))
    }
    return { ...qualityOf([...holds.values()]), since, at, holds: holds.size, isCut }
  }
}
