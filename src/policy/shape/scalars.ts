/** Shapes of single values: text, words of a closed set, numbers, and text with a syntax of its own. */
import { isScalar } from 'yaml'
import { isRefusal, type Refusal } from '../pattern/refusal.ts'
import { hasHidden, quotable } from './quotable.ts'
import { describe, fail, type Shape, scalarText } from './shape.ts'
import { nearest } from './suggest.ts'

/** Any text in one line or several; no characters that could move a terminal's cursor or hide what is said. */
export function text(options: { readonly max: number; readonly noun: string }): Shape<string> {
  return {
    schema: { type: 'string', minLength: 1, maxLength: options.max },
    read({ node, offset }, problems) {
      const value = scalarText(node)
      if (value === undefined) return fail(problems, offset, `${options.noun} is text${describe(node)}`)
      if (value.trim() === '') return fail(problems, offset, `${options.noun} is empty`)
      if (value.length > options.max)
        return fail(problems, offset, `${options.noun} has ${options.max} characters at most`)
      if (hasHidden(value)) return fail(problems, offset, `${options.noun} contains control or invisible characters`)
      return value
    },
    write: (value) => value,
  }
}

/** Text of which nothing is asked, also none. Never show it without making it visible first. */
export function rawText(options: { readonly max: number; readonly noun: string }): Shape<string> {
  return {
    schema: { type: 'string', maxLength: options.max },
    read({ node, offset }, problems) {
      const value = scalarText(node)
      if (value === undefined) return fail(problems, offset, `${options.noun} is text${describe(node)}`)
      return value.length > options.max
        ? fail(problems, offset, `${options.noun} has ${options.max} characters at most`)
        : value
    },
    write: (value) => value,
  }
}

/** One of a closed set of words. */
export function choice<const Word extends string>(words: readonly Word[], noun: string): Shape<Word> {
  return {
    schema: { enum: [...words] },
    read({ node, offset }, problems) {
      const value = scalarText(node)
      const found = words.find((word) => word === value)
      if (found !== undefined) return found
      const message =
        value === undefined
          ? `${noun} is one of ${words.join(', ')}${describe(node)}`
          : `there is no ${noun} “${quotable(value)}”; there is ${words.join(', ')}`
      return fail(problems, offset, message, value === undefined ? undefined : nearest(value, words))
    },
    write: (value) => value,
  }
}

export function truth(noun: string): Shape<boolean> {
  return {
    schema: { type: 'boolean' },
    read({ node, offset }, problems) {
      if (isScalar(node) && typeof node.value === 'boolean') return node.value
      return fail(problems, offset, `${noun} is true or false${describe(node)}`)
    },
    write: (value) => value,
  }
}

export function wholeNumber(options: {
  readonly min: number
  readonly max: number
  readonly noun: string
}): Shape<number> {
  const { min, max, noun } = options
  return {
    schema: { type: 'integer', minimum: min, maximum: max },
    read({ node, offset }, problems) {
      const value = isScalar(node) ? node.value : undefined
      if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value
      return fail(
        problems,
        offset,
        min === max ? `${noun} is ${min}` : `${noun} is a whole number from ${min} to ${max}`,
      )
    },
    write: (value) => value,
  }
}

/** Text with a syntax of its own. `parse` returns a refusal that says what is wrong, as the end of a sentence. */
export function formatted<T extends object | number | string>(options: {
  readonly noun: string
  readonly max: number
  /** For the schema, as far as a regular expression can say it. */
  readonly syntax?: string
  parse(text: string): T | Refusal
  print(value: T): string
}): Shape<T> {
  const plain = text(options)
  return {
    schema: options.syntax === undefined ? plain.schema : { ...plain.schema, pattern: options.syntax },
    read(place, problems) {
      const value = plain.read(place, problems)
      if (value === undefined) return undefined
      const parsed = options.parse(value)
      if (isRefusal(parsed))
        return fail(problems, place.offset, `${options.noun} “${quotable(value)}” cannot be used: ${parsed.message}`)
      return parsed
    },
    write: (value) => options.print(value),
  }
}
