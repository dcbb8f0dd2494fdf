/**
 * The two times of a replay whose pauses are cut short: when something happened, and when it is played. Both sides use
 * it, the bastion that cuts and the page that seeks; whole microseconds, so that both find the same.
 */
import type { Pause } from './replay.ts'

/** Of a pause that is cut. */
export const LONGEST_WAIT = 2
const MICROSECONDS = 1_000_000

interface Cut {
  /** From when on time is left out, in recorded and in played time, and how much. */
  readonly recorded: number
  readonly played: number
  readonly length: number
}

export class PlayingTime {
  readonly #cuts: readonly Cut[]

  /** Without pauses both times are one. */
  constructor(pauses: readonly Pause[]) {
    let before = 0
    this.#cuts = pauses.map(({ seconds, length }) => {
      const left = micro(length) - micro(LONGEST_WAIT)
      const recorded = micro(seconds) - left
      const cut = { recorded, played: recorded - before, length: left }
      before += left
      return cut
    })
  }

  played(seconds: number): number {
    const at = micro(seconds)
    const cut = last(this.#cuts, ({ recorded }) => recorded <= at)
    if (cut === undefined) return at / MICROSECONDS
    const since = at - cut.recorded - cut.length
    // In the middle of what is left out: just before what comes behind it.
    return (since < 0 ? cut.played - 1 : cut.played + since) / MICROSECONDS
  }

  recorded(seconds: number): number {
    const at = micro(seconds)
    const cut = last(this.#cuts, ({ played }) => played <= at)
    return (cut === undefined ? at : at - cut.played + cut.recorded + cut.length) / MICROSECONDS
  }
}

function micro(seconds: number): number {
  return Math.round(seconds * MICROSECONDS)
}

/** The last of those that hold; they are the first ones of the list. */
function last(cuts: readonly Cut[], holds: (cut: Cut) => boolean): Cut | undefined {
  let [low, high] = [0, cuts.length]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (holds(cuts[middle] as Cut)) low = middle + 1
    else high = middle
  }
  return cuts[low - 1]
}
