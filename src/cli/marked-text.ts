/**
 * A text with its parts underlined and labelled, the way compilers point into source. Lines that are longer than the
 * terminal are broken, because an underline that wraps points at nothing.
 */
import { type Cell, cellsOf, width } from './cells.ts'
import type { Paint, Tone } from './output.ts'

/** `start` and `end` are UTF-16 offsets into the text. */
export interface Mark {
  readonly start: number
  readonly end: number
  readonly label: string
  readonly notes: readonly string[]
  readonly tone: Tone
}

interface Row {
  /** From 1; undefined where a long line goes on. */
  readonly line: number | undefined
  readonly start: number
  readonly end: number
  readonly cells: readonly Cell[]
}

/** Where the terminal does not say, and nobody wants to scroll sideways. */
const USUAL_COLUMNS = 120
const NARROWEST = 20

export function markedText(
  text: string,
  marks: readonly Mark[],
  { paint, columns = USUAL_COLUMNS }: { readonly paint: Paint; readonly columns?: number | undefined },
): readonly string[] {
  const lines = text.split('\n')
  const gutter = String(lines.length).length
  const room = Math.max(NARROWEST, columns - gutter - 4)
  const rows = rowsOf(lines, room)
  const edge = (line: number | undefined) =>
    paint('dim', ` ${(lines.length > 1 && line !== undefined ? String(line) : '').padStart(gutter)} │ `)
  return rows.flatMap((row, index) => {
    const isLast = index === rows.length - 1
    const here = marks
      .filter(({ start }) => start >= row.start && (start < row.end || isLast))
      .toSorted((one, other) => one.start - other.start || other.end - one.end)
    return [
      edge(row.line) + row.cells.map(({ shown }) => shown).join(''),
      ...here.flatMap((mark) => pointer(row, mark, { paint, room }).map((line) => edge(undefined) + line)),
    ]
  })
}

function rowsOf(lines: readonly string[], room: number): readonly Row[] {
  let offset = 0
  return lines.flatMap((line, index) => {
    const pieces: Cell[][] = [[]]
    let used = 0
    for (const cell of cellsOf(line, offset)) {
      if (used + cell.width > room) {
        pieces.push([])
        used = 0
      }
      pieces.at(-1)!.push(cell)
      used += cell.width
    }
    const end = offset + line.length + 1
    const rows = pieces.map((cells, piece) => ({
      line: piece === 0 ? index + 1 : undefined,
      start: cells[0]?.offset ?? offset,
      end: pieces[piece + 1]?.[0]?.offset ?? end,
      cells,
    }))
    offset = end
    return rows
  })
}

function pointer(
  row: Row,
  mark: Mark,
  { paint, room }: { readonly paint: Paint; readonly room: number },
): readonly string[] {
  const before = cellsBefore(row, mark.start)
  const length = Math.max(1, cellsBefore(row, mark.end) - before)
  // The row's end is behind its newline, which has no cell; a part that goes on in the next row says so.
  const goesOn = mark.end > row.end ? '…' : ''
  const carets = ' '.repeat(before) + paint(mark.tone, '^'.repeat(length) + goesOn)
  const underneath = (text: string) => ' '.repeat(before + width(text) <= room ? before : 2)
  const fits = before + length + 2 + width(mark.label) <= room
  const label = paint(mark.tone, mark.label)
  return [
    ...(fits ? [`${carets} ${label}`] : [carets, underneath(mark.label) + label]),
    ...mark.notes.map((note) => underneath(`= ${note}`) + paint('dim', `= ${note}`)),
  ]
}

function cellsBefore({ cells }: Row, offset: number): number {
  return cells.reduce((sum, cell) => (cell.offset < offset ? sum + cell.width : sum), 0)
}
