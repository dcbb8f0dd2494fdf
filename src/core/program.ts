/**
 * A regular expression as a program for an automaton: plain data, so that the policy can make one and whoever runs it
 * over a command's text or over a session's output needs nothing of the policy's.
 */

/** Beginning and end are those of the whole text, never of a line in it. */
export type Place = 'start' | 'end' | 'word-border' | 'no-word-border'

/** Code points from `ranges`, both ends included; or all others. */
export interface CharacterSet {
  readonly ranges: readonly (readonly [number, number])[]
  readonly isNegated: boolean
}

export type Instruction =
  | { readonly kind: 'set'; readonly set: CharacterSet }
  | { readonly kind: 'fork'; readonly to: number; readonly or: number }
  | { readonly kind: 'at'; readonly place: Place }
  | { readonly kind: 'match' }

/** Begins at its first instruction; after a `set` or an `at` comes the one behind it. */
export type Program = readonly Instruction[]

export function includes(set: CharacterSet, character: number): boolean {
  return set.ranges.some(([from, to]) => character >= from && character <= to) !== set.isNegated
}

/** `[0-9A-Za-z_]`, as in every shell. */
export const WORD: CharacterSet['ranges'] = [
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x5f, 0x5f],
  [0x61, 0x7a],
]
