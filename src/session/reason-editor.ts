/**
 * A line editor for one line of plain text, byte by byte, so that it does not matter how the bytes were cut. Enter sends,
 * Ctrl-C and Esc leave, Backspace and Ctrl-U take away; sequences of other keys (arrows) are passed over, and in a
 * bracketed paste (xterm) an Enter is a space, so that what is pasted neither sends itself nor goes on to the shell.
 */
import { EXPLANATION_CHARACTERS } from '../core/hold.ts'

export type Edited = 'changed' | 'unchanged' | 'refused' | 'escape' | 'send' | 'leave'

const ESC = 0x1b
const CTRL_C = 0x03
const CTRL_H = 0x08
const CTRL_U = 0x15
const DELETE = 0x7f
const isEnter = (byte: number) => byte === 0x0d || byte === 0x0a

export class ReasonEditor {
  #characters: string[] = []
  #decoder = new TextDecoder('utf-8', { fatal: true })
  /** `escape`: after Esc, whose meaning the next byte tells · `sequence`: inside of CSI or SS3 (ECMA-48 5.4). */
  #state: 'text' | 'escape' | 'sequence' = 'text'
  #parameters = ''
  #isPasting = false

  get text(): string {
    return this.#characters.join('')
  }

  /** `escape`: it may be the Escape key alone; who hears nothing more of it for a moment calls `settle`. */
  next(byte: number): Edited {
    if (this.#state === 'escape') return this.#afterEscape(byte)
    if (this.#state === 'sequence') return this.#inSequence(byte)
    if (byte === ESC) {
      this.#state = 'escape'
      this.#restart()
      return this.#isPasting ? 'unchanged' : 'escape'
    }
    if (this.#isPasting && (isEnter(byte) || byte === 0x09)) return this.#add(' ')
    if (isEnter(byte)) return 'send'
    if (byte === CTRL_C) return 'leave'
    if (byte === CTRL_H || byte === DELETE) return this.#characters.pop() === undefined ? 'refused' : 'changed'
    if (byte === CTRL_U) {
      this.#characters = []
      return 'changed'
    }
    if (byte < 0x20) return 'refused'
    return this.#character(byte)
  }

  /** Reports whether an Escape was a key of its own: nothing followed it. */
  settle(): boolean {
    const isAlone = this.#state === 'escape' && !this.#isPasting
    if (isAlone) this.#state = 'text'
    return isAlone
  }

  #afterEscape(byte: number): Edited {
    this.#parameters = ''
    this.#state = byte === 0x5b || byte === 0x4f ? 'sequence' : 'text'
    return byte === CTRL_C ? 'leave' : 'unchanged'
  }

  #inSequence(byte: number): Edited {
    if (byte < 0x40 || byte > 0x7e) {
      // A control character breaks a sequence off; so does one that is longer than any key's.
      if (byte >= 0x20 && byte < 0x40 && this.#parameters.length < 16) this.#parameters += String.fromCharCode(byte)
      else this.#state = 'text'
      return byte === CTRL_C ? 'leave' : 'unchanged'
    }
    this.#state = 'text'
    if (byte === 0x7e && this.#parameters === '200') this.#isPasting = true
    else if (byte === 0x7e && this.#parameters === '201') this.#isPasting = false
    return 'unchanged'
  }

  #character(byte: number): Edited {
    try {
      const text = this.#decoder.decode(Uint8Array.of(byte), { stream: true })
      if (text === '') return 'unchanged'
      // C1 controls come as two bytes of UTF-8.
      return /\p{Cc}/u.test(text) ? 'refused' : this.#add(text)
    } catch {
      this.#restart()
      return 'refused'
    }
  }

  #add(text: string): Edited {
    if (this.#characters.length >= EXPLANATION_CHARACTERS) return 'refused'
    this.#characters.push(text)
    return 'changed'
  }

  #restart(): void {
    this.#decoder = new TextDecoder('utf-8', { fatal: true })
  }
}
