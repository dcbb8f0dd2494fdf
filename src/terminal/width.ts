/**
 * How many cells a text takes. Terminals do not agree on all characters, so this errs towards more: what is cut by it
 * never reaches beyond the place it was given.
 */

/** East Asian wide and fullwidth characters (UAX #11), and emoji that are drawn as pictures (UTS #51). */
const WIDE =
  /[\u1100-\u115f\u231a\u231b\u2329\u232a\u2e80-\u303e\u3041-\u4dbf\u4e00-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18aff}\u{1b000}-\u{1b2fb}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\p{Extended_Pictographic}/u

export function cellWidth(text: string): number {
  let width = 0
  for (const character of text) width += WIDE.test(character) ? 2 : 1
  return width
}

/** Returns as much of `text` as fits into `width` cells, with an ellipsis where something is missing. */
export function cutToWidth(text: string, width: number): string {
  if (cellWidth(text) <= width) return text
  let cut = ''
  let used = 1
  for (const character of text) {
    used += WIDE.test(character) ? 2 : 1
    if (used > width) break
    cut += character
  }
  return width < 1 ? '' : `${cut}…`
}
