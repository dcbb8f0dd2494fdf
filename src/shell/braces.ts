/**
 * Brace expansion as bash does it (Bash manual §3.5.1): textual, before every other expansion, so it decides how many
 * words there are and which of them is the command. What bash may see differently comes out as unknown, never as fewer.
 */
import { type Fields, HOLE } from './argument.ts'

/** A piece of a word: one unquoted character, or quoted text and expansions, in which braces mean nothing. */
export interface Piece {
  readonly text: string
  readonly isPlain: boolean
  /** More than one for an unquoted expansion or a pattern. */
  readonly fields: Fields
}

/** More words than this, longer ones, or more groups in one are not followed. */
const MAX_WORDS = 256
const MAX_PIECES = 1024
const MAX_GROUPS = 32
const SEQUENCE = /^(-?\d{1,6}|[a-z]|[A-Z])\.\.(-?\d{1,6}|[a-z]|[A-Z])(?:\.\.(-?\d{1,6}))?$/

const is = (piece: Piece | undefined, char: string) => piece?.isPlain === true && piece.text === char

/** Returns the words that `pieces` expand to, or undefined when that cannot be told. `spend` is told of the work. */
export function expandBraces(
  pieces: readonly Piece[],
  spend: (units: number) => void,
): readonly (readonly Piece[])[] | undefined {
  let depth = 0
  let groups = 0
  let isOdd = false
  let hasSeparator = false
  for (const [at, piece] of pieces.entries()) {
    if (is(piece, '{')) {
      depth++
      groups++
    } else if (is(piece, '}')) isOdd ||= --depth < 0
    else if (is(piece, ',') || (is(piece, '.') && is(pieces[at + 1], '.'))) hasSeparator = true
  }
  if (!hasSeparator) return [pieces]
  if (isOdd || depth !== 0 || pieces.length > MAX_PIECES || groups > MAX_GROUPS) return undefined
  try {
    const words = expand(pieces)
    spend(words.reduce((sum, word) => sum + word.length, 0))
    return words
  } catch (error) {
    if (error === TOO_MANY) return undefined
    throw error
  }
}

const TOO_MANY = new Error('too many words')

function expand(pieces: readonly Piece[]): readonly (readonly Piece[])[] {
  for (let open = 0; open < pieces.length; open++) {
    if (!is(pieces[open], '{')) continue
    const group = readGroup(pieces, open)
    const alternatives =
      group.commas.length > 0 ? split(pieces, open, group) : sequence(pieces.slice(open + 1, group.close))
    // `{x}` and `{}` are themselves, but what is inside may still expand.
    if (alternatives === undefined) continue
    const before = pieces.slice(0, open)
    const after = expand(pieces.slice(group.close + 1))
    if (alternatives.length * after.length > MAX_WORDS) throw TOO_MANY
    return alternatives.flatMap((middle) => after.map((end) => [...before, ...middle, ...end]))
  }
  return [pieces]
}

function readGroup(pieces: readonly Piece[], open: number): { close: number; commas: number[] } {
  const commas: number[] = []
  let depth = 0
  for (let at = open + 1; at < pieces.length; at++) {
    if (is(pieces[at], '{')) depth++
    else if (is(pieces[at], '}')) {
      if (depth === 0) return { close: at, commas }
      depth--
    } else if (depth === 0 && is(pieces[at], ',')) commas.push(at)
  }
  throw TOO_MANY
}

function split(pieces: readonly Piece[], open: number, group: { close: number; commas: number[] }) {
  const ends = [...group.commas, group.close]
  const words: (readonly Piece[])[] = []
  let from = open + 1
  for (const end of ends) {
    words.push(...expand(pieces.slice(from, end)))
    if (words.length > MAX_WORDS) throw TOO_MANY
    from = end + 1
  }
  return words
}

/** `{1..9}`, `{a..f..2}`. A sequence with expansions in it, or from one case to the other, is not known. */
function sequence(pieces: readonly Piece[]): readonly (readonly Piece[])[] | undefined {
  const dots = pieces.findIndex((piece, at) => is(piece, '.') && is(pieces[at + 1], '.'))
  if (dots === -1) return undefined
  const found = pieces.every((piece) => piece.isPlain)
    ? SEQUENCE.exec(pieces.map((piece) => piece.text).join(''))
    : null
  const [, first = '', last = '', step] = found ?? []
  const isNumeric = /\d$/.test(first) && /\d$/.test(last)
  const isAlphabetic = /^[a-z]{2}$|^[A-Z]{2}$/.test(first + last)
  if (!isNumeric && !isAlphabetic) return [[{ text: HOLE, isPlain: false, fields: 'words' }]]
  const value = (text: string) => (isNumeric ? Number(text) : (text.codePointAt(0) ?? 0))
  const [from, to, by] = [value(first), value(last), Math.max(1, Math.abs(Number(step ?? 1)))]
  if (Math.abs(to - from) / by >= MAX_WORDS) throw TOO_MANY
  const width = isNumeric && (/^-?0\d/.test(first) || /^-?0\d/.test(last)) ? Math.max(first.length, last.length) : 0
  const words: (readonly Piece[])[] = []
  for (let count = 0; count <= Math.abs(to - from) / by; count++) {
    const n = from + (to < from ? -count : count) * by
    const text = isNumeric
      ? (n < 0 ? '-' : '') + String(Math.abs(n)).padStart(n < 0 ? width - 1 : width, '0')
      : String.fromCodePoint(n)
    words.push([{ text, isPlain: false, fields: 'one' }])
  }
  return words
}
