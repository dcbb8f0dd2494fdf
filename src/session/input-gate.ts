/**
 * The way in: every byte that a person types passes through here. While it is shut (the shell is being put under the
 * gate, or a command waits for its decision) what is typed is kept, up to a bound, and goes on in its turn.
 *
 * INVARIANT: not one byte that arrives while the gate is shut is forwarded before it opens.
 */
export const TYPE_AHEAD_LIMIT_BYTES = 64 * 1024
const CTRL_C = 0x03

export interface InputGateParts {
  /** Sends bytes on; the next call is made when the promise resolves. */
  readonly forward: (bytes: Uint8Array) => Promise<void>
  /** Called where something was dropped because too much is kept already. */
  readonly onFull: () => void
  /**
   * Called for Ctrl-C while the gate is shut; what was typed before it is dropped, as a terminal does (termios ISIG).
   * Returns whether somebody took it; else it goes on in its turn.
   */
  readonly onInterrupt: () => boolean
  /** Keys that are for ourselves: each byte that comes while the gate is shut, or `isTaking`, is offered first. */
  readonly prompt?: { readonly isTaking: boolean; take(byte: number, isFirst: boolean): boolean }
  /** Called with how many bytes are kept, when that changes while the gate is shut. */
  readonly onKept?: (bytes: number) => void
}

export class InputGate {
  readonly #parts: InputGateParts
  #isShut = true
  #isForwarding = false
  #kept: Uint8Array[] = []
  #keptBytes = 0
  #drained = Promise.resolve()

  constructor(parts: InputGateParts) {
    this.#parts = parts
  }

  /** Keeps the bytes and forwards what may go; resolves when nothing of it is left here, or the gate is shut. */
  feed(bytes: Uint8Array): Promise<void> {
    this.#keep(bytes)
    if (!this.#isForwarding) this.#drained = this.#drain()
    return this.#isShut ? Promise.resolve() : this.#drained
  }

  /** Puts bytes that `forward` did not send back to the front, to go first when the gate opens. */
  putBack(bytes: Uint8Array): void {
    if (bytes.length === 0) return
    this.#kept.unshift(bytes)
    this.#keptBytes += bytes.length
  }

  get keptBytes(): number {
    return this.#keptBytes
  }

  shut(): void {
    this.#isShut = true
  }

  open(): void {
    this.#isShut = false
    if (!this.#isForwarding) this.#drained = this.#drain()
    // Whoever feeds next hears of a failure; here nobody waits.
    this.#drained.catch(() => {})
  }

  async #drain(): Promise<void> {
    this.#isForwarding = true
    try {
      while (!this.#isShut && this.#kept.length > 0) {
        const next = this.#kept.shift()!
        this.#keptBytes -= next.length
        await this.#parts.forward(next)
      }
    } finally {
      this.#isForwarding = false
    }
  }

  /** Returns those bytes that the prompt did not take; after Ctrl-C nothing that was typed before it counts. */
  #withoutPrompt(bytes: Uint8Array): Uint8Array {
    const { prompt } = this.#parts
    if (prompt === undefined || (!this.#isShut && !prompt.isTaking)) return bytes
    const rest: number[] = []
    for (const byte of bytes) {
      if (!prompt.take(byte, this.#keptBytes + rest.length === 0)) rest.push(byte)
    }
    return Uint8Array.from(rest)
  }

  #keep(input: Uint8Array): void {
    const bytes = this.#withoutPrompt(input)
    let from = 0
    // One after the other, so that two in one piece mean what two by themselves do.
    for (let at = bytes.indexOf(CTRL_C); this.#isShut && at !== -1; at = bytes.indexOf(CTRL_C, at + 1)) {
      this.#kept = []
      this.#keptBytes = 0
      from = this.#parts.onInterrupt() ? at + 1 : at
    }
    // As much as there is room for, byte by byte: how the bytes were cut on their way must change nothing.
    const room = Math.max(0, TYPE_AHEAD_LIMIT_BYTES - this.#keptBytes)
    const rest = bytes.subarray(from, this.#isShut ? from + room : undefined)
    if (from + rest.length < bytes.length) this.#parts.onFull()
    if (rest.length > 0) this.#kept.push(rest)
    this.#keptBytes += rest.length
    if (this.#isShut) this.#parts.onKept?.(this.#keptBytes)
  }
}
