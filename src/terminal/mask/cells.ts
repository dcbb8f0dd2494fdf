/** How many cells of a terminal a character takes, as far as masks need it: what is hidden keeps its place. */

/** Characters that stand on the one before them, or are drawn as nothing. */
const NO_CELL = /^[\p{Mn}\p{Me}\p{Cf}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}]$/u
/** Wide and full-width ranges (Unicode UAX #11, EastAsianWidth.txt), and pictures that terminals draw in two cells. */
const TWO_CELLS: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f900, 0x1faff],
  [0x20000, 0x3fffd],
]

export function cells(character: number): 0 | 1 | 2 {
  if (character < 0x300) return 1
  if (NO_CELL.test(String.fromCodePoint(character))) return 0
  return TWO_CELLS.some(([from, to]) => character >= from && character <= to) ? 2 : 1
}
