/**
 * Which Enters enter a line, and which only stand in a text that is being pasted: a line editor takes all between
 * ESC [ 200 ~ and ESC [ 201 ~ as text (xterm, "Bracketed Paste Mode"), reports no line for it, and runs none.
 *
 * Being wrong here costs order, not a verdict: what runs is reported by the shell. Still, only plain text counts as a
 * paste, because a Ctrl-C in it would cut a report short.
 */
const START = '\u001b[200~'
const END = '\u001b[201~'
const ESC = 0x1b
const isEnter = (byte: number) => byte === 0x0d || byte === 0x0a
const isPlain = (byte: number) => byte >= 0x20 || byte === 0x09 || isEnter(byte)

export class PasteReader {
  #isInside = false
  /** The part of START or END that the last bytes were, since a sequence may come in pieces. */
  #begun = ''

  /** To be called where no line is being read: whatever begins there is no paste into one. */
  reset(): void {
    this.#isInside = false
    this.#begun = ''
  }

  /**
   * Returns where the first byte is that enters a line; -1 where none does. `bytes` count as read up to there.
   * `isBracketing`: whether the target's program has asked the terminal to mark pastes.
   */
  findEnter(bytes: Uint8Array, isBracketing: boolean): number {
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at]!
      if (this.#isMark(byte, isBracketing)) continue
      if (isEnter(byte) && !this.#isInside) return at
      if (!isPlain(byte)) this.#isInside = false
    }
    return -1
  }

  /** Takes the byte where it is one of a mark's that may count now. */
  #isMark(byte: number, isBracketing: boolean): boolean {
    const mark = this.#isInside ? END : START
    const begun = byte === ESC ? '' : this.#begun
    if (byte !== mark.charCodeAt(begun.length)) {
      // Part of another sequence: not plain text.
      if (begun !== '') this.#isInside = false
      this.#begun = ''
      return false
    }
    // An Escape that breaks a mark off is no plain text either.
    if (this.#begun !== begun) this.#isInside = false
    this.#begun = mark.slice(0, begun.length + 1)
    if (this.#begun === mark) {
      this.#begun = ''
      this.#isInside = mark === START && isBracketing
    }
    return true
  }
}
