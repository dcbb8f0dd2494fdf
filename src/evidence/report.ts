/** What a verification of the audit log found. */

export type FindingKind =
  | 'changed' // the event is not what was signed
  | 'moved' // it is what another event was
  | 'dropped' // it is gone
  | 'truncated' // it is gone, and everything behind it
  | 'added' // it was never signed, where it should have been
  | 'hash' // the log's own hash was changed; the event is what was signed
  | 'checkpoint' // a checkpoint was changed, dropped or added, or contradicts the log
  | 'unproven' // neither event nor hash lead to what was signed

export interface Finding {
  readonly kind: FindingKind
  /** The event, or the first of several; for a checkpoint its number. */
  readonly from: number
  readonly to: number
  readonly message: string
}

export interface AuditReport {
  /** Events that are there. */
  readonly events: number
  /** Events that the newest checkpoint vouches for. */
  readonly signed: number
  /** Events behind it: nobody vouches for them yet. */
  readonly unsigned: number
  readonly checkpoints: number
  readonly lastCheckpointAt: Date | undefined
  readonly findings: readonly Finding[]
  /** Findings beyond those that are kept. */
  readonly more: number
}

const MOST_FINDINGS = 1000

export class Findings {
  readonly #list: Finding[] = []
  #more = 0

  get list(): readonly Finding[] {
    return this.#list
  }
  get more(): number {
    return this.#more
  }

  countMore(): void {
    this.#more++
  }

  /** One that goes on where the last of its kind ended becomes a part of that. */
  add(kind: FindingKind, from: number, message: string, to = from): void {
    const last = this.#list.at(-1)
    const isSeries = kind === 'dropped' || kind === 'added' || kind === 'hash'
    if (isSeries && last?.kind === kind && last.to + 1 === from) this.#list[this.#list.length - 1] = { ...last, to }
    else if (this.#list.length < MOST_FINDINGS) this.#list.push({ kind, from, to, message })
    else this.#more++
  }
}
