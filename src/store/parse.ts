/**
 * Reads what a database gave back: small parsers that name the place where the data is not what was written. The types
 * make each one list every field of the core type that it builds, so a new field cannot be forgotten here.
 */

/** Turns a stored value into a `T`, or throws a Mismatch that names `path`. */
export type Parse<T> = (value: unknown, path: string) => T

/** Never shown to people: rows.ts makes it the cause of a BastionError. */
export class Mismatch extends Error {
  override readonly name = 'Mismatch'
  constructor(path: string, expected: string) {
    super(`${path}: expected ${expected}`)
  }
}

export const text: Parse<string> = (value, path) => {
  if (typeof value !== 'string') throw new Mismatch(path, 'text')
  return value
}

/** Text that is an identifier; the brand is ours to give, because only ours are ever written. */
export const id = <T extends string>(value: unknown, path: string): T => text(value, path) as T

export const integer: Parse<number> = (value, path) => {
  if (!Number.isSafeInteger(value)) throw new Mismatch(path, 'an integer')
  return value as number
}

export const boolean: Parse<boolean> = (value, path) => {
  if (typeof value !== 'boolean') throw new Mismatch(path, 'true or false')
  return value
}

/** Exactly what `Date.prototype.toISOString` writes; anything else would not sort as time does. */
export const date: Parse<Date> = (value, path) => {
  const at = new Date(text(value, path))
  if (Number.isNaN(at.getTime()) || at.toISOString() !== value) throw new Mismatch(path, 'an ISO 8601 time in UTC')
  return at
}

export const oneOf =
  <T extends string>(...values: readonly T[]): Parse<T> =>
  (value, path) => {
    const found = values.find((known) => known === value)
    if (found === undefined) throw new Mismatch(path, `one of ${values.join(', ')}`)
    return found
  }

/** JSON has no `undefined`: a missing field and null both mean it. */
export const maybe =
  <T>(parse: Parse<T>): Parse<T | undefined> =>
  (value, path) =>
    value === undefined || value === null ? undefined : parse(value, path)

export const list =
  <T>(parse: Parse<T>): Parse<readonly T[]> =>
  (value, path) => {
    if (!Array.isArray(value)) throw new Mismatch(path, 'a list')
    return value.map((item, index) => parse(item, `${path}[${index}]`))
  }

export const fields: Parse<Readonly<Record<string, unknown>>> = (value, path) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Mismatch(path, 'an object')
  return value as Readonly<Record<string, unknown>>
}

export const dictionary =
  <T>(parse: Parse<T>): Parse<Readonly<Record<string, T>>> =>
  (value, path) =>
    Object.fromEntries(Object.entries(fields(value, path)).map(([key, item]) => [key, parse(item, `${path}.${key}`)]))

export const record =
  <T extends object>(shape: { readonly [Key in keyof T]-?: Parse<T[Key]> }): Parse<T> =>
  (value, path) => {
    const given = fields(value, path)
    const entries = Object.entries<Parse<unknown>>(shape)
    return Object.fromEntries(entries.map(([key, parse]) => [key, parse(given[key], `${path}.${key}`)])) as T
  }

/** Reads a union by its discriminant: `kind` chooses the shape. */
export const byKind =
  <T extends { readonly kind: string }>(
    shapes: {
      readonly [Kind in T['kind']]: Parse<Extract<T, { readonly kind: Kind }>>
    },
  ): Parse<T> =>
  (value, path) => {
    const kind = fields(value, path).kind
    const known: Readonly<Record<string, Parse<T>>> = shapes
    const parse = typeof kind === 'string' && Object.hasOwn(known, kind) ? known[kind] : undefined
    if (parse === undefined) throw new Mismatch(`${path}.kind`, `one of ${Object.keys(shapes).join(', ')}`)
    return parse(value, path)
  }
