/**
 * The masks of a session as one program in arrays, over classes of characters instead of characters: two characters that
 * no pattern tells apart are in the same class, so a table of states needs few columns.
 */
import { includes, type Program, WORD } from '../../core/program.ts'
import type { Mask } from '../../core/verdict.ts'

/** What stands for a jump of the cursor or a byte that is no character: it is in no set, and borders on words. */
export const BREAK = 0

export const SET = 0
export const FORK = 1
export const AT = 2
export const MATCH = 3

export interface MaskProgram {
  readonly length: number
  readonly ops: Uint8Array
  /** FORK: where to go · AT: 1 where the border must be, 0 where none may be · MATCH: the mask's index. */
  readonly first: Int32Array
  /** FORK: where to go as well. */
  readonly second: Int32Array
  /** Where each mask begins. */
  readonly entries: readonly number[]
  /** How many classes there are. */
  readonly width: number
  /** `members[at * width + class]` is 1 where the SET at `at` has the class. */
  readonly members: Uint8Array
  /** By class. */
  readonly isWord: Uint8Array
  /** The classes of ASCII. */
  readonly ascii: Uint16Array
  classOf(character: number): number
}

export function maskProgram(masks: readonly Pick<Mask, 'program'>[]): MaskProgram {
  const length = masks.reduce((sum, { program }) => sum + program.length, 0)
  const ops = new Uint8Array(length)
  const first = new Int32Array(length)
  const second = new Int32Array(length)
  const entries: number[] = []
  let base = 0
  for (const [index, { program }] of masks.entries()) {
    entries.push(base)
    for (const [offset, instruction] of program.entries()) {
      const at = base + offset
      switch (instruction.kind) {
        case 'set':
          ops[at] = SET
          break
        case 'fork':
          ops[at] = FORK
          first[at] = base + instruction.to
          second[at] = base + instruction.or
          break
        case 'at':
          // A stream has neither beginning nor end; the policy's reader refuses patterns that speak of them.
          if (instruction.place === 'start' || instruction.place === 'end') throw new Error('a mask with an anchor')
          ops[at] = AT
          first[at] = instruction.place === 'word-border' ? 1 : 0
          break
        case 'match':
          ops[at] = MATCH
          first[at] = index
          break
      }
    }
    base += program.length
  }
  const classes = classesOf(masks.flatMap(({ program }) => program))
  return { length, ops, first, second, entries, ...classes }
}

/** Sorts all code points into classes by the sets they are in. Class 0 is kept for BREAK. */
function classesOf(program: Program): Pick<MaskProgram, 'width' | 'members' | 'isWord' | 'ascii' | 'classOf'> {
  const sets = program.map((instruction) => (instruction.kind === 'set' ? instruction.set : undefined))
  const words = { ranges: WORD, isNegated: false }
  const edges = new Set([0])
  for (const set of [words, ...sets]) {
    for (const [from, to] of set?.ranges ?? []) edges.add(from).add(to + 1)
  }
  const starts = [...edges].sort((one, other) => one - other)
  const known = new Map<string, number>()
  const examples: number[] = [-1]
  const classAt = starts.map((start) => {
    const signature = [words, ...sets].map((set) => (set !== undefined && includes(set, start) ? 1 : 0)).join('')
    const found = known.get(signature)
    if (found !== undefined) return found
    known.set(signature, examples.length)
    return examples.push(start) - 1
  })
  const width = examples.length
  const members = new Uint8Array(program.length * width)
  const isWord = new Uint8Array(width)
  for (let index = 1; index < width; index++) {
    const example = examples[index]!
    isWord[index] = includes(words, example) ? 1 : 0
    for (const [at, set] of sets.entries()) {
      if (set !== undefined && includes(set, example)) members[at * width + index] = 1
    }
  }
  const classOf = (character: number): number => {
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (starts[middle]! <= character) low = middle
      else high = middle - 1
    }
    return classAt[low]!
  }
  return {
    width,
    members,
    isWord,
    classOf,
    ascii: Uint16Array.from({ length: 128 }, (_, character) => classOf(character)),
  }
}
