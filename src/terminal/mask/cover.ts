/**
 * What the matches cover of the output that waits, and what is made of it: each character that is hidden becomes as many
 * MARKs as it takes cells, so the screen's layout stays; line ends, tabs and colours inside a match stay as they are.
 */
import type { Mask } from '../../core/verdict.ts'
import { cells } from './cells.ts'
import { NO_CHARACTER, PART } from './characters.ts'

export const MARK = '•'
const MARK_BYTES = new TextEncoder().encode(MARK)

export class Cover {
  readonly #masks: readonly Mask[]
  /** Bits of the masks that keep nothing. */
  readonly #whole: number
  /** By byte of the output that waits: a bit for each mask that covers it. */
  #bits: Uint32Array | undefined
  /** By mask: the stretch that was covered last. */
  #stretches: { from: number; to: number }[]
  /** The masks that covered the last character which went out. */
  #lastBits = 0
  readonly #counts: number[]

  constructor(masks: readonly Mask[]) {
    this.#masks = masks
    this.#whole = masks.reduce((bits, { keep }, index) => (keep === 0 ? bits | (1 << index) : bits), 0)
    this.#stretches = masks.map(() => ({ from: 0, to: 0 }))
    this.#counts = masks.map(() => 0)
  }

  /** How often each mask has hidden something since the last time. */
  takeCounts(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>()
    for (const [index, { name }] of this.#masks.entries()) {
      if (this.#counts[index]! > 0) counts.set(name, this.#counts[index]!)
      this.#counts[index] = 0
    }
    return counts
  }

  /** The mask matched from `from` up to `to`. `length` is that of all that waits. */
  add(mask: number, from: number, to: number, length: number): void {
    const bits = this.#roomFor(length)
    const bit = 1 << mask
    const last = this.#stretches[mask]!
    const paint = (start: number, end: number) => {
      for (let at = start; at < end; at++) bits[at] = bits[at]! | bit
    }
    // Matches come by their ends, so what is painted already is left alone: each byte is painted about once.
    if (from > last.to) {
      paint(from, to)
      last.from = from
    } else {
      paint(last.to, to)
      if (from < last.from) paint(from, last.from)
      last.from = Math.min(from, last.from)
    }
    last.to = to
  }

  /** Returns how far what waits is hidden anyway, from `from` on, whatever may still match. */
  wholeUntil(from: number, length: number): number {
    let at = from
    if (this.#bits !== undefined) while (at < length && (this.#bits[at]! & this.#whole) !== 0) at++
    return at
  }

  /** Returns the place before `end` from which on characters may yet have to stay readable. */
  undecidedBefore(end: number, kinds: Uint16Array): number {
    const bits = this.#bits === undefined || end === 0 ? 0 : this.#bits[end - 1]! & ~this.#whole
    let from = end
    for (const [index, { keep }] of this.#masks.entries()) {
      if ((bits & (1 << index)) !== 0) from = Math.min(from, startOfLast(keep, end, kinds))
    }
    return from
  }

  /** Takes the first `end` bytes out, with what is hidden replaced. */
  take(bytes: Uint8Array, kinds: Uint16Array, end: number, length: number): Uint8Array {
    if (this.#bits === undefined) {
      if (end > 0) this.#lastBits = 0
      return bytes.subarray(0, end)
    }
    const bits = this.#roomFor(length)
    this.#count(bits, kinds, end)
    this.#keep(bits, kinds, end, length)
    const shown = replaced(bytes, kinds, bits, end)
    this.#shift(bits, end, length)
    return shown
  }

  #count(bits: Uint32Array, kinds: Uint16Array, end: number): void {
    for (let at = 0; at < end; at++) {
      if (kinds[at]! >= NO_CHARACTER) continue
      const began = bits[at]! & ~this.#lastBits
      for (let index = 0; began >> index !== 0; index++) if ((began >> index) & 1) this.#counts[index]!++
      this.#lastBits = bits[at]!
    }
  }

  /** Uncovers what stays readable at the end of each stretch. */
  #keep(bits: Uint32Array, kinds: Uint16Array, end: number, length: number): void {
    for (const [index, { keep }] of this.#masks.entries()) {
      if (keep === 0) continue
      const bit = 1 << index
      let after = 0
      let isKept = false
      for (let at = length - 1; at >= 0; at--) {
        const kind = kinds[at]!
        if (kind < NO_CHARACTER) {
          const isCovered = (bits[at]! & bit) !== 0
          isKept = isCovered && after < keep
          after = isCovered ? after + 1 : 0
        } else if (kind !== PART) continue
        if (isKept && at < end) bits[at] = bits[at]! & ~bit
      }
    }
  }

  #roomFor(length: number): Uint32Array {
    if (this.#bits !== undefined && this.#bits.length >= length) return this.#bits
    const bits = new Uint32Array(length)
    if (this.#bits !== undefined) bits.set(this.#bits)
    this.#bits = bits
    return bits
  }

  #shift(bits: Uint32Array, by: number, length: number): void {
    const rest = bits.subarray(by, length)
    this.#bits = rest.some((bit) => bit !== 0) ? rest.slice() : undefined
    this.#stretches = this.#stretches.map(({ from, to }) => ({
      from: Math.max(0, from - by),
      to: Math.max(0, to - by),
    }))
  }
}

/** Returns the first `end` bytes with every character that has a bit replaced. */
function replaced(bytes: Uint8Array, kinds: Uint16Array, bits: Uint32Array, end: number): Uint8Array {
  // A character of one byte becomes one mark of three; longer ones grow less.
  const room = new Uint8Array(end * MARK_BYTES.length)
  let length = 0
  for (let at = 0; at < end; at++) {
    const byte = bytes[at]!
    const kind = kinds[at]!
    if (bits[at] === 0 || (kind >= NO_CHARACTER && kind !== PART) || byte < 0x20) room[length++] = byte
    else if (kind !== PART) {
      for (let cell = cells(codeAt(bytes, at)); cell > 0; cell--) {
        room.set(MARK_BYTES, length)
        length += MARK_BYTES.length
      }
    }
  }
  return room.subarray(0, length)
}

/** Returns where the last `count` characters before `end` begin. */
function startOfLast(count: number, end: number, kinds: Uint16Array): number {
  let at = end
  for (let left = count; at > 0 && left > 0; ) {
    at--
    if (kinds[at]! < NO_CHARACTER) left--
  }
  while (at > 0 && kinds[at - 1] === PART) at--
  return at
}

/** Decodes the character whose last byte stands at `at`. Nothing else is covered, so the bytes are good UTF-8. */
function codeAt(bytes: Uint8Array, at: number): number {
  const last = bytes[at]!
  if (last < 0x80) return last
  let from = at
  while (from > 0 && (bytes[from]! & 0xc0) === 0x80) from--
  return new TextDecoder().decode(bytes.subarray(from, at + 1)).codePointAt(0) ?? 0xfffd
}
