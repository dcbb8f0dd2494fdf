/**
 * What a word of a command may become once bash has expanded it. Text that cannot be known is a hole in it, so that
 * `/srv/$X` is still known to begin with `/srv/` and `-o$X` to be the option `-o`.
 */

/** Stands for any text, also none. It cannot be in an analysed text: such characters are refused before (text.ts). */
export const HOLE = '\uFFFF'
/** Stands for decimal digits, at least one: `$?`, `$#`, `${#x}`. */
export const DIGITS = '\uFFFE'
/** Stands for an integer, perhaps negative: `$((…))`. */
export const NUMBER = '\uFDD0'

/** Stands for an integer, or nothing: the output of `date +%s`, which may fail. */
export const NUMERIC = '\uFDD2'
/** Stands for a word of letters, digits and the signs of paths, which begins with no dash and is not empty. */
export const PLAIN = '\uFDD1'

/**
 * How many fields a word becomes. `one`: just one · `names`: any number of file names, which begin as the pattern does ·
 * `words`: any number of any words, because an unquoted value is split (or `"$@"`).
 */
export type Fields = 'one' | 'names' | 'words'

export interface Argument {
  /** The word after quote removal, with holes. */
  readonly text: string
  readonly fields: Fields
  /** Where the word stands in the text it came from. */
  readonly start: number
  readonly end: number
  /** An assignment that the parser saw (`export A=$x`) and that has been read as one; what is known of its value. */
  readonly assigned?: 'known' | 'unknown' | 'array'
}

const ANY_HOLE = /[\uFFFF\uFFFE\uFDD0-\uFDD2]/

/** Reports whether every character of it is known. */
export function isKnown(text: string): boolean {
  return !ANY_HOLE.test(text)
}

/** The part of it before the first hole. */
export function knownStart(text: string): string {
  const at = text.search(ANY_HOLE)
  return at === -1 ? text : text.slice(0, at)
}

/** Reports whether it has a hole that can hold anything. */
export function hasHole(text: string): boolean {
  return text.includes(HOLE)
}

/** Reports whether it can begin with a dash because of a hole. */
export function mayBeOption(argument: Argument): boolean {
  const first = argument.text[0]
  return first === HOLE || first === NUMBER || first === NUMERIC || argument.fields === 'words'
}

/** The fields of a word of which a part has `a` and another `b`. */
export function moreFields(a: Fields, b: Fields): Fields {
  if (a === 'words' || b === 'words') return 'words'
  return a === 'names' ? a : b
}

/** Words that nothing is known of, at the place of `near`. */
export function unknownArguments(near: { readonly start: number; readonly end: number }): Argument {
  return { text: HOLE, fields: 'words', start: near.start, end: near.end }
}
