/**
 * Text that somebody else wrote, made fit for a message. Nothing in it can move a cursor, reorder what stands beside it
 * (Unicode TR 36, "bidirectional text spoofing") or hide.
 */
const LONGEST = 60

/** C0 but line feed and tab, DEL, C1, and the format characters that reorder or hide. */
const HIDDEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu
const SPACED = /[\n\t]/g

export function quotable(value: string): string {
  const short = value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value
  const spelled = (character: string) => `\\u{${character.codePointAt(0)!.toString(16)}}`
  return short.replace(HIDDEN, spelled).replace(SPACED, spelled)
}

/** Reports whether a text has characters that a reader would not see; line feeds and tabs they would. */
export function hasHidden(value: string): boolean {
  return value.search(HIDDEN) >= 0
}
