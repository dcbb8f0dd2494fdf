/**
 * A word of the parser → the arguments it may become. On the way everything inside it that runs (`$(…)`, `<(…)`,
 * `${x:-$(…)}`, subscripts) is handed to `Nested`, whether or not its text is needed.
 */
import type { DoubleQuotedChild, ParameterExpansionPart, Word, WordPart } from 'unbash'
import { type Argument, DIGITS, type Fields, HOLE, moreFields, NUMBER, NUMERIC, PLAIN } from './argument.ts'
import { expandBraces, type Piece } from './braces.ts'
import type { Value } from './variables.ts'

/** What a word's expansion does besides giving text. */
export interface Nested {
  /** A command or process substitution; reports whether it prints a number, or nothing. */
  substitution(part: Extract<WordPart, { script: unknown }>): boolean
  arithmetic(part: Extract<WordPart, { type: 'ArithmeticExpansion' }>): void
  /** A word that is evaluated as arithmetic: a subscript, an offset. */
  arithmeticWord(word: Word): void
  /** `${x:=word}`. */
  assign(name: string): void
  /** What the variable can hold. */
  valueOf(name: string): Value
  /** Takes from the work that may still be done on this text. */
  spend(units: number): void
  /** Syntax of bash's own: another shell that reads this text takes it for something else. */
  bashOnly(what: string): void
  /** Something that cannot be decided. */
  opaque(why: string): void
}

/** Longer words with braces in them are not expanded. */
const MAX_BRACED = 4096

/** Expands a word of a command, or of the list of `for`. */
export function expandWord(word: Word, nested: Nested): readonly Argument[] {
  const { parts } = word
  const start = word.pos
  const end = word.end
  if (word.text.includes('{') && mayHaveBraces(word.text)) {
    if (word.text.length > MAX_BRACED) {
      if (parts !== undefined) expandParts(parts, nested)
      return [{ text: HOLE, fields: 'words', start, end }]
    }
    const words = expandBraces(piecesOf(word, nested), (units) => nested.spend(units))
    if (words === undefined) return [{ text: HOLE, fields: 'words', start, end }]
    if (words.length > 1) nested.bashOnly('a brace expansion')
    return words.filter((pieces) => pieces.length > 0).map((pieces) => join(pieces, start, end))
  }
  if (parts === undefined) return [{ text: word.value, fields: 'one', start, end }]
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
  let fields: Fields = 'one'
  for (const piece of pieces) {
    text += piece.text
    fields = moreFields(fields, piece.fields)
  }
  return { text, fields, start, end }
}

const quoted = (text: string): Piece => ({ text, isPlain: false, fields: 'one' })
const pattern: Piece = { text: HOLE, isPlain: false, fields: 'names' }
const unknown: Piece = { text: HOLE, isPlain: false, fields: 'words' }

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
  const brace = (text: string): Piece => ({ text, isPlain: true, fields: 'one' })
  return [brace('{'), ...inner, brace('}')]
}

function plainPieces(text: string): readonly Piece[] {
  const pieces: Piece[] = []
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? ''
    if (char === '\\') {
      at++
      if (text[at] !== '\n') pieces.push(quoted(text[at] ?? '\\'))
    } else if (char === '*' || char === '?' || char === '[') pieces.push(pattern)
    else pieces.push({ text: char, isPlain: true, fields: 'one' })
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
      return quoted(ANSI_C.test(part.text) ? part.value : HOLE)
    case 'DoubleQuoted':
      return doubleQuoted(part.parts, nested)
    case 'LocaleString':
      // The text is looked up in a message catalogue, which is whatever TEXTDOMAINDIR says.
      nested.bashOnly('$"…"')
      doubleQuoted(part.parts, nested)
      return quoted(HOLE)
    case 'Glob':
      for (const inner of part.parts ?? []) pieceOf(inner, nested)
      return pattern
    case 'ExtendedGlob':
      if (part.parts === undefined && /[$`]/.test(part.pattern)) nested.opaque('a pattern that cannot be read')
      for (const inner of part.parts ?? []) pieceOf(inner, nested)
      return pattern
    case 'BraceExpansion':
      for (const inner of part.parts ?? []) pieceOf(inner, nested)
      return unknown
    case 'ProcessSubstitution':
      nested.substitution(part)
      return quoted(`/dev/fd/${DIGITS}`)
    default: {
      const { text, fields } = expansion(part, nested)
      return { text, isPlain: false, fields: /[\uFFFF\uFDD2]/.test(text) ? 'words' : fields }
    }
  }
}

/**
 * Escapes on which bash and the parser agree (Bash manual §3.1.2.4). Among the others are `\\x{72}`, which bash reads and the
 * parser does not, and a continued line, where it is the other way round.
 */
const ANSI_C =
  /^\$'(?:[^\\']|\\(?:[\\'"?abeEfnrtv]|x[0-9a-fA-F]{1,2}|[0-3]?[0-7]{1,2}|u[0-9a-fA-F]{1,4}|U[0-9a-fA-F]{1,8}))*'$/

function doubleQuoted(children: readonly DoubleQuotedChild[], nested: Nested): Piece {
  let text = ''
  let fields: Fields = 'one'
  for (const child of children) {
    if (child.type === 'Literal') text += child.value
    else {
      const found = expansion(child, nested)
      text += found.text
      fields = moreFields(fields, found.fields)
    }
  }
  return { text, isPlain: false, fields }
}

interface Expansion {
  readonly text: string
  /** `words` where it is several even within double quotes. */
  readonly fields: Fields
}

function expansion(part: Exclude<DoubleQuotedChild, { type: 'Literal' }>, nested: Nested): Expansion {
  switch (part.type) {
    case 'CommandExpansion':
      return { text: nested.substitution(part) ? NUMERIC : HOLE, fields: 'one' }
    case 'ArithmeticExpansion':
      nested.arithmetic(part)
      return { text: NUMBER, fields: 'one' }
    case 'SimpleExpansion':
      return simple(part.text.replaceAll('\\\n', '').slice(1), nested)
    case 'ParameterExpansion':
      return parameter(part, nested)
  }
}

const VALUES: Readonly<Record<string, string>> = { integer: NUMBER, digits: DIGITS, numeric: NUMERIC, plain: PLAIN }

function simple(name: string, nested: Nested): Expansion {
  if (name === '?' || name === '#' || name === '$') return { text: DIGITS, fields: 'one' }
  if (name === '@') return { text: HOLE, fields: 'words' }
  const value = nested.valueOf(name)
  if (value.startsWith('begins ')) return { text: `${value.slice(7)}${HOLE}`, fields: 'one' }
  return { text: VALUES[value] ?? HOLE, fields: 'one' }
}

function parameter(part: ParameterExpansionPart, nested: Nested): Expansion {
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
  if (part.prefix === '#') return { text: DIGITS, fields: 'one' }
  const isList = part.parameter === '@' || subscript === '@' || operation?.type === 'Names'
  if (operation === undefined && part.prefix === undefined && part.index === undefined)
    return simple(part.parameter, nested)
  return { text: HOLE, fields: isList ? 'words' : 'one' }
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
