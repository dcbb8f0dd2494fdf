/**
 * What a terminal's state consists of beside its cells: the pen, the character sets, where its parser stands. xterm.js
 * keeps them to itself; this is the one place that looks, and a test breaks when a new version keeps them elsewhere.
 */
import type xterm from '@xterm/headless'

/** A cell's or the pen's looks. `fg` and `bg` pack colours and flags; equal numbers mean equal looks. */
export interface Looks {
  readonly fg: number
  readonly bg: number
  readonly extended: { readonly underlineStyle: number; readonly underlineColor: number; readonly urlId: number }
  isBold(): number
  isDim(): number
  isItalic(): number
  isUnderline(): number
  isBlink(): number
  isInverse(): number
  isInvisible(): number
  isStrikethrough(): number
  isOverline(): number
  isProtected(): number
}

export interface Cell extends Looks {
  /** Empty where nothing was ever written, or it was erased. */
  getChars(): string
  /** 2 for a wide character, 0 for the cell behind it. */
  getWidth(): number
}

interface InnerBuffer {
  readonly x: number
  readonly y: number
  readonly ybase: number
  readonly scrollTop: number
  readonly scrollBottom: number
  readonly savedX: number
  readonly savedY: number
  readonly savedCurAttrData: Looks
  readonly savedCharset: object | undefined
  readonly tabs: Readonly<Record<string, boolean>>
}

interface Internals {
  readonly _core: {
    writeSync(data: string): void
    readonly coreService: { readonly isCursorHidden: boolean }
    readonly buffers: { readonly normal: InnerBuffer; readonly alt: InnerBuffer }
    readonly _inputHandler: {
      eraseInDisplay(params: { readonly params: readonly number[] }): void
      parse(data: string | Uint8Array, promiseResult?: boolean): unknown
      readonly _curAttrData: Looks
      readonly _parser: { readonly currentState: number; readonly precedingJoinState: number; reset(): void }
      readonly _utf8Decoder: { readonly interim: Uint8Array }
    }
    readonly _charsetService: {
      readonly glevel: number
      readonly charset: object | undefined
      readonly _charsets: readonly (object | undefined)[]
    }
    readonly _bufferService: { readonly buffer: InnerBuffer }
  }
}

export interface TerminalState {
  /** `cols` where the last column was written and the next character wraps. */
  readonly x: number
  readonly pen: Looks
  /** Reports whether the parser is between two sequences. */
  readonly isAtGround: boolean
  /** The bytes of a character that has only begun. */
  readonly partialCharacter: Uint8Array
  /** Reports whether a character was written last, so that a combining one would join it. */
  readonly isJoinable: boolean
  /** Which of G0…G3 is in use, and which of them are not ASCII (ISO 2022). */
  readonly charsetLevel: number
  readonly foreignCharsets: readonly boolean[]
  /** Reports whether characters are drawn by another set than that; so after DECRC, which brings back the set alone. */
  readonly isCharsetAstray: boolean
  readonly scrollRegion: readonly [number, number]
}

export function stateOf(terminal: InstanceType<typeof xterm.Terminal>): TerminalState {
  const { _inputHandler, _charsetService, _bufferService } = (terminal as unknown as Internals)._core
  const { _parser, _utf8Decoder } = _inputHandler
  const { x, scrollTop, scrollBottom } = _bufferService.buffer
  return {
    x,
    pen: _inputHandler._curAttrData,
    isAtGround: _parser.currentState === 0,
    partialCharacter: _utf8Decoder.interim.filter((byte) => byte !== 0),
    isJoinable: _parser.precedingJoinState !== 0,
    charsetLevel: _charsetService.glevel,
    foreignCharsets: [0, 1, 2, 3].map((level) => _charsetService._charsets[level] !== undefined),
    isCharsetAstray: _charsetService.charset !== _charsetService._charsets[_charsetService.glevel],
    scrollRegion: [scrollTop, scrollBottom],
  }
}

/** What a buffer has beside its cells. */
export interface BufferState {
  readonly x: number
  readonly y: number
  readonly scrollRegion: readonly [number, number]
  /** Where DECRC would go, and with what. */
  readonly saved: { readonly x: number; readonly y: number; readonly pen: Looks; readonly isDrawing: boolean }
  readonly tabs: readonly number[]
}

export function bufferState(terminal: InstanceType<typeof xterm.Terminal>, name: 'normal' | 'alternate'): BufferState {
  const { buffers } = (terminal as unknown as Internals)._core
  const { x, y, ybase, scrollTop, scrollBottom, savedX, savedY, savedCurAttrData, savedCharset, tabs } =
    name === 'normal' ? buffers.normal : buffers.alt
  return {
    x,
    y,
    scrollRegion: [scrollTop, scrollBottom],
    saved: {
      x: savedX,
      y: Math.min(Math.max(savedY - ybase, 0), terminal.rows - 1),
      pen: savedCurAttrData,
      isDrawing: savedCharset !== undefined,
    },
    tabs: Object.keys(tabs ?? {}).map(Number),
  }
}

export function isCursorHidden(terminal: InstanceType<typeof xterm.Terminal>): boolean {
  return (terminal as unknown as Internals)._core.coreService.isCursorHidden
}

/** Draws at once: for a thread of its own, where nobody else waits. */
export function drawNow(terminal: InstanceType<typeof xterm.Terminal>, text: string): void {
  ;(terminal as unknown as Internals)._core.writeSync(text)
}

/** What `CSI 3 J` does, also in the middle of another sequence. */
export function dropScrollback(terminal: InstanceType<typeof xterm.Terminal>): void {
  ;(terminal as unknown as Internals)._core._inputHandler.eraseInDisplay({ params: [3] })
}

/** Returns the cells of a row of the active buffer, counted from the top of its scrollback. */
export function cellsOf(
  terminal: InstanceType<typeof xterm.Terminal>,
  y: number,
  buffer = terminal.buffer.active,
): readonly Cell[] {
  const line = buffer.getLine(y)
  const cells: Cell[] = []
  for (let x = 0; x < terminal.cols; x++) {
    const cell = line?.getCell(x)
    if (cell !== undefined) cells.push(cell as unknown as Cell)
  }
  return cells
}

/**
 * xterm.js draws in a timer of its own, where what it throws ends the process: `ESC[1J` in the last column of the last row
 * does (InputHandler.eraseInDisplay, 6.0.0). Output that it cannot draw leaves an empty screen instead.
 */
export function surviveFaults(terminal: InstanceType<typeof xterm.Terminal>): void {
  const { _inputHandler } = (terminal as unknown as Internals)._core
  const parse = _inputHandler.parse.bind(_inputHandler)
  _inputHandler.parse = (data, promiseResult) => {
    try {
      return parse(data, promiseResult)
    } catch {
      terminal.reset()
      _inputHandler._parser.reset()
      return undefined
    }
  }
}
