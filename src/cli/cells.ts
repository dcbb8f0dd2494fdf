/**
 * Text on a grid of cells, as a terminal lays it out: needed wherever one line has to stand exactly under another. What
 * a terminal would obey or hide is shown as a mark, so the width is that of what is shown.
 */
import { visible } from '../terminal/visible.ts'

/** Letters that take two cells (Unicode UAX #11, Wide and Fullwidth), roughly: by script rather than by table. */
const WIDE =
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff01-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u
const COMBINING = /^\p{M}$/u

export interface Cell {
  /** Offset of the character in the text, in UTF-16 units. */
  readonly offset: number
  readonly shown: string
  readonly width: number
}

export function cellsOf(text: string, from = 0): readonly Cell[] {
  const cells: Cell[] = []
  let offset = from
  for (const character of text) {
    const shown = visible(character)
    cells.push({ offset, shown, width: shown === character ? widthOf(character) : shown.length })
    offset += character.length
  }
  return cells
}

function widthOf(character: string): number {
  if (COMBINING.test(character)) return 0
  return WIDE.test(character) ? 2 : 1
}

export function width(text: string): number {
  return cellsOf(text).reduce((sum, cell) => sum + cell.width, 0)
}

/** Lays rows out in columns; the last one is not padded. A cell is text without control characters or colour. */
export function inColumns(rows: readonly (readonly string[])[], indent = ''): readonly string[] {
  const widths: number[] = []
  for (const row of rows)
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, width(cell))
  return rows.map((row) =>
    (
      indent +
      row.map((cell, index) => cell + ' '.repeat(index < row.length - 1 ? widths[index]! - width(cell) : 0)).join('  ')
    ).trimEnd(),
  )
}
