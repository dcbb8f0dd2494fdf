/**
 * The same automaton run the long way, one thread for each place it can be at, with where that thread began: this tells
 * what a match covers. It is run only where the table has seen a match end, or where too much waits.
 *
 * Of the threads at one place the one that began first is kept, so for each end of a match its longest extent is found;
 * what all of them cover together is what is hidden.
 *
 * INVARIANT: threads stand in the order in which they began.
 */
import { AT, BREAK, FORK, MATCH, type MaskProgram, SET } from './program.ts'

/** Called with the index of the mask that matched and where that match began. */
export type OnMatch = (mask: number, start: number) => void

export class Threads {
  readonly #program: MaskProgram
  #places: Int32Array
  #starts: Int32Array
  #count = 0
  #nextPlaces: Int32Array
  #nextStarts: Int32Array
  readonly #visited: Uint32Array
  readonly #stack: Int32Array
  #visit = 0
  #isAfterWord = false
  /** By class times 2, plus 1 at a border of a word. */
  readonly #beginnings: (readonly number[] | undefined)[] = []

  constructor(program: MaskProgram) {
    this.#program = program
    const { length } = program
    this.#places = new Int32Array(length + 1)
    this.#starts = new Int32Array(length + 1)
    this.#nextPlaces = new Int32Array(length + 1)
    this.#nextStarts = new Int32Array(length + 1)
    this.#visited = new Uint32Array(length)
    // Each place is looked at once, and puts two others here at most.
    this.#stack = new Int32Array(length * 2 + 2)
  }

  get areUnderWay(): boolean {
    return this.#count > 0
  }

  /** Where the oldest of them began; Infinity where there is none. */
  get earliest(): number {
    return this.#count > 0 ? this.#starts[0]! : Number.POSITIVE_INFINITY
  }

  /** Ends them all; the next character follows on one of a word, or not. */
  clear(isAfterWord: boolean): void {
    this.#count = 0
    this.#isAfterWord = isAfterWord
  }

  /** Takes `by` off every place in the output; what began before that began at 0. */
  shift(by: number): void {
    for (let index = 0; index < this.#count; index++) this.#starts[index] = Math.max(0, this.#starts[index]! - by)
  }

  /** A character of this class stands at `at`. Tells of what matched up to it. */
  step(class_: number, at: number, onMatch: OnMatch): void {
    const { isWord } = this.#program
    const isWordNow = isWord[class_] === 1
    this.#begin()
    const isBorder = this.#isAfterWord !== isWordNow
    let found = 0
    for (let index = 0; index < this.#count; index++)
      found = this.#follow(this.#places[index]!, this.#starts[index]!, class_, isBorder, onMatch, found)
    // What begins here depends on nothing else, so it is worked out once.
    const column = class_ * 2 + (isBorder ? 1 : 0)
    const beginning = this.#beginnings[column] ?? this.#beginning(class_, isBorder)
    this.#beginnings[column] = beginning
    for (const place of beginning) {
      if (this.#visited[place - 1] === this.#visit) continue
      this.#nextPlaces[found] = place
      this.#nextStarts[found++] = at
    }
    const [places, starts] = [this.#places, this.#starts]
    this.#places = this.#nextPlaces
    this.#starts = this.#nextStarts
    this.#nextPlaces = places
    this.#nextStarts = starts
    this.#count = found
    this.#isAfterWord = isWordNow
  }

  /** Tells of what would match if nothing came any more; nothing is changed. */
  atEnd(onMatch: OnMatch): void {
    this.#begin()
    for (let index = 0; index < this.#count; index++)
      this.#follow(this.#places[index]!, this.#starts[index]!, BREAK, this.#isAfterWord, onMatch, 0)
  }

  /** Where a match can be that begins with a character of this class. */
  #beginning(class_: number, isBorder: boolean): readonly number[] {
    const { ops, first, second, entries, members, width } = this.#program
    const places = new Set<number>()
    const seen = new Set<number>()
    const stack = [...entries]
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      if (seen.has(at)) continue
      seen.add(at)
      if (ops[at] === SET && members[at * width + class_] === 1) places.add(at + 1)
      else if (ops[at] === FORK) stack.push(second[at]!, first[at]!)
      else if (ops[at] === AT && isBorder === (first[at] === 1)) stack.push(at + 1)
    }
    return [...places]
  }

  #begin(): void {
    if (++this.#visit < 0xffff_ffff) return
    this.#visited.fill(0)
    this.#visit = 1
  }

  /** Goes on from a place over the character; returns how many threads there are then. Without objects: it is hot. */
  #follow(place: number, start: number, class_: number, isBorder: boolean, onMatch: OnMatch, found: number): number {
    const { ops, first, second, members, width } = this.#program
    const stack = this.#stack
    const visited = this.#visited
    let count = found
    let depth = 0
    stack[depth++] = place
    while (depth > 0) {
      const at = stack[--depth]!
      if (visited[at] === this.#visit) continue
      visited[at] = this.#visit
      switch (ops[at]) {
        case SET:
          if (members[at * width + class_] === 1) {
            this.#nextPlaces[count] = at + 1
            this.#nextStarts[count++] = start
          }
          break
        case FORK:
          stack[depth++] = second[at]!
          stack[depth++] = first[at]!
          break
        case AT:
          if (isBorder === (first[at] === 1)) stack[depth++] = at + 1
          break
        case MATCH:
          onMatch(first[at]!, start)
          break
      }
    }
    return count
  }
}
