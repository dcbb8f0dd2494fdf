/**
 * Looks at the characters of a text before anything is parsed: what a person reads must be what the shell reads. A text
 * with characters that are not seen, look like others or end lines unseen is opaque as a whole.
 */

/** Longer texts are not analysed: nobody reads them either. In UTF-16 units. */
export const MAX_TEXT = 64 * 1024

const PLAIN = /^[\t\n\x20-\x7e]*$/
/** C0 (but tab and newline), DEL, C1. A carriage return is no line end for bash, yet looks like one. */
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/
/** Half a surrogate pair, the replacement character, noncharacters, unassigned and private use. */
const BROKEN = /[\p{Cs}\p{Cn}\p{Co}\uFFFD]/u
/** Direction marks, joiners, tags (Cf), separators that are no spaces for bash, fillers and variation selectors. */
const UNSEEN =
  /[\p{Cf}\p{Zl}\p{Zp}\u115F\u1160\u3164\uFFA0]|\u034F|[\u17B4\u17B5]|[\u180B-\u180F]|[\uFE00-\uFE0F]|[\u{E0100}-\u{E01EF}]/u
/** Spaces that look like a word's end and are not. */
const FALSE_SPACE = /[\p{Zs}--\x20]/v
/** Characters that look like a slash, a quote, or shell punctuation. */
const FALSE_PUNCTUATION =
  /[\u2018-\u201F\u2032\u2035\u02BC\u02B9\u2044\u2215\u29F8\u2216\u29F5\u2223\u01C0\u037E\u204F\u02DC\u2E35\uA78C]/u
/** Scripts whose letters are taken for Latin ones. */
const LOOKALIKE =
  /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}\p{Script=Coptic}\p{Script=Lisu}\p{Script=Georgian}]/u
const LATIN = /[A-Za-z]/
const WORD_END = /[\s"'`;|&<>()$={},:]/
const DASH_WORD = /(?:^|[\s"'=])[[\p{Pd}\u2212]--\-]/v

/**
 * A line continued in the middle of a word or operator: bash joins `$\\⏎{x}` and `<\\⏎<` before it looks at them, parsers
 * do not all. People continue lines at blanks.
 */
const JOINED = /\S\\\n\S/

/** Says why the text cannot be trusted to be what it looks like, or undefined when it can. */
export function untrustedText(text: string): string | undefined {
  if (text.length > MAX_TEXT) return 'the text is longer than 64 KiB'
  if (JOINED.test(text)) return 'a word is continued on the next line'
  if (PLAIN.test(text)) return undefined
  if (CONTROL.test(text)) return 'the text has control characters'
  if (BROKEN.test(text)) return 'the text is not valid Unicode'
  if (UNSEEN.test(text)) return 'the text has characters that are not seen or turn its direction'
  if (FALSE_SPACE.test(text)) return 'the text has spaces that the shell does not take for spaces'
  if (FALSE_PUNCTUATION.test(text)) return 'the text has characters that look like quotes, slashes or punctuation'
  if (DASH_WORD.test(text)) return 'the text has a dash that is no option dash'
  if (text.normalize('NFKC') !== text.normalize('NFC') && hasDisguise(text))
    return 'the text has letters that look like others'
  return LOOKALIKE.test(text) && mixesScripts(text) ? 'a word mixes letters of scripts that look alike' : undefined
}

/** Reports whether some word has Latin letters and ones that are taken for them. */
function mixesScripts(text: string): boolean {
  return text.split(WORD_END).some((word) => LATIN.test(word) && LOOKALIKE.test(word))
}

/** Full-width, mathematical and other characters that are a plain one in another dress. An ellipsis is none. */
function hasDisguise(text: string): boolean {
  for (const char of text) {
    if (char <= '\x7f') continue
    const plain = char.normalize('NFKC')
    if (plain !== char.normalize('NFC') && (/[\p{L}\p{N}]/u.test(char) || /^[\x21-\x7e]$/.test(plain))) return true
  }
  return false
}

/** Reports whether a command's name has only characters that cannot be taken for others. */
export function isPlainName(name: string): boolean {
  return /^[\x21-\x7e]+$/.test(name)
}

const MAX_HEREDOCS = 200
const MAX_OPEN = 64
const MAX_SEPARATORS = 4096
const MAX_QUOTES = 16384
/** 64 KiB of prose have 11,000 words. */
const MAX_WORDS = 14_000
const MAX_BRACES = 4096
/** Elements of arrays, patterns, tests. */
const MAX_BRACKETS = 4096

/**
 * Says why a long text would take the parser too long, or undefined. Its work grows with the square of here-documents
 * that do not end and of expansions that do not close; it notes each brace, looks for the end of each bracket, and makes a
 * node of each word and command.
 * People write none of these.
 */
export function tooDense(text: string): string | undefined {
  if (text.length < 1024) return undefined
  let heredocs = 0
  let open = 0
  let separators = 0
  let quotes = 0
  let words = 0
  let braces = 0
  let brackets = 0
  for (let at = 0; at < text.length; at++) {
    const char = text[at]
    const next = text[at + 1]
    if (char === ' ' || char === '\t' || char === '\n') {
      if (next !== ' ' && next !== '\t' && next !== '\n') words++
    } else if (char === '<' && next === '<') heredocs++
    else if ((char === '$' || char === '<' || char === '>') && (next === '(' || next === '{')) open++
    else if ((char === '}' || char === ')') && open > 0) open--
    else if (char === ';' || char === '&' || char === '|' || char === '(' || char === '`') separators++
    else if (char === '"' || char === "'") quotes++
    else if (char === '{') braces++
    else if (char === '[') brackets++
    if (heredocs > MAX_HEREDOCS || open > MAX_OPEN || separators > MAX_SEPARATORS || quotes > MAX_QUOTES)
      return 'the text is denser than is followed'
    if (words > MAX_WORDS || braces > MAX_BRACES || brackets > MAX_BRACKETS)
      return 'the text is denser than is followed'
  }
  return undefined
}
