/**
 * Shapes: what a place in a YAML file may hold, said once. From the one description come the reader, with a position
 * for every problem; the printer; and the JSON Schema by which editors complete. So the three cannot drift apart.
 *
 * A reader reports what is wrong and returns undefined; it goes on with what stands beside it.
 */
import { isAlias, isMap, isScalar, isSeq, type Scalar } from 'yaml'
import type { ProblemList } from './problem.ts'
import { quotable } from './quotable.ts'
import { nearest } from './suggest.ts'

export type JsonSchema = Readonly<Record<string, unknown>>
/** What YAML and JSON can hold. */
export type Plain = string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain }

/** A node of the document with the offset that stands for it in messages. */
export interface Place {
  readonly node: unknown
  readonly offset: number
}

export interface Shape<T> {
  readonly schema: JsonSchema
  read(place: Place, problems: ProblemList): T | undefined
  write(value: T): Plain
}

/** Returns where a node begins, or its parent where it has no text of its own. */
export function placeOf(node: unknown, parent: number): Place {
  const range = isScalar(node) || isMap(node) || isSeq(node) ? node.range : undefined
  return { node, offset: range?.[0] ?? parent }
}

/** The same text, meant differently inside: `to` makes of what was read what the rest of the code uses. */
export function mapped<From, To>(
  shape: Shape<From>,
  to: (value: From, place: Place, problems: ProblemList) => To | undefined,
  from: (value: To) => From,
): Shape<To> {
  return {
    schema: shape.schema,
    read(place, problems) {
      const before = problems.count
      const value = shape.read(place, problems)
      return value === undefined || problems.count > before ? undefined : to(value, place, problems)
    },
    write: (value) => shape.write(from(value)),
  }
}

/** One word, or else something longer. */
export function wordOr<Word extends string, T>(word: Word, other: Shape<T>): Shape<Word | T> {
  return {
    schema: { anyOf: [{ const: word }, other.schema] },
    read(place, problems) {
      const value = scalarText(place.node)
      if (value === word) return word
      const meant = value === undefined ? undefined : nearest(value, [word])
      return meant === undefined
        ? other.read(place, problems)
        : fail(problems, place.offset, `“${quotable(value ?? '')}” has no meaning here`, meant)
    },
    write: (value) => (value === word ? word : other.write(value as T)),
  }
}

/** One of several words, or else a mapping. */
export function wordsOr<Word extends string, T extends object>(words: Shape<Word>, mapping: Shape<T>): Shape<Word | T> {
  return {
    schema: { anyOf: [words.schema, mapping.schema] },
    read: (place, problems) => (isMap(place.node) ? mapping.read(place, problems) : words.read(place, problems)),
    write: (value) => (typeof value === 'string' ? words.write(value as Word) : mapping.write(value as T)),
  }
}

/** Reports and returns undefined, so that a reader can end with it. */
export function fail(problems: ProblemList, offset: number, message: string, suggestion?: string): undefined {
  problems.report(offset, message, suggestion)
  return undefined
}

/** Returns a text as it is meant; undefined where something else stands. */
export function scalarText(node: unknown): string | undefined {
  return isScalar(node) && typeof node.value === 'string' ? node.value : undefined
}

/** Says what stands there instead, as the end of a sentence. */
export function describe(node: unknown): string {
  if (isAlias(node)) return '; an alias stands here'
  if (isMap(node)) return '; a mapping stands here'
  if (isSeq(node)) return '; a list stands here'
  const { value } = (isScalar(node) ? node : { value: null }) as Scalar
  if (value === null || value === undefined) return '; nothing stands here'
  if (typeof value === 'string') return `; “${quotable(value)}” stands here`
  return `; ${quotable(String(value))} stands here, which YAML takes for ${typeof value === 'boolean' ? 'a truth value' : 'a number'}. Put it in quotes if text is meant`
}
