/**
 * Makes text from users harmless in a label: a control character is shown as its picture (U+2400 block), and whatever
 * else would act unseen (C1, bidirectional overrides, zero-width and line separators, lone surrogates) as its number.
 */
const ACTS_UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu

/** Returns the text so made, `limitBytes` of UTF-8 at most; “…” says that something was cut off. */
export function visible(text: string, limitBytes: number): string {
  // No character becomes shorter in UTF-8, so what lies beyond the limit need not be looked at.
  const shown = text.slice(0, limitBytes + 1).replace(ACTS_UNSEEN, picture)
  const encoder = new TextEncoder()
  if (encoder.encode(shown).length <= limitBytes) return shown
  const room = new Uint8Array(limitBytes - 3)
  const { read } = encoder.encodeInto(shown, room)
  return `${shown.slice(0, read)}…`
}

function picture(character: string): string {
  const code = character.codePointAt(0) ?? 0
  if (code < 0x20) return String.fromCodePoint(0x2400 + code)
  if (code === 0x7f) return '\u2421'
  return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`
}
