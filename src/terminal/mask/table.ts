/**
 * Says of each character, with one look into a table, whether something that began is still under way and whether a
 * match ended before it. The table is filled as states turn up (lazy subset construction, as grep does it), and emptied
 * when it has grown too big: so neither a pattern nor a hostile output can make it slow or large for good.
 *
 * A state is what is under way and whether the last character was one of a word. What begins at the next character is
 * not part of it: it always does.
 */
import { AT, FORK, MATCH, type MaskProgram, SET } from './program.ts'

/** Nothing is under way in states below this. */
export const FIRST_BUSY_STATE = 2
export const UNKNOWN = -1
/** About 2 MiB of table for each stream, at most. */
const MAX_CELLS = 512 * 1024

export class StateTable {
  readonly #program: MaskProgram
  readonly #maxStates: number
  #cells: Int32Array
  /** By state: the instructions that come next. */
  #kernels: (readonly number[])[] = []
  #isAfterWord: boolean[] = []
  #states = new Map<string, number>()
  readonly #visited: Uint32Array
  #visit = 0
  /** How often the table was emptied; the numbers of states mean others after that. */
  #emptied = 0

  constructor(program: MaskProgram) {
    this.#program = program
    this.#maxStates = Math.max(64, Math.floor(MAX_CELLS / program.width))
    this.#cells = new Int32Array(64 * program.width)
    this.#visited = new Uint32Array(program.length)
    this.#empty()
  }

  /** `cells[state * width + class]` is the next state times 2, plus 1 where a match ended; or UNKNOWN: then ask `next`. */
  get cells(): Int32Array {
    return this.#cells
  }

  /** Returns the cell. Afterwards only the state in it is sure to be known, and `cells` may be another array. */
  next(state: number, class_: number): number {
    const { ops, first, second, entries, isWord, members, width } = this.#program
    const isBorder = this.#isAfterWord[state] !== (isWord[class_] === 1)
    const kernel = new Set<number>()
    let isMatch = 0
    if (++this.#visit === 0xffff_ffff) {
      this.#visited.fill(0)
      this.#visit = 1
    }
    const stack = [...entries, ...this.#kernels[state]!]
    while (stack.length > 0) {
      const at = stack.pop()!
      if (this.#visited[at] === this.#visit) continue
      this.#visited[at] = this.#visit
      switch (ops[at]) {
        case SET:
          if (members[at * width + class_] === 1) kernel.add(at + 1)
          break
        case FORK:
          stack.push(second[at]!, first[at]!)
          break
        case AT:
          if (isBorder === (first[at] === 1)) stack.push(at + 1)
          break
        case MATCH:
          isMatch = 1
          break
      }
    }
    const sorted = [...kernel].sort((one, other) => one - other)
    const emptied = this.#emptied
    const cell = this.#stateOf(sorted, isWord[class_] === 1) * 2 + isMatch
    if (emptied === this.#emptied) this.#cells[state * width + class_] = cell
    return cell
  }

  #empty(): void {
    this.#emptied++
    this.#kernels = []
    this.#isAfterWord = []
    this.#states = new Map()
    this.#cells.fill(UNKNOWN)
    this.#stateOf([], false)
    this.#stateOf([], true)
  }

  #stateOf(kernel: readonly number[], isAfterWord: boolean): number {
    const key = `${isAfterWord ? 'w' : ''}${kernel.join(',')}`
    const known = this.#states.get(key)
    if (known !== undefined) return known
    if (this.#kernels.length >= this.#maxStates) this.#empty()
    const state = this.#kernels.push(kernel) - 1
    this.#isAfterWord.push(isAfterWord)
    this.#states.set(key, state)
    const { width } = this.#program
    if ((state + 1) * width > this.#cells.length) {
      const cells = new Int32Array(Math.min(this.#cells.length * 2, this.#maxStates * width)).fill(UNKNOWN)
      cells.set(this.#cells)
      this.#cells = cells
    }
    return state
  }
}
