/**
 * A person at a terminal: a real program (mostly the system's ssh) on a real pseudo-terminal, with a terminal emulator
 * that knows what stands on its screen. Waiting is for something to be shown, never for time to pass.
 */
import xterm from '@xterm/headless'
import { openPty } from '../../src/pty/pty.ts'

export interface TerminalOptions {
  readonly cols?: number
  readonly rows?: number
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  /** Whether the terminal answers what programs ask of it (cursor position, device attributes), as real ones do. */
  readonly answers?: boolean
}

export interface TestTerminal {
  /** Everything that was written to the terminal, escape sequences included. */
  readonly raw: () => string
  /** What stands on the screen and above it, without styling; rows joined by newlines. */
  readonly text: () => string
  /** What is in view, cell by cell with its colours, and the cursor; two that are equal look alike. */
  cells(): readonly string[]
  /** All that a terminal keeps besides the cells in view: its title and the modes that programs set. */
  modes(): Readonly<Record<string, unknown>>
  /** What scrolled out of view since `keep`, row by row as in `cells`. */
  above(): readonly string[]
  /** From now on `above` begins with the row of the cursor. */
  keep(): void
  /** How often the terminal has answered a program so far. */
  answered(): number
  /** Where the cursor stands: its line counted from the first one of the session, and the text before it there. */
  cursor(): { readonly y: number; readonly before: string }
  /** Resolves when `isTrue`, asked after each piece of output, says so; to false after `limitMs`. */
  until(isTrue: () => boolean, limitMs: number): Promise<boolean>
  /** What was shown after the last `mark`, without escape sequences. */
  shown(): string
  type(keys: string): void
  resize(cols: number, rows: number): void
  /** Resolves when `what` has been shown after the last `mark`; rejects with the screen after `limitMs`. */
  shows(what: string | RegExp, limitMs?: number): Promise<void>
  /** Later `shows` look only at what comes from now on. */
  mark(): void
  /** Resolves to the exit status. */
  readonly exited: Promise<number>
  kill(signal?: string): void
}

const LIMIT_MS = 20_000

export function openTerminal(file: string, args: readonly string[], options: TerminalOptions = {}): TestTerminal {
  const { cols = 100, rows = 30 } = options
  const env = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '/root', LANG: 'C.UTF-8', ...options.env }
  const program = openPty({ file, args, cols, rows, term: 'xterm-256color', cwd: options.cwd ?? process.cwd(), env })
  const screen = new xterm.Terminal({ cols, rows, scrollback: 5000, allowProposedApi: true })
  let raw = ''
  let from = 0
  let title = ''
  let answers = 0
  let kept: xterm.IMarker | undefined
  const waiting = new Set<() => void>()
  const decoder = new TextDecoder()
  const look = () => {
    for (const check of [...waiting]) check()
  }
  program.onData((data) => {
    const bytes = typeof data === 'string' ? Buffer.from(data) : (data as Uint8Array)
    // Both at once, so that what `shows` has seen is what `text` finds on the screen.
    screen.write(bytes, () => {
      raw += decoder.decode(bytes, { stream: true })
      look()
    })
  })
  const exited = new Promise<number>((resolve) => {
    program.onExit(({ exitCode }) => {
      screen.write('', () => {
        look()
        resolve(exitCode)
      })
    })
  })
  screen.onTitleChange((changed) => {
    title = changed
  })
  if (options.answers === true) {
    screen.onData((data) => {
      answers++
      program.write(data)
    })
  }
  const appearanceOf = (line: xterm.IBufferLine | undefined) =>
    Array.from({ length: screen.cols }, (_, x) => appearance(line?.getCell(x)))
      .join('')
      .trimEnd()
  const text = () => {
    const { active } = screen.buffer
    const lines: string[] = []
    for (let y = 0; y < active.length; y++) {
      const line = active.getLine(y)
      const piece = line?.translateToString(true) ?? ''
      if (line?.isWrapped && lines.length > 0) lines[lines.length - 1] += piece
      else lines.push(piece)
    }
    return lines.join('\n').trimEnd()
  }
  return {
    raw: () => raw,
    text,
    cells() {
      const { active } = screen.buffer
      const row = (y: number) => appearanceOf(active.getLine(active.baseY + y))
      const cursor = `cursor ${active.cursorX},${active.cursorY} ${active.type}`
      return [...Array.from({ length: screen.rows }, (_, y) => row(y)), cursor]
    },
    modes: () => ({ ...screen.modes, title }),
    above() {
      const { normal } = screen.buffer
      // A marker whose line was erased stands at -1: what is left then came after it.
      const first = Math.max(0, kept?.line ?? 0)
      return Array.from({ length: Math.max(0, normal.baseY - first) }, (_, y) =>
        appearanceOf(normal.getLine(first + y)),
      )
    },
    keep() {
      kept?.dispose()
      kept = screen.registerMarker(0)
    },
    answered: () => answers,
    cursor() {
      const { active } = screen.buffer
      const y = active.baseY + active.cursorY
      return { y, before: active.getLine(y)?.translateToString(false, 0, active.cursorX) ?? '' }
    },
    until(isTrue, limitMs) {
      return new Promise((resolve) => {
        const end = (value: boolean) => {
          clearTimeout(timer)
          waiting.delete(check)
          resolve(value)
        }
        const check = () => isTrue() && end(true)
        const timer = setTimeout(() => end(false), limitMs)
        waiting.add(check)
        check()
      })
    },
    shown: () => plain(raw.slice(from)),
    type: (keys) => program.write(keys),
    resize(newCols, newRows) {
      screen.resize(newCols, newRows)
      program.resize(newCols, newRows)
    },
    mark() {
      from = raw.length
    },
    shows(what, limitMs = LIMIT_MS) {
      const start = from
      const isShown = () => {
        const shown = plain(raw.slice(start))
        return typeof what === 'string' ? shown.includes(what) : what.test(shown)
      }
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(check)
          reject(
            new Error(
              `${String(what)} was not shown within ${limitMs} ms. The screen:\n${text()}\n--- raw since the mark:\n${JSON.stringify(raw.slice(start).slice(-1500))}`,
            ),
          )
        }, limitMs)
        const check = () => {
          if (!isShown()) return
          clearTimeout(timer)
          waiting.delete(check)
          resolve()
        }
        waiting.add(check)
        check()
      })
    },
    exited,
    kill: (signal) => program.kill(signal),
  }
}

type Cell = ReturnType<NonNullable<ReturnType<xterm.Terminal['buffer']['active']['getLine']>>['getCell']>

/** What a cell looks like: its character, and what is not usual about it in braces. */
function appearance(cell: Cell): string {
  if (cell === undefined) return ' '
  const flags = [
    cell.isFgDefault() ? '' : `f${cell.getFgColorMode()}.${cell.getFgColor()}`,
    cell.isBgDefault() ? '' : `b${cell.getBgColorMode()}.${cell.getBgColor()}`,
    cell.isBold() ? 'B' : '',
    cell.isDim() ? 'D' : '',
    cell.isItalic() ? 'I' : '',
    cell.isUnderline() ? 'U' : '',
    cell.isInverse() ? 'R' : '',
    cell.isInvisible() ? 'H' : '',
    cell.isStrikethrough() ? 'S' : '',
  ].join('')
  const text = cell.getWidth() === 0 ? '' : cell.getChars() || ' '
  return flags === '' ? text : `${text}{${flags}}`
}

/** Text without CSI and OSC sequences (ECMA-48 5.4, 5.6), private ones of two characters (keypad modes), and carriage returns. */
function plain(text: string): string {
  return text
    .replace(/\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)/g, '')
    .replace(/\u001b\[[0-?]*[ -/]*[@-~]/g, '')
    .replace(/\u001b[0-?]/g, '')
    .replaceAll('\r', '')
}
