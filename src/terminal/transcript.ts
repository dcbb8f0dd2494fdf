/**
 * What a session showed, as plain lines in the order in which they went up the screen, by the same terminal model that
 * reviewers are shown. What a program paints over before it leaves the screen is not in here; the recording has it.
 */
import xterm from '@xterm/headless'
import type { CastEvent } from '../core/cast.ts'
import { visible } from './visible.ts'
import { surviveFaults } from './xterm-internals.ts'

/** Characters that are drawn at once: each makes one line at most, so none is lost behind the scrollback. */
const PIECE = 2_000
const SCROLLBACK = 4_000
const TALLEST = 1_000

export interface TranscriptSize {
  readonly cols: number
  readonly rows: number
  /** Without a terminal of its own, a program ends its lines with a line feed alone. */
  readonly hasTerminal: boolean
}

/** Yields the text piece by piece. Markers stand between the lines, each with its time. */
export async function* transcriptOf(events: AsyncIterable<CastEvent>, size: TranscriptSize): AsyncGenerator<string> {
  const lines = new Lines(size)
  try {
    for await (const event of events) {
      switch (event.kind) {
        case 'output':
          for (let at = 0; at < event.text.length; at += PIECE) {
            const text = await lines.feed(event.text.slice(at, at + PIECE))
            if (text !== '') yield text
          }
          break
        case 'resize':
          lines.resize(event)
          break
        case 'marker':
          yield `${await lines.above()}--- ${clockTime(event.seconds)} ${visible(event.label)}\n`
          break
        case 'exit':
          yield `${await lines.rest()}--- ${clockTime(event.seconds)} exit status ${event.status}\n`
          break
        case 'input':
          break
      }
    }
    yield await lines.rest()
  } finally {
    lines.dispose()
  }
}

class Lines {
  readonly #terminal: InstanceType<typeof xterm.Terminal>
  /** The first row that was not told yet; undefined: the first there is. */
  #next: { readonly line: number; dispose(): void } | undefined
  #left = ''

  constructor({ cols, rows, hasTerminal }: TranscriptSize) {
    this.#terminal = new xterm.Terminal({
      cols: clamp(cols),
      rows: clamp(rows),
      scrollback: SCROLLBACK,
      allowProposedApi: true,
      convertEol: !hasTerminal,
      // `clear` must not take away what was shown before.
      scrollOnEraseInDisplay: true,
      logLevel: 'off',
    })
    surviveFaults(this.#terminal)
    // `CSI 3 J` takes the scrollback away.
    this.#terminal.parser.registerCsiHandler({ final: 'J' }, ([what]) => what === 3)
    // A full reset does, too, and with it the screen.
    this.#terminal.parser.registerEscHandler({ final: 'c' }, () => {
      this.#left = this.#take(this.#end)
      this.#next?.dispose()
      this.#next = undefined
      return false
    })
    this.#terminal.buffer.onBufferChange((buffer) => {
      if (buffer.type === 'alternate') this.#left += '--- a full-screen program has the screen; see the recording\n'
    })
  }

  /** Returns the lines that have left the screen. */
  async feed(text: string): Promise<string> {
    await this.#draw(text)
    return this.#take(this.#terminal.buffer.normal.baseY)
  }

  resize({ cols, rows }: { readonly cols: number; readonly rows: number }): void {
    this.#terminal.resize(clamp(cols), clamp(rows))
  }

  /** Returns the lines above the cursor's own. */
  async above(): Promise<string> {
    await this.#draw('')
    const { normal, active } = this.#terminal.buffer
    return active.type === 'alternate' ? this.#takeLeft() : this.#take(normal.baseY + normal.cursorY)
  }

  async rest(): Promise<string> {
    await this.#draw('')
    return this.#take(this.#end)
  }

  dispose(): void {
    this.#terminal.dispose()
  }

  /** The first row of those at the bottom that nothing was written into. */
  get #end(): number {
    const { normal } = this.#terminal.buffer
    let end = normal.length
    while (end > 0 && normal.getLine(end - 1)?.translateToString(true) === '') end--
    return end
  }

  #draw(text: string): Promise<void> {
    return new Promise((resolve) => this.#terminal.write(text, resolve))
  }

  #take(end: number): string {
    const { normal } = this.#terminal.buffer
    const start = this.#next === undefined ? 0 : Math.max(0, this.#next.line)
    let text = ''
    for (let y = start; y < end; y++) {
      const goesOn = normal.getLine(y + 1)?.isWrapped === true
      const row = visible(normal.getLine(y)?.translateToString(false) ?? '')
      text += goesOn ? row : `${row.trimEnd()}\n`
    }
    if (end > start) this.#noteNext(end)
    return text + this.#takeLeft()
  }

  #takeLeft(): string {
    const left = this.#left
    this.#left = ''
    return left
  }

  /** A mark moves with its row when the scrollback is cut. On the alternate screen none can be set, and nothing scrolls. */
  #noteNext(line: number): void {
    const { normal, active } = this.#terminal.buffer
    if (active.type === 'alternate') return
    this.#next?.dispose()
    this.#next = this.#terminal.registerMarker(line - (normal.baseY + normal.cursorY))
  }
}

function clamp(value: number): number {
  return Math.min(Math.max(1, Math.trunc(value)), TALLEST)
}

function clockTime(seconds: number): string {
  const two = (value: number) => String(Math.trunc(value)).padStart(2, '0')
  return `${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`
}
