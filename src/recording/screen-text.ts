/**
 * What stood on a screen when, line by line. A line is told of once it has changed to something else, has left the screen or
 * the recording ends: so a line that is being typed is one, and not one for each key. Its time is when it was first seen as
 * it then stood.
 */
import type { ReplayLine } from '../core/replay.ts'
import type { ScreenLine } from './replay.ts'

/** The same words again so soon are the same moment: a prompt, or a program that draws its screen anew each second. */
export const RECENT_SECONDS = 60
const MOST_RECENT = 5_000
/** A line of a terminal is short; one that was wrapped over many rows is told in pieces. */
const LONGEST_LINE = 1_000

interface Standing {
  readonly text: string
  readonly seconds: number
  /** It was told of already: the rest of a line whose beginning has left the screen. */
  readonly isTold: boolean
}

export class ScreenText {
  #standing = new Map<number, Standing>()
  /** When each text was last told of, the oldest first. */
  readonly #recent = new Map<string, number>()

  /** `lines` are all that are there, from the first row that was in view at the last look; the first `gone` rows no longer are. */
  look({ gone, lines }: { readonly gone: number; readonly lines: readonly ScreenLine[] }, seconds: number) {
    const told: ReplayLine[] = []
    const before = this.#standing
    this.#standing = new Map()
    for (const { row, text, isRest } of lines) {
      const old = before.get(row)
      before.delete(row)
      const isSame = old?.text === text
      if (old !== undefined && !isSame && !text.startsWith(old.text)) this.#tell(old, told)
      const now = isSame && old !== undefined ? old : { text, seconds, isTold: isRest }
      if (row < gone) this.#tell(now, told)
      else this.#standing.set(row - gone, now)
    }
    for (const old of before.values()) this.#tell(old, told)
    return told
  }

  /** Tells of all that still stands. */
  end(): readonly ReplayLine[] {
    const told: ReplayLine[] = []
    for (const standing of this.#standing.values()) this.#tell(standing, told)
    this.#standing = new Map()
    return told
  }

  #tell({ text, seconds, isTold }: Standing, told: ReplayLine[]): void {
    const words = text.trim()
    if (isTold || words === '' || this.#isRecent(words, seconds)) return
    for (let start = 0; start < words.length; start += LONGEST_LINE) {
      told.push({ kind: 'shown', seconds, text: words.slice(start, start + LONGEST_LINE) })
    }
  }

  #isRecent(text: string, seconds: number): boolean {
    const last = this.#recent.get(text)
    if (last !== undefined && seconds - last < RECENT_SECONDS) return true
    this.#recent.delete(text)
    this.#recent.set(text, seconds)
    if (this.#recent.size > MOST_RECENT) this.#recent.delete(this.#recent.keys().next().value ?? '')
    return false
  }
}
