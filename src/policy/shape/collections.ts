/** Shapes of lists and mappings. */
import { isMap, isScalar, isSeq, type Pair } from 'yaml'
import { quotable } from './quotable.ts'
import { describe, fail, type Plain, placeOf, type Shape, scalarText } from './shape.ts'
import { nearest } from './suggest.ts'

/** Undefined when one element is wrong: what is left of a list would mean something else. */
export function list<T>(
  element: Shape<T>,
  options: { readonly noun: string; readonly max?: number },
): Shape<readonly T[]> {
  const max = options.max ?? 1000
  return {
    schema: {
      type: 'array',
      items: element.schema,
      minItems: 1,
      maxItems: max,
      uniqueItems: element.schema.type !== 'object',
    },
    read({ node, offset }, problems) {
      if (!isSeq(node))
        return fail(
          problems,
          offset,
          `${options.noun} is a list${isScalar(node) && node.value !== null ? `, such as [${quotable(String(node.source ?? node.value))}]` : ''}`,
        )
      if (node.items.length === 0) return fail(problems, offset, `${options.noun} is empty`)
      if (node.items.length > max) return fail(problems, offset, `${options.noun} has ${max} elements at most`)
      const values: T[] = []
      const seen = new Set<string>()
      let isWhole = true
      for (const item of node.items) {
        const place = placeOf(item, offset)
        const value = element.read(place, problems)
        const key = isScalar(item) ? String(item.value) : undefined
        if (key !== undefined && seen.has(key))
          isWhole = fail(problems, place.offset, `“${quotable(key)}” stands in the list twice`) ?? false
        if (key !== undefined) seen.add(key)
        if (value === undefined) isWhole = false
        else values.push(value)
      }
      return isWhole ? values : undefined
    },
    write: (values) => values.map((value) => element.write(value)),
  }
}

/** A mapping whose keys are names that the file's author chooses. */
export function dictionary<T>(options: {
  readonly noun: string
  /** What a key is called, and what it looks like. */
  readonly keyNoun: string
  readonly keySyntax: string
  readonly value: Shape<T>
  readonly max?: number
}): Shape<ReadonlyMap<string, T>> {
  const syntax = new RegExp(options.keySyntax)
  const max = options.max ?? 1000
  return {
    schema: {
      type: 'object',
      propertyNames: { pattern: options.keySyntax },
      additionalProperties: options.value.schema,
      minProperties: 1,
      maxProperties: max,
    },
    read({ node, offset }, problems) {
      if (!isMap(node)) return fail(problems, offset, `${options.noun} is a mapping of names${describe(node)}`)
      if (node.items.length === 0) return fail(problems, offset, `${options.noun} is empty`)
      if (node.items.length > max) return fail(problems, offset, `${options.noun} has ${max} entries at most`)
      const values = new Map<string, T>()
      let isWhole = true
      for (const pair of node.items) {
        const key = keyOf(pair, offset)
        if (key.name === undefined || !syntax.test(key.name)) {
          isWhole =
            fail(
              problems,
              key.offset,
              `${options.keyNoun} is a word of letters, digits and “-._”; it begins with a letter`,
            ) ?? false
          continue
        }
        const value = options.value.read(placeOf(pair.value, key.offset), problems)
        if (value === undefined) isWhole = false
        else values.set(key.name, value)
      }
      return isWhole ? values : undefined
    },
    write: (values) => Object.fromEntries([...values].map(([key, value]) => [key, options.value.write(value)])),
  }
}

export interface Field<T> {
  readonly shape: Shape<T>
  readonly description: string
  readonly isRequired: boolean
}

export function required<T>(shape: Shape<T>, description: string): Field<T> & { readonly isRequired: true } {
  return { shape, description, isRequired: true }
}

export function optional<T>(shape: Shape<T>, description: string): Field<T> & { readonly isRequired: false } {
  return { shape, description, isRequired: false }
}

export type Fields = Readonly<Record<string, Field<unknown>>>
type ValueOf<F> = F extends Field<infer T> ? T : never
/** Every key of `fields`; undefined where an optional one is not there. */
export type Read<F extends Fields> = {
  readonly [K in keyof F]: F[K] extends { readonly isRequired: true } ? ValueOf<F[K]> : ValueOf<F[K]> | undefined
}

/** A mapping with these keys and no others (an unknown key is one whose author believes in an effect it has not). */
export function object<F extends Fields>(options: {
  readonly noun: string
  readonly fields: F
  readonly mayBeEmpty?: boolean
  /** One key of them, and no two. */
  readonly isChoice?: boolean
}): Shape<Read<F>> {
  const { fields, noun } = options
  const known = Object.keys(fields)
  const missing = known.filter((key) => fields[key]!.isRequired)
  return {
    schema: {
      type: 'object',
      properties: Object.fromEntries(
        known.map((key) => [key, { ...fields[key]!.shape.schema, description: fields[key]!.description }]),
      ),
      additionalProperties: false,
      ...(missing.length > 0 && { required: missing }),
      ...(missing.length === 0 && options.mayBeEmpty !== true && { minProperties: 1 }),
      ...(options.isChoice === true && { maxProperties: 1 }),
    },
    read({ node, offset }, problems) {
      if (!isMap(node))
        return fail(problems, offset, `${noun} is a mapping with the keys ${known.join(', ')}${describe(node)}`)
      if (node.items.length === 0 && options.mayBeEmpty !== true)
        return fail(problems, offset, `${noun} is empty; its keys are ${known.join(', ')}`)
      const before = problems.count
      const values: Record<string, unknown> = Object.fromEntries(known.map((key) => [key, undefined]))
      const present = new Set<string>()
      for (const pair of node.items) {
        const key = keyOf(pair, offset)
        const field = key.name !== undefined && Object.hasOwn(fields, key.name) ? fields[key.name] : undefined
        if (key.name === undefined || field === undefined) {
          const name = key.name ?? '?'
          fail(
            problems,
            key.offset,
            `there is no key “${quotable(name)}” in ${noun}; there is ${known.join(', ')}`,
            nearest(name, known),
          )
          continue
        }
        present.add(key.name)
        values[key.name] = field.shape.read(placeOf(pair.value, key.offset), problems)
      }
      for (const key of missing) if (!present.has(key)) fail(problems, offset, `${noun} lacks the key “${key}”`)
      if (options.isChoice === true && present.size > 1) {
        fail(problems, offset, `${noun} is one of ${known.join(', ')}, and not more of them`)
      }
      // Every key was read or reported, so what is there has the fields' types.
      return problems.count === before ? (values as Read<F>) : undefined
    },
    write(value) {
      const written = known.flatMap((key): [string, Plain][] =>
        value[key] === undefined ? [] : [[key, fields[key]!.shape.write(value[key])]],
      )
      return Object.fromEntries(written)
    },
  }
}

/** A single element may stand without its brackets. */
export function oneOrList<T>(element: Shape<T>, options: { readonly noun: string }): Shape<readonly T[]> {
  const many = list(element, options)
  return {
    schema: { anyOf: [element.schema, many.schema] },
    read(place, problems) {
      if (isSeq(place.node)) return many.read(place, problems)
      const one = element.read(place, problems)
      return one === undefined ? undefined : [one]
    },
    write: (values) => (values.length === 1 ? element.write(values[0]!) : many.write(values)),
  }
}

function keyOf(pair: Pair, parent: number): { readonly name: string | undefined; readonly offset: number } {
  const { offset } = placeOf(pair.key, parent)
  return { name: scalarText(pair.key), offset }
}
