/**
 * A word of the parser → the arguments it may become. On the way everything inside it that runs (`$(…)`, `<(…)`,
 * `${x:-$(…)}`, subscripts) is handed to `Nested`, whether or not its text is needed.
 */
import type { DoubleQuotedChild, ParameterExpansionPart, Word, WordPart } from 'unbash'
import { type Argument, DIGITS, HOLE, NUMBER } from './argument.ts'
import { expandBraces, type Piece } from './braces.ts'

/** What a word's expansion does besides giving text. */
export interface Nested {
  /** A command or process substitution; undefined when the parser gave up on it. */
  substitution(part: Extract<WordPart, { script: unknown }>): void
  arithmetic(part: Extract<WordPart, { type: 'ArithmeticExpansion' }>): void
  /** A word that is evaluated as arithmetic: a subscript, an offset. */
  arithmeticWord(word: Word): void
  /** `${x:=word}`. */
  assign(name: string): void
  /** Reports whether the variable can only hold an integer. */
  isInteger(name: string): boolean
  /** Takes from the work that may still be done on this text. */
  spend(units: number): void
  /** Syntax of bash's own: another shell that reads this text takes it for something else. */
  bashOnly(what: string): void
  /** Something that cannot be decided. */
  opaque(why: string): void
}

/** Expands a word of a command, or of the list of `for`. */
export function expandWord(word: Word, nested: Nested): readonly Argument[] {
  const { parts } = word
  const start = word.pos
  const end = word.end
  if (word.text.includes('{') && mayHaveBraces(word.text)) {
    const words = expandBraces(piecesOf(word, nested), (units) => nested.spend(units))
    if (words === undefined) return [{ text: HOLE, many: true, start, end }]
    return words.filter((pieces) => pieces.length > 0).map((pieces) => join(pieces, start, end))
  }
  if (parts === undefined) return [{ text: word.value, many: false, start, end }]
  return [
    join(
      parts.map((part) => pieceOf(part, nested)),
      start,
      end,
    ),
  ]
}

/** Expands a word that is never split nor brace-expanded: an assignment's value, a here-string, `case` and `[[` words. */
export function expandWhole(word: Word, nested: Nested): string {
  const { parts } = word
  if (parts === undefined) return word.value
  let text = ''
  for (const part of parts)
    text += part.type === 'BraceExpansion' ? bracesUnexpanded(part, nested) : pieceOf(part, nested).text
  return text
}

/** Expands the body of a here-document. */
export function expandParts(parts: readonly WordPart[], nested: Nested): string {
  let text = ''
  for (const part of parts) text += pieceOf(part, nested).text
  return text
}

function mayHaveBraces(text: string): boolean {
  return text.includes(',') || text.includes('..')
}

function join(pieces: readonly Piece[], start: number, end: number): Argument {
  let text = ''
  let many = false
  for (const piece of pieces) {
    text += piece.text
    many ||= piece.many
  }
  return { text, many, start, end }
}

const quoted = (text: string): Piece => ({ text, isPlain: false, many: false })
const unknown: Piece = { text: HOLE, isPlain: false, many: true }

/** The word character by character, as far as it is unquoted. */
function piecesOf(word: Word, nested: Nested): readonly Piece[] {
  if (word.parts === undefined) return plainPieces(word.text)
  return word.parts.flatMap((part) => bracedPieces(part, nested))
}

function bracedPieces(part: WordPart, nested: Nested): readonly Piece[] {
  if (part.type === 'Literal') return plainPieces(part.text)
  if (part.type !== 'BraceExpansion') return [pieceOf(part, nested)]
  if (part.parts === undefined) return plainPieces(part.text)
  // The parts of a brace expansion are what is between its braces; commas are in their literals.
  const inner = part.parts.flatMap((each) => bracedPieces(each, nested))
  const brace = (text: string): Piece => ({ text, isPlain: true, many: false })
  return [brace('{'), ...inner, brace('}')]
}

function plainPieces(text: string): readonly Piece[] {
  const pieces: Piece[] = []
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? ''
    if (char === '\\') {
      at++
      if (text[at] !== '\n') pieces.push(quoted(text[at] ?? '\\'))
    } else if (char === '*' || char === '?' || char === '[') pieces.push(unknown)
    else pieces.push({ text: char, isPlain: true, many: false })
  }
  return pieces
}

function bracesUnexpanded(part: Extract<WordPart, { type: 'BraceExpansion' }>, nested: Nested): string {
  if (part.parts === undefined) return part.text
  return `{${expandParts(part.parts, nested)}}`
}

function pieceOf(part: WordPart, nested: Nested): Piece {
  switch (part.type) {
    case 'Literal':
      return quoted(part.value)
    case 'SingleQuoted':
      return quoted(part.value)
    case 'AnsiCQuoted':
      nested.bashOnly("$'…'")
      return quoted(part.value)
    case 'DoubleQuoted':
      return doubleQuoted(part.parts, nested)
    case 'LocaleString':
      // The text is looked up in a message catalogue, which is whatever TEXTDOMAINDIR says.
      nested.bashOnly('$"…"')
      doubleQuoted(part.parts, nested)
      return quoted(HOLE)
    case 'Glob':
      for (const inner of part.parts ?? []) pieceOf(inner, nested)
      return unknown
    case 'ExtendedGlob':
      if (part.parts === undefined && /[$`]/.test(part.pattern)) nested.opaque('a pattern that cannot be read')
      for (const inner of part.parts ?? []) pieceOf(inner, nested)
      return unknown
    case 'BraceExpansion':
      for (const inner of part.parts ?? []) pieceOf(inner, nested)
      return unknown
    case 'ProcessSubstitution':
      nested.substitution(part)
      return quoted(`/dev/fd/${DIGITS}`)
    default: {
      const { text, many } = expansion(part, nested)
      return { text, isPlain: false, many: many || text === HOLE }
    }
  }
}

function doubleQuoted(children: readonly DoubleQuotedChild[], nested: Nested): Piece {
  let text = ''
  let many = false
  for (const child of children) {
    if (child.type === 'Literal') text += child.value
    else {
      const found = expansion(child, nested)
      text += found.text
      many ||= found.many
    }
  }
  return { text, isPlain: false, many }
}

/** `many` here means that it is several fields even within double quotes. */
function expansion(
  part: Exclude<DoubleQuotedChild, { type: 'Literal' }>,
  nested: Nested,
): { text: string; many: boolean } {
  switch (part.type) {
    case 'CommandExpansion':
      nested.substitution(part)
      return { text: HOLE, many: false }
    case 'ArithmeticExpansion':
      nested.arithmetic(part)
      return { text: NUMBER, many: false }
    case 'SimpleExpansion':
      return simple(part.text.replaceAll('\\\n', '').slice(1), nested)
    case 'ParameterExpansion':
      return parameter(part, nested)
  }
}

function simple(name: string, nested: Nested): { text: string; many: boolean } {
  if (name === '?' || name === '#' || name === '$' || name === '!') return { text: DIGITS, many: false }
  if (name === '@') return { text: HOLE, many: true }
  return { text: nested.isInteger(name) ? NUMBER : HOLE, many: false }
}

function parameter(part: ParameterExpansionPart, nested: Nested): { text: string; many: boolean } {
  nested.spend(part.end - part.pos)
  const subscript = part.index?.text
  const isAll = subscript === '@' || subscript === '*'
  if (part.index !== undefined && !isAll) nested.arithmeticWord(part.index)
  const { operation } = part
  // Within double quotes and here-documents bash expands what stands in single quotes here; parsers disagree on where.
  if (part.text.includes("'") && /[$`]/.test(part.text.slice(2))) nested.opaque('quotes within a parameter expansion')
  if (part.prefix === '!' && operation?.type !== 'Names' && !isAll && part.parameter !== '#') {
    nested.opaque('an indirect expansion, whose variable is named by a value')
  }
  if (operation !== undefined) operate(part, operation, nested)
  if (part.prefix === '#') return { text: DIGITS, many: false }
  const many = part.parameter === '@' || subscript === '@' || operation?.type === 'Names'
  if (operation === undefined && part.prefix === undefined && part.index === undefined)
    return simple(part.parameter, nested)
  return { text: HOLE, many }
}

function operate(
  part: ParameterExpansionPart,
  operation: NonNullable<ParameterExpansionPart['operation']>,
  nested: Nested,
): void {
  switch (operation.type) {
    case 'Default':
      if (operation.operator.includes('=')) nested.assign(part.parameter)
      expandWhole(operation.operand, nested)
      return
    case 'Remove':
      expandWhole(operation.operand, nested)
      return
    case 'Replace':
      expandWhole(operation.pattern, nested)
      expandWhole(operation.replacement, nested)
      return
    case 'Slice':
      nested.arithmeticWord(operation.offset)
      if (operation.length !== undefined) nested.arithmeticWord(operation.length)
      return
    case 'CaseModification':
      if (operation.operand !== undefined) expandWhole(operation.operand, nested)
      return
    case 'Transform': {
      const name = expandWhole(operation.operand, nested)
      // Only P makes bash expand the value again; the others quote or describe it.
      if (!/^[UuLQEAaKk]$/.test(name)) nested.opaque('an expansion that expands its value again')
      return
    }
    case 'Names':
      return
    case 'Unknown':
      nested.opaque('a parameter expansion that cannot be read')
  }
}
