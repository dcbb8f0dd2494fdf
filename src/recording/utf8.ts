/**
 * Decodes UTF-8 that comes in pieces cut anywhere. A character that is not complete at the end of a piece is held and
 * joined to the next; what can never become a character is U+FFFD, one for each maximal subpart, as the WHATWG Encoding
 * Standard has it. However the bytes are cut, the text is the same.
 */
export class Utf8Decoder {
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  #held: Uint8Array = new Uint8Array()

  /** The bytes of a character that is not complete yet: three at most. */
  get held(): Uint8Array {
    return this.#held
  }

  write(bytes: Uint8Array): string {
    const joined = this.#held.length === 0 ? bytes : concat([this.#held, bytes])
    const end = joined.length - incompleteTail(joined)
    // Copied: the caller's buffer may be used again.
    this.#held = joined.slice(end)
    return this.#decoder.decode(joined.subarray(0, end))
  }

  /** Returns what is held as U+FFFD: nothing more will come to complete it. */
  end(): string {
    const text = this.#decoder.decode(this.#held)
    this.#held = new Uint8Array()
    return text
  }
}

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** How many bytes at the end begin a character without completing it. */
function incompleteTail(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const lead = bytes.at(-back) ?? 0
    if (isContinuation(lead)) continue
    if (lengthOf(lead) <= back) return 0
    const second = back === 1 ? undefined : bytes.at(1 - back)
    return second === undefined || maySecond(lead, second) ? back : 0
  }
  return 0
}

function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80
}

/** RFC 3629 §4: C0, C1 and F5 to FF begin nothing. */
function lengthOf(lead: number): number {
  if (lead >= 0xc2 && lead <= 0xdf) return 2
  if (lead >= 0xe0 && lead <= 0xef) return 3
  if (lead >= 0xf0 && lead <= 0xf4) return 4
  return 1
}

/** RFC 3629 §4: four leads narrow the byte after them: no overlong forms, no surrogates, nothing past U+10FFFF. */
function maySecond(lead: number, second: number): boolean {
  switch (lead) {
    case 0xe0:
      return second >= 0xa0
    case 0xed:
      return second <= 0x9f
    case 0xf0:
      return second >= 0x90
    case 0xf4:
      return second <= 0x8f
    default:
      return true
  }
}
