/**
 * Which keys can make a shell run what was typed, byte by byte, so that it does not matter how they were cut: CR and LF,
 * Ctrl-O (readline's operate-and-get-next), Ctrl-D (in a line that is not empty it hands over what is there, and a second
 * one ends the input, termios VEOF), ESC a and ESC A (zsh's accept-and-hold); and those that open the line in an editor
 * and run what that leaves: Ctrl-X Ctrl-E, ESC v.
 */
const ACCEPTS = new Set([0x04, 0x0a, 0x0d, 0x0f])
const ESC = 0x1b
const CTRL_X = 0x18

export class AcceptingKeys {
  #last = 0

  next(byte: number): 'no' | 'accepts' | 'edits' {
    const last = this.#last
    this.#last = byte
    if (ACCEPTS.has(byte)) return 'accepts'
    if (last === ESC && (byte === 0x61 || byte === 0x41)) return 'accepts'
    if ((last === CTRL_X && byte === 0x05) || (last === ESC && byte === 0x76)) return 'edits'
    return 'no'
  }
}
