/**
 * A terminal's state as a text that makes it anew: its cells with their looks, both screens, cursor, saved cursor, margins,
 * pen, character set, tab stops and modes. A player that begins in the middle of a recording draws this first.
 */
import type xterm from '@xterm/headless'
import { sameLooks, sgrOf } from './looks.ts'
import { type BufferState, bufferState, type Cell, cellsOf, isCursorHidden, stateOf } from './xterm-internals.ts'

type Terminal = InstanceType<typeof xterm.Terminal>
type Buffer = Terminal['buffer']['normal']

const ESC = '\u001b'
const RESET = `${ESC}[0m`

/** Returns undefined where no text leads there: in the middle of a sequence, or where DECRC left a character set astray. */
export function keyframeText(terminal: Terminal): string | undefined {
  const state = stateOf(terminal)
  if (!state.isAtGround || state.partialCharacter.length > 0 || state.isCharsetAstray) return undefined
  const { normal, alternate, active } = terminal.buffer
  const isAlternate = active.type === 'alternate'
  const inner = bufferState(terminal, active.type)
  const parts = [screenText(terminal, normal)]
  if (isAlternate) {
    const below = bufferState(terminal, 'normal')
    parts.push(
      savedText(below),
      place(below.x, below.y),
      `${ESC}[?47h${ESC}[H${ESC}[2J`,
      screenText(terminal, alternate),
    )
  }
  const { modes } = terminal
  const [top, bottom] = inner.scrollRegion
  const row = modes.originMode ? inner.y - top : inner.y
  const before = inner.x >= terminal.cols ? lastCell(terminal, active, inner.y) : undefined
  parts.push(
    tabText(inner, terminal.cols),
    savedText(inner),
    top === 0 && bottom === terminal.rows - 1 ? '' : `${ESC}[${top + 1};${bottom + 1}r`,
    modes.originMode ? `${ESC}[?6h` : '',
    // Only writing the last character again brings back the state in which the next one wraps.
    before === undefined
      ? place(Math.min(inner.x, terminal.cols - 1), row)
      : `${place(before.x, row)}${sgrOf(before.cell)}${before.cell.getChars()}`,
    sgrOf(state.pen),
    state.foreignCharsets[0] ? `${ESC}(0` : '',
    state.foreignCharsets[1] ? `${ESC})0` : '',
    state.charsetLevel === 1 ? '\u000e' : '',
    modes.insertMode ? `${ESC}[4h` : '',
    modes.wraparoundMode ? '' : `${ESC}[?7l`,
    isCursorHidden(terminal) ? `${ESC}[?25l` : '',
  )
  return parts.join('')
}

/** The rows in view. A row that goes on in the next one is written on into it, so that a resize breaks it alike. */
function screenText(terminal: Terminal, buffer: Buffer): string {
  let text = ''
  let isOpen = false
  for (let y = 0; y < terminal.rows; y++) {
    const cells = cellsOf(terminal, buffer.baseY + y, buffer)
    const goesOn = isOpen && buffer.getLine(buffer.baseY + y)?.isWrapped === true && isWritten(cells[0])
    const row = rowText(cells)
    if (goesOn) text += row
    else if (row !== '') text += `${place(0, y)}${row}`
    isOpen = row !== '' && (isWritten(cells.at(-1)) || (cells.at(-1)?.getWidth() === 0 && isWritten(cells.at(-2))))
  }
  return text === '' ? '' : `${text}${RESET}`
}

function rowText(cells: readonly Cell[]): string {
  let end = cells.length
  while (end > 0 && isBlank(cells[end - 1] as Cell)) end--
  let text = ''
  for (let at = 0; at < end; ) {
    const first = cells[at] as Cell
    let next = at + 1
    const isErased = !isWritten(first)
    while (next < end && isAlike(first, cells[next] as Cell, isErased)) next++
    text += sgrOf(first)
    // Erased cells are not spaces: they have a background and no text. The last one leaves the cursor where it may wrap.
    if (isErased) text += `${ESC}[${next - at}X${next < cells.length ? `${ESC}[${next - at}C` : ''}`
    else for (const cell of cells.slice(at, next)) text += cell.getChars()
    at = next
  }
  return text
}

function isAlike(first: Cell, cell: Cell, isErased: boolean): boolean {
  // The second half of a wide character comes with the first.
  if (cell.getWidth() === 0) return !isErased
  return sameLooks(first, cell) && !isWritten(cell) === isErased
}

function isWritten(cell: Cell | undefined): boolean {
  return cell !== undefined && cell.getChars() !== ''
}

function isBlank(cell: Cell): boolean {
  return !isWritten(cell) && cell.getWidth() !== 0 && cell.bg === 0 && cell.fg === 0
}

function lastCell(terminal: Terminal, buffer: Buffer, y: number): { x: number; cell: Cell } | undefined {
  const cells = cellsOf(terminal, buffer.baseY + y, buffer)
  const x = cells.at(-1)?.getWidth() === 0 ? cells.length - 2 : cells.length - 1
  const cell = cells[x]
  return cell === undefined || !isWritten(cell) ? undefined : { x, cell }
}

/** Puts the cursor where it was saved, with what was saved with it, and saves it. */
function savedText({ saved }: BufferState): string {
  const { x, y, pen, isDrawing } = saved
  if (x === 0 && y === 0 && pen.fg === 0 && pen.bg === 0 && !isDrawing) return ''
  return `${place(x, y)}${sgrOf(pen)}${isDrawing ? `${ESC}(0` : ''}${ESC}7${isDrawing ? `${ESC}(B` : ''}${RESET}`
}

function tabText({ tabs }: BufferState, cols: number): string {
  const usual = Array.from({ length: Math.ceil(cols / 8) }, (_, at) => at * 8)
  if (tabs.length === usual.length && tabs.every((tab, at) => tab === usual[at])) return ''
  return `${ESC}[3g${tabs.map((tab) => `${ESC}[${tab + 1}G${ESC}H`).join('')}`
}

function place(x: number, y: number): string {
  return `${ESC}[${y + 1};${x + 1}H`
}
