/**
 * Makes every character visible that a terminal would obey or hide, so that text from users can stand in our own
 * messages: nobody's command may paint over the sentence that describes it.
 */

/**
 * C0 and C1 controls and DEL (ECMA-48); bidi controls, zero-width and other characters that are drawn as nothing
 * (Unicode UAX #9, UTS #36, DerivedCoreProperties: Default_Ignorable_Code_Point); blanks that look like a space and do
 * not separate words in a shell; halves of surrogate pairs; the Braille pattern and the object mark without dots.
 */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u{2800}\u{fffc}]|(?! )\p{Zs}/gu

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
  // A character takes at most two code units, so what is cut off here could not be shown anyway.
  const shown = visible(text.length > length * 2 + 2 ? text.slice(0, length * 2 + 2) : text)
  const characters = [...shown]
  return characters.length > length ? `${characters.slice(0, length - 1).join('')}…` : shown
}
