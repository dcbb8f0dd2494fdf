/**
 * What was typed since the prompt, as far as the keys tell it: printable text and backspace. Behind any other key (an arrow,
 * a completion, a search in the history) it is not known until the next line. Good for a guess and for nothing else: which
 * line was entered only its shell can say.
 */
const MOST_BYTES = 1024
const BACKSPACE = [0x08, 0x7f]

export class TypedLine {
  #bytes: number[] = []
  #isKnown = true

  add(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (!this.#isKnown) return
      if (BACKSPACE.includes(byte)) this.#bytes.pop()
      else if (byte < 0x20 || this.#bytes.length >= MOST_BYTES) this.#isKnown = false
      else this.#bytes.push(byte)
    }
  }

  /** Returns the line, undefined where it is not known, and begins the next. */
  take(): string | undefined {
    const line = this.#isKnown ? Buffer.from(this.#bytes).toString() : undefined
    this.reset()
    return line
  }

  reset(): void {
    this.#bytes = []
    this.#isKnown = true
  }
}
