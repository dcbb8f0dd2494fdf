/**
 * What each byte of an output is to somebody who looks for text in it: a character, part of one, nothing (colours and
 * other sequences that leave the cursor where it is), or a break. Written after ECMA-48 and xterm's control sequences.
 *
 * A sequence that moves the cursor is a break: what follows stands elsewhere on the screen. The content of strings
 * (OSC, DCS; a window's title is one) is text like any other, so that an unfinished one cannot hide what comes after it.
 */
import { BREAK, type MaskProgram } from './program.ts'

/** Kinds from here on are no character's class. */
export const NO_CHARACTER = 0xfff0
/** A byte before the last one of a character, which has the class. */
export const PART = 0xfff0
/** A byte that puts nothing on the screen and does not move the cursor. */
export const SKIP = 0xfff1
/** The bytes of the last PART make no character, which ended before this byte; ask again for the byte itself. */
export const BROKEN = 0xfff2

type Mode = 'plain' | 'character' | 'escape' | 'escape-more' | 'control'

/** Longer ones are not taken for control sequences. */
const LONGEST_SEQUENCE = 128
const ESC = 0x1b
/** CSI finals: SGR, erase in line, modes, cursor style, reports, tab stops, erase characters. */
const STAYS = new Set(Array.from('mKhlqcngX', (letter) => letter.charCodeAt(0)))
/** ESC finals that move the cursor: DECRC, IND, NEL, RI, RIS, DECALN; and those that begin a string. */
const MOVES = new Set(Array.from('8DEMc]PX^_', (letter) => letter.charCodeAt(0)))
/** C0 that move the cursor or the page: BS, VT, FF. */
const C0_MOVES = new Set([0x08, 0x0b, 0x0c])
const C0_TEXT = new Set([0x09, 0x0a, 0x0d])

export class Characters {
  readonly #classOf: MaskProgram['classOf']
  /** For bytes of plain text: the class, or a kind that `read` must be asked for. */
  readonly plainKinds: Uint16Array
  #mode: Mode = 'plain'
  #sequenceBytes = 0
  #code = 0
  #missing = 0
  #least = 0

  constructor({ ascii, classOf }: MaskProgram) {
    this.#classOf = classOf
    this.plainKinds = Uint16Array.from({ length: 256 }, (_, byte) =>
      byte < 0x7f && (byte >= 0x20 || C0_TEXT.has(byte)) ? ascii[byte]! : NO_CHARACTER,
    )
  }

  /** True: the next byte's kind is in `plainKinds` if that is a class. */
  get isPlain(): boolean {
    return this.#mode === 'plain'
  }

  read(byte: number): number {
    switch (this.#mode) {
      case 'plain':
        return this.#plain(byte)
      case 'character':
        return this.#character(byte)
      case 'escape':
      case 'escape-more':
        return this.#escape(byte)
      case 'control':
        return this.#control(byte)
    }
  }

  #plain(byte: number): number {
    const known = this.plainKinds[byte]!
    if (known < NO_CHARACTER) return known
    if (byte === ESC) return this.#begin('escape')
    if (byte < 0x80) return C0_MOVES.has(byte) ? BREAK : SKIP
    // RFC 3629 §3 and §4; the bounds of second bytes are checked by the least code and the surrogates.
    if (byte >= 0xc2 && byte <= 0xdf) return this.#lead(byte & 0x1f, 1, 0x80)
    if (byte >= 0xe0 && byte <= 0xef) return this.#lead(byte & 0x0f, 2, 0x800)
    if (byte >= 0xf0 && byte <= 0xf4) return this.#lead(byte & 0x07, 3, 0x10000)
    return BREAK
  }

  #lead(code: number, missing: number, least: number): number {
    this.#code = code
    this.#missing = missing
    this.#least = least
    this.#mode = 'character'
    return PART
  }

  #character(byte: number): number {
    if ((byte & 0xc0) !== 0x80) {
      this.#mode = 'plain'
      return BROKEN
    }
    this.#code = (this.#code << 6) | (byte & 0x3f)
    if (--this.#missing > 0) return PART
    this.#mode = 'plain'
    const code = this.#code
    if (code < this.#least || (code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff) return BREAK
    // C1 in UTF-8: a terminal obeys them. 9B is CSI.
    if (code === 0x9b) {
      this.#begin('control')
      return BREAK
    }
    return code <= 0x9f ? BREAK : this.#classOf(code)
  }

  #begin(mode: Mode): number {
    this.#mode = mode
    this.#sequenceBytes = 0
    return SKIP
  }

  #escape(byte: number): number {
    if (byte === ESC) return this.#begin('escape')
    if (byte >= 0x20 && byte <= 0x2f && ++this.#sequenceBytes < LONGEST_SEQUENCE) {
      this.#mode = 'escape-more'
      return SKIP
    }
    if (byte < 0x20) return this.#inside(byte)
    if (byte === 0x5b && this.#mode === 'escape') return this.#begin('control')
    const moves = byte > 0x7e || (this.#mode === 'escape' ? MOVES.has(byte) : this.#sequenceBytes >= LONGEST_SEQUENCE)
    this.#mode = 'plain'
    return moves ? BREAK : SKIP
  }

  #control(byte: number): number {
    if (byte === ESC) return this.#begin('escape')
    if (byte < 0x20) return this.#inside(byte)
    if (byte <= 0x3f && ++this.#sequenceBytes < LONGEST_SEQUENCE) return SKIP
    this.#mode = 'plain'
    return STAYS.has(byte) ? SKIP : BREAK
  }

  /** C0 inside a sequence is obeyed at once; CAN and SUB end the sequence. */
  #inside(byte: number): number {
    if (byte === 0x18 || byte === 0x1a) this.#mode = 'plain'
    return C0_MOVES.has(byte) || C0_TEXT.has(byte) ? BREAK : SKIP
  }
}
