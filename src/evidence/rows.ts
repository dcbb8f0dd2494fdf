/** The audit events in order, a page at a time. */
import type { EvidenceStore, StoredRow } from '../core/evidence.ts'

const PAGE = 1000

export class Rows {
  readonly #store: EvidenceStore
  #page: readonly StoredRow[] = []
  #at = 0
  #after = Number.MIN_SAFE_INTEGER
  #hasMore = true
  #count = 0

  constructor(store: EvidenceStore) {
    this.#store = store
  }

  get count(): number {
    return this.#count
  }

  /** The event of this number, if it is the next. */
  async take(seq: number): Promise<StoredRow | undefined> {
    const row = await this.#peek()
    if (row === undefined || Number(row.seq) !== seq) return undefined
    this.#at++
    this.#count++
    return row
  }

  /** Takes what has a number that is below this one or none at all, a few at a time. */
  async before(seq: number): Promise<readonly { readonly seq: string; readonly at: number }[]> {
    const strange: { seq: string; at: number }[] = []
    for (let row = await this.#peek(); row !== undefined && strange.length < PAGE; row = await this.#peek()) {
      const at = Number(row.seq)
      if (Number.isSafeInteger(at) && at >= seq) break
      strange.push({ seq: row.seq, at })
      this.#at++
      this.#count++
    }
    return strange
  }

  async isEnd(): Promise<boolean> {
    return (await this.#peek()) === undefined
  }

  async nextSeq(): Promise<number> {
    return Number((await this.#peek())?.seq ?? 0)
  }

  async #peek(): Promise<StoredRow | undefined> {
    if (this.#at >= this.#page.length && this.#hasMore) {
      this.#page = await this.#store.rows(this.#after, PAGE)
      this.#at = 0
      const last = Number(this.#page.at(-1)?.seq ?? 0)
      // Behind a number that is not safe none of ours can come.
      this.#hasMore = this.#page.length === PAGE && Number.isSafeInteger(last)
      this.#after = last
    }
    return this.#page[this.#at]
  }
}
