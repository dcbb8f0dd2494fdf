/**
 * What stands on a session's screen, by a real terminal emulator without a display (xterm.js, headless). It is fed what
 * the person's own terminal is fed, so a reviewer sees the same lines. Reading it is always an inference: programs can
 * paint anything.
 */
import xterm from '@xterm/headless'
import { keyframeText } from './keyframe.ts'
import { drawn, erased, type Place, placeFor } from './overlay.ts'
import { surviveFaults } from './xterm-internals.ts'

/** Enough to see what led to a command; the recording has the rest. */
const SCROLLBACK_LINES = 100
/** xterm.js throws data away, with an error, when 50 MB of it wait to be drawn; whoever feeds waits long before that. */
const UNDRAWN_BYTES = 1024 * 1024

/** A place on the screen that moves with its row. */
export interface Mark {
  readonly x: number
  /** Counted from the top of the scrollback; -1 once the row is gone. */
  readonly y: number
  /** What stood left of it. */
  readonly prompt: string
  release(): void
}

export class Screen {
  readonly #terminal: InstanceType<typeof xterm.Terminal>
  readonly #disposed = Promise.withResolvers<void>()
  #undrawnBytes = 0
  #isDisposed = false

  constructor(size: { readonly cols: number; readonly rows: number }) {
    this.#terminal = new xterm.Terminal({
      ...bounded(size),
      scrollback: SCROLLBACK_LINES,
      allowProposedApi: true,
      logLevel: 'off',
    })
    surviveFaults(this.#terminal)
  }

  /** Resolves at once while little waits to be drawn, else when it has been drawn. The bytes must not be changed before. */
  async feed(bytes: Uint8Array): Promise<void> {
    if (this.#isDisposed) return
    this.#undrawnBytes += bytes.length
    const drawn = new Promise<void>((resolve) =>
      this.#terminal.write(bytes, () => {
        this.#undrawnBytes -= bytes.length
        resolve()
      }),
    )
    if (this.#undrawnBytes > UNDRAWN_BYTES) await Promise.race([drawn, this.#disposed.promise])
  }

  resize(size: { readonly cols: number; readonly rows: number }): void {
    const { cols, rows } = bounded(size)
    this.#terminal.resize(cols, rows)
  }

  /** Resolves when all that was fed has been drawn. */
  async settled(): Promise<void> {
    if (this.#isDisposed) return
    const drawn = new Promise<void>((resolve) => this.#terminal.write('', resolve))
    await Promise.race([drawn, this.#disposed.promise])
  }

  /**
   * The screen as all that was fed until now makes it, as a text that makes it anew; where none leads there, the lines in
   * view. What is fed later is not in it.
   */
  async keyframe(): Promise<{ readonly cols: number; readonly rows: number; readonly text: string }> {
    const { promise, resolve } = Promise.withResolvers<string>()
    const read = () => resolve(keyframeText(this.#terminal) ?? this.lastLines(this.#terminal.rows).join('\r\n'))
    // Called between what was fed before and what comes behind it.
    if (this.#isDisposed) read()
    else this.#terminal.write('', read)
    void this.#disposed.promise.then(() => resolve(''))
    const text = await promise
    return { cols: this.#terminal.cols, rows: this.#terminal.rows, text }
  }

  /** Reports whether a full-screen program has the alternate screen (xterm's mode 1049). */
  get isAlternate(): boolean {
    return this.#terminal.buffer.active.type === 'alternate'
  }

  /** Reports whether the program has asked for marks around what is pasted (xterm's mode 2004). */
  get isBracketingPaste(): boolean {
    return this.#terminal.modes.bracketedPasteMode
  }

  get cursor(): { readonly x: number; readonly y: number } {
    const buffer = this.#terminal.buffer.active
    return { x: buffer.cursorX, y: buffer.baseY + buffer.cursorY }
  }

  /** Notes where the cursor stands, wherever that row is moved to by scrolling. Call `settled` before. */
  mark(): Mark {
    const marker = this.#terminal.registerMarker(0)
    const { x } = this.cursor
    const row = this.#terminal.buffer.active.getLine(this.cursor.y)
    return {
      x,
      prompt: row?.translateToString(false, 0, x) ?? '',
      get y() {
        return marker?.line ?? -1
      },
      release: () => marker?.dispose(),
    }
  }

  /** Returns the line that the cursor stands in, wrapped rows joined, and the rows that it takes. */
  cursorLine(): { readonly text: string; readonly firstY: number; readonly lastY: number } {
    const buffer = this.#terminal.buffer.active
    let firstY = this.cursor.y
    while (firstY > 0 && buffer.getLine(firstY)?.isWrapped) firstY--
    let lastY = firstY
    while (buffer.getLine(lastY + 1)?.isWrapped) lastY++
    return { text: this.lineFrom({ x: 0, y: firstY }), firstY, lastY }
  }

  /** Returns the text from `start` to the end of its line, wrapped rows joined. Call `settled` before. */
  lineFrom(start: { readonly x: number; readonly y: number }): string {
    const buffer = this.#terminal.buffer.active
    let text = buffer.getLine(start.y)?.translateToString(false, start.x) ?? ''
    for (let y = start.y + 1; buffer.getLine(y)?.isWrapped; y++)
      text += buffer.getLine(y)?.translateToString(false) ?? ''
    return text.trimEnd()
  }

  /** Returns at most `count` lines of what is in view, oldest first, without styling and without the empty rest. */
  lastLines(count: number): readonly string[] {
    const buffer = this.#terminal.buffer.active
    const lines: string[] = []
    for (let y = buffer.baseY; y < buffer.length; y++) lines.push(buffer.getLine(y)?.translateToString(true) ?? '')
    while (lines.length > 0 && lines.at(-1) === '') lines.pop()
    return lines.slice(-count)
  }

  /** Where a line of ours may stand for a while. Call `settled` before this and the two that follow. */
  placeForOverlay(): Place | undefined {
    return placeFor(this.#terminal)
  }

  /** The bytes that show `text` there; the model does not hear of it. */
  overlay(place: Place, text: string): Uint8Array {
    return Buffer.from(drawn(this.#terminal, place, text))
  }

  /** The bytes that make the person's terminal again what the model is, where an overlay stood from column `start` on. */
  withoutOverlay(start: number): Uint8Array {
    return Buffer.from(erased(this.#terminal, start))
  }

  dispose(): void {
    this.#isDisposed = true
    this.#disposed.resolve()
    this.#terminal.dispose()
  }
}

/** A client may ask for any size; one that a terminal could have is used. */
function bounded(size: { readonly cols: number; readonly rows: number }): { cols: number; rows: number } {
  const clamp = (value: number, fallback: number) => (value >= 1 ? Math.min(Math.trunc(value), 1000) : fallback)
  return { cols: clamp(size.cols, 80), rows: clamp(size.rows, 24) }
}
