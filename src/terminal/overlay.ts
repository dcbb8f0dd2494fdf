/**
 * A line of ours over a person's terminal that goes away without a trace: cells, cursor, pen and modes are
 * afterwards what they would be without it.
 *
 * It lives on the cursor's own row, right of what stands there, and never in the last column. So it takes no vertical
 * move (where our model's first row is on the person's screen is not known: their terminal was not empty when the
 * session began), no scrolling (which cannot be taken back), no saved cursor (one slot, and the program's), and no
 * margin matters. A terminal that is resized leaves the cursor's row alone. What it covers is written again from the
 * model.
 */
import type xterm from '@xterm/headless'
import { sameLooks, sgrOf } from './looks.ts'
import { type Cell, cellsOf, stateOf, type TerminalState } from './xterm-internals.ts'

type Terminal = InstanceType<typeof xterm.Terminal>

/** Where less than this is free behind the text, the end of the text is covered instead. */
const ROOM_WANTED = 60
const GAP = 2
/** What is no colour in a cell's `bg`: italic, dim, protected, overline… (xterm.js, BgFlags). */
const FLAGS = 0xfc000000
const SHIFT_IN = '\u000f'
const LOCKING_SHIFTS = [SHIFT_IN, '\u000e', '\u001bn', '\u001bo']

export interface Place {
  /** The first column that is covered; everything from there to the end of the row is. */
  readonly start: number
  /** How many cells a text may take there. */
  readonly room: number
}

/**
 * Returns where on the cursor's row there is place for a line of ours; undefined where there is none: under origin mode
 * with a top margin, moves along a row change the row too in xterm.js, and so in whatever is built on it; in the middle of
 * a sequence or a character a part may have had its effect; and a state or a cell to which no sequence leads could not
 * be put back.
 */
export function placeFor(terminal: Terminal): Place | undefined {
  const { cols } = terminal
  const state = stateOf(terminal)
  if (!state.isAtGround || state.partialCharacter.length > 0 || state.isCharsetAstray) return undefined
  if (state.x >= cols && cellBefore(terminal, state) === undefined) return undefined
  if (terminal.modes.originMode && state.scrollRegion[0] > 0) return undefined
  const cells = cursorRow(terminal)
  let used = cells.length
  while (used > 0 && cells[used - 1]!.getChars() === '' && cells[used - 1]!.getWidth() === 1) used--
  const { x } = state
  const behind = used === 0 && x === 0 ? 0 : Math.max(used, x) + GAP
  let start = cols - behind > Math.min(ROOM_WANTED, cols) ? behind : Math.max(0, cols - 1 - ROOM_WANTED)
  if (behind === 0) start = 0
  if (cells.some(isTorn) || cells.slice(start).some(cannotBePutBack)) return undefined
  return { start, room: Math.max(0, cols - start - 1) }
}

/** The bytes that put `text` (of at most the place's room, its own SGR sequences apart) over the row. */
export function drawn(terminal: Terminal, place: Place, text: string): string {
  const width = terminal.cols - place.start
  return `${begin(terminal)}\u001b[${place.start + 1}G\u001b[0m\u001b[${width}X${text}${wrapAgain(terminal)}${back(terminal)}`
}

/** The bytes that take away what was drawn from column `start` on. */
export function erased(terminal: Terminal, start: number): string {
  return `${begin(terminal)}${start < terminal.cols ? covered(terminal, start) : ''}${wrapAgain(terminal)}${back(terminal)}`
}

function begin(terminal: Terminal): string {
  const state = stateOf(terminal)
  return [
    state.charsetLevel === 0 ? '' : SHIFT_IN,
    state.foreignCharsets[0] ? '\u001b(B' : '',
    terminal.modes.insertMode ? '\u001b[4l' : '',
    // The person's terminal may have become narrower a moment ago, of which we have yet to hear: nothing goes on below.
    terminal.modes.wraparoundMode ? '\u001b[?7l' : '',
  ].join('')
}

function wrapAgain(terminal: Terminal): string {
  return terminal.modes.wraparoundMode ? '\u001b[?7h' : ''
}

/** What stands in the model from column `start` on. */
function covered(terminal: Terminal, start: number): string {
  const cells = cursorRow(terminal).slice(start)
  let text = `\u001b[${start + 1}G`
  for (let at = 0; at < cells.length; ) {
    const first = cells[at]!
    let end = at + 1
    const isErased = isNull(first)
    while (end < cells.length && sameLooks(first, cells[end]!) && isNull(cells[end]!) === isErased) end++
    text += sgrOf(first)
    if (isErased) text += `\u001b[${end - at}X${start + end < terminal.cols ? `\u001b[${start + end + 1}G` : ''}`
    else for (const cell of cells.slice(at, end)) text += cell.getChars()
    at = end
  }
  return text
}

/** Puts the cursor, the pen, the character sets and the modes back. */
function back(terminal: Terminal): string {
  const state = stateOf(terminal)
  const isAtEnd = state.x >= terminal.cols
  const before = isAtEnd || state.isJoinable ? cellBefore(terminal, state) : undefined
  let text: string
  if (before === undefined) text = `\u001b[${Math.min(state.x, terminal.cols - 1) + 1}G${sgrOf(state.pen)}`
  else {
    // Only writing a character again brings the state back in which the next one wraps, or joins this one.
    text = `\u001b[${before.x + 1}G${sgrOf(before.cell)}${before.cell.getChars()}`
    if (!sameLooks(before.cell, state.pen)) text += sgrOf(state.pen)
  }
  if (state.foreignCharsets[0]) text += '\u001b(0'
  if (state.charsetLevel !== 0) text += LOCKING_SHIFTS[state.charsetLevel] ?? ''
  if (terminal.modes.insertMode) text += '\u001b[4h'
  return text
}

function cellBefore(terminal: Terminal, state: TerminalState): { readonly x: number; readonly cell: Cell } | undefined {
  const cells = cursorRow(terminal)
  const last = state.x - 1
  const x = cells[last]?.getWidth() === 0 ? last - 1 : last
  const cell = cells[x]
  // After a resize the cursor may stand in the middle of a character; writing that would move it.
  if (cell === undefined || cell.getChars() === '' || x + cell.getWidth() !== state.x) return undefined
  return { x, cell }
}

function cursorRow(terminal: Terminal): readonly Cell[] {
  const { baseY, cursorY } = terminal.buffer.active
  return cellsOf(terminal, baseY + cursorY)
}

function isNull(cell: Cell): boolean {
  return cell.getChars() === '' && cell.getWidth() !== 0
}

/**
 * Half of an overwritten wide character is erased, and yet has the pen's looks (xterm.js, InputHandler.print); an erasing
 * sequence leaves nothing but the background's colour. A wide one may be cut in half when the terminal becomes narrower.
 */
function cannotBePutBack(cell: Cell): boolean {
  if (cell.getWidth() !== 1) return true
  return isNull(cell) && (cell.fg !== 0 || (cell.bg & FLAGS) !== 0)
}

/** Half of a wide character without the other; without autowrap, xterm.js leaves it so in the last columns. */
function isTorn(cell: Cell, x: number, cells: readonly Cell[]): boolean {
  if (cell.getWidth() === 2) return cells[x + 1]?.getWidth() !== 0
  return cell.getWidth() === 0 && cells[x - 1]?.getWidth() !== 2
}
