/**
 * Makes every character of a text visible that a screen would hide, obey or draw as another one, so that a reviewer
 * decides about what is there and not about what it looks like (Unicode UAX #9, UTS #36 and #39; ECMA-48).
 *
 * A pure function: text in, segments out. Joined, the segments' `source` is the text again; nothing is left out.
 */
export type Segment =
  | { readonly kind: 'plain'; readonly source: string }
  /** Drawn as it is, but not what a keyboard in English types: it may look like another character. */
  | { readonly kind: 'foreign'; readonly source: string; readonly name: string }
  /** Drawn as `mark`, because it has no shape of its own or changes that of others. */
  | {
      readonly kind: 'hidden'
      readonly source: string
      readonly mark: string
      readonly name: string
      readonly endsLine: boolean
    }

/** Controls, format characters, separators but the space, marks that attach to others, and what has no meaning. */
const HIDDEN =
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Zs}\p{M}\p{Co}\p{Cn}\p{Cs}\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufffc]/u

const NAMES: Readonly<Record<number, string>> = {
  0: 'null',
  7: 'bell',
  8: 'backspace',
  9: 'tab',
  10: 'line feed',
  13: 'carriage return',
  27: 'escape',
  127: 'delete',
  133: 'next line',
  155: 'control sequence introducer',
  157: 'operating system command',
  160: 'no-break space',
  173: 'soft hyphen',
  1564: 'Arabic letter mark',
  8203: 'zero-width space',
  8204: 'zero-width non-joiner',
  8205: 'zero-width joiner',
  8206: 'left-to-right mark',
  8207: 'right-to-left mark',
  8232: 'line separator',
  8233: 'paragraph separator',
  8234: 'left-to-right embedding',
  8235: 'right-to-left embedding',
  8236: 'end of directional formatting',
  8237: 'left-to-right override',
  8238: 'right-to-left override',
  8239: 'narrow no-break space',
  8288: 'word joiner',
  8294: 'left-to-right isolate',
  8295: 'right-to-left isolate',
  8296: 'first strong isolate',
  8297: 'end of isolate',
  12288: 'ideographic space',
  65279: 'byte order mark',
}

export function visibleText(text: string): readonly Segment[] {
  const segments: Segment[] = []
  let plain = ''
  const flush = () => {
    if (plain !== '') segments.push({ kind: 'plain', source: plain })
    plain = ''
  }
  for (const character of text) {
    const segment = unusual(character)
    if (segment === undefined) {
      plain += character
      continue
    }
    flush()
    segments.push(segment)
  }
  flush()
  return segments
}

/** Reports whether the text holds anything that a plain display would have hidden. */
export function hidesSomething(segments: readonly Segment[]): boolean {
  return segments.some((segment) => segment.kind === 'hidden' && segment.source !== '\n' && segment.source !== '\t')
}

/** The same on one line, for titles and lists. */
export function visibleLine(text: string): string {
  return visibleText(text)
    .map((segment) => (segment.kind === 'hidden' ? segment.mark : segment.source))
    .join('')
}

function unusual(character: string): Segment | undefined {
  const code = character.codePointAt(0)!
  if (code >= 0x20 && code < 0x7f) return undefined
  const point = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`
  if (!HIDDEN.test(character)) return { kind: 'foreign', source: character, name: point }
  const name = `${point} ${nameOf(code, character)}`
  return { kind: 'hidden', source: character, mark: markOf(code, character, point), name, endsLine: character === '\n' }
}

function markOf(code: number, character: string, point: string): string {
  if (character === '\n') return '⏎'
  if (character === '\t') return '⇥'
  // Unicode has a picture for each C0 control and for DEL.
  if (code < 0x20) return String.fromCodePoint(0x2400 + code)
  if (code === 0x7f) return '␡'
  if (code === 0xa0) return '⍽'
  // Shown on a circle of its own, so that it does not sit on the letter before it.
  if (/\p{M}/u.test(character) && !isSelector(code)) return `◌${character}`
  return `⟨${point.slice(2)}⟩`
}

function nameOf(code: number, character: string): string {
  if (NAMES[code] !== undefined) return NAMES[code]
  if (isSelector(code)) return 'variation selector'
  if (code >= 0xe0000 && code <= 0xe007f) return 'tag character'
  if (/\p{M}/u.test(character)) return 'combining mark'
  if (/\p{Cc}/u.test(character)) return 'control character'
  if (/\p{Z}/u.test(character)) return 'unusual space'
  if (/\p{Co}/u.test(character)) return 'private-use character'
  if (/\p{Cs}/u.test(character)) return 'half a character'
  if (/\p{Cn}/u.test(character)) return 'unassigned character'
  return 'invisible character'
}

function isSelector(code: number): boolean {
  return (code >= 0xfe00 && code <= 0xfe0f) || (code >= 0xe0100 && code <= 0xe01ef)
}
