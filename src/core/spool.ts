/** How it stands with what waits on this machine to be taken to the store of recordings. */

/**
 * `well` · `behind`: something has waited too long, or cannot be taken there at all · `slow`: it goes on, so output is slowed
 * down · `stopped`: the spool is full or the store was away too long, so sessions end and none opens.
 */
export type SpoolState = 'well' | 'behind' | 'slow' | 'stopped'

export interface SpoolReport {
  readonly state: SpoolState
  readonly usedBytes: number
  readonly limitBytes: number
  /** Chunks that wait. */
  readonly waiting: number
  /** How long the oldest of them has waited. */
  readonly behindMs: number
  /** Chunks that can never be taken to the store. */
  readonly stuck: number
  /** Why the last try failed; undefined after one that did not. */
  readonly why: string | undefined
}
