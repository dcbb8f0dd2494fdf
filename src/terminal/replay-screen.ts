/**
 * A terminal for going through a recording: it draws at once, tells which lines were there since it was last asked, and
 * gives keyframes. For a thread of its own: a session's screen is screen.ts.
 */
import xterm from '@xterm/headless'
import { keyframeText } from './keyframe.ts'
import { drawNow, dropScrollback, surviveFaults } from './xterm-internals.ts'

/** As many lines as may be written between two looks, and a screen. */
const SCROLLBACK_LINES = 10_000
const LARGEST = 1_000
/** DECSET modes that put another screen in the place of this one. */
const SCREEN_MODES = new Set([47, 1047, 1049])

export class ReplayScreen {
  readonly #terminal: InstanceType<typeof xterm.Terminal>
  onErase = () => {}

  constructor(cols: number, rows: number) {
    this.#terminal = new xterm.Terminal({
      ...bounded(cols, rows),
      scrollback: SCROLLBACK_LINES,
      allowProposedApi: true,
      logLevel: 'off',
    })
    surviveFaults(this.#terminal)
    const { parser } = this.#terminal
    const erases = () => {
      this.onErase()
      return false
    }
    parser.registerCsiHandler({ final: 'J' }, erases)
    parser.registerEscHandler({ final: 'c' }, erases)
    for (const final of ['h', 'l']) {
      parser.registerCsiHandler({ prefix: '?', final }, (params) =>
        params.some((mode) => typeof mode === 'number' && SCREEN_MODES.has(mode)) ? erases() : false,
      )
    }
  }

  write(text: string): void {
    drawNow(this.#terminal, text)
  }

  resize(cols: number, rows: number): void {
    const size = bounded(cols, rows)
    this.#terminal.resize(size.cols, size.rows)
  }

  keyframe(): { readonly cols: number; readonly rows: number; readonly text: string } | undefined {
    const text = keyframeText(this.#terminal)
    return text === undefined ? undefined : { cols: this.#terminal.cols, rows: this.#terminal.rows, text }
  }

  /**
   * The lines since it was last asked, and how many rows of them have left the screen. Of a line that has left it in part,
   * what is still there comes once more, as a rest.
   */
  take(): { readonly gone: number; readonly lines: readonly TakenLine[] } {
    const buffer = this.#terminal.buffer.active
    const gone = buffer.baseY
    const lines: TakenLine[] = []
    // Those that the next row may belong to: a line, and its rest.
    let open: TakenLine[] = []
    for (let y = 0; y < buffer.length; y++) {
      const row = buffer.getLine(y)
      if (row?.isWrapped !== true || open.length === 0) open = []
      if (open.length === 0 || y === gone) {
        const line = { row: y, text: '', isRest: open.length > 0 }
        open = [...open, line]
        lines.push(line)
      }
      // A row that goes on is full, so nothing is trimmed in the middle of a line.
      for (const line of open) line.text += row?.translateToString(true) ?? ''
    }
    dropScrollback(this.#terminal)
    return { gone, lines }
  }

  /** The rows in view as text, for whoever compares. */
  rows(): readonly string[] {
    const buffer = this.#terminal.buffer.active
    return Array.from({ length: this.#terminal.rows }, (_, y) =>
      (buffer.getLine(buffer.baseY + y)?.translateToString(true) ?? '').trimEnd(),
    )
  }
}

export interface TakenLine {
  readonly row: number
  text: string
  readonly isRest: boolean
}

/** A recording says what its client asked for, which may be any number. */
function bounded(cols: number, rows: number): { cols: number; rows: number } {
  const clamp = (value: number) => Math.min(Math.max(Math.trunc(value), 1), LARGEST)
  return { cols: clamp(cols), rows: clamp(rows) }
}
