/**
 * Makes every character visible that a terminal would obey or hide, so that text from users can stand in our own
 * messages: nobody's command may paint over the sentence that describes it.
 */

/** C0 and C1 controls and DEL (ECMA-48), bidi controls and zero-width characters (Unicode UAX #9, UTS #36). */
const INVISIBLE =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb]|[\ufe00-\ufe0f]|[\u{e0000}-\u{e0fff}]/gu

const NAMED: Readonly<Record<string, string>> = { '\n': '⏎', '\t': '⇥', '\u001b': '␛' }

/** Returns `text` on one line with each such character replaced by a mark or its code point. */
export function visible(text: string): string {
  return text.replace(
    INVISIBLE,
    (character) => NAMED[character] ?? `⟨${character.codePointAt(0)!.toString(16).padStart(4, '0')}⟩`,
  )
}

/** Returns `visible` text of at most `length` characters, with an ellipsis where something is missing. */
export function visibleStart(text: string, length: number): string {
  const shown = visible(text.length > length * 2 ? text.slice(0, length * 2) : text)
  const characters = [...shown]
  return characters.length > length ? `${characters.slice(0, length - 1).join('')}…` : shown
}
