/**
 * As much of JSON Schema (draft 7) as the published schemas use, written from the specification and not from our shapes.
 * A keyword that it does not know is an error: a schema must not seem to check what nobody checks.
 */
type Json = unknown
type Schema = Readonly<Record<string, Json>>

const ANNOTATIONS = new Set(['$schema', 'title', 'description', 'required', 'additionalProperties'])

/** Reports whether `value` is valid. Deep equality is by JSON text, which is enough for values without objects. */
export function isValid(schema: Json, value: Json): boolean {
  if (typeof schema === 'boolean') return schema
  const rules = schema as Schema
  return Object.entries(rules).every(([keyword, wanted]) => holds(keyword, { wanted, value, rules }))
}

function holds(keyword: string, { wanted, value, rules }: { wanted: Json; value: Json; rules: Schema }): boolean {
  if (ANNOTATIONS.has(keyword)) return true
  const object =
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, Json>>)
      : undefined
  const list = Array.isArray(value) ? (value as readonly Json[]) : undefined
  switch (keyword) {
    case 'type':
      return typeOf(value).includes(wanted as string) && (object === undefined || hasItsKeys(rules, object))
    case 'const':
      return JSON.stringify(value) === JSON.stringify(wanted)
    case 'enum':
      return (wanted as readonly Json[]).some((one) => JSON.stringify(one) === JSON.stringify(value))
    case 'anyOf':
      return (wanted as readonly Json[]).some((one) => isValid(one, value))
    case 'properties':
      return (
        object === undefined ||
        Object.entries(wanted as Schema).every(
          ([key, inner]) => !Object.hasOwn(object, key) || isValid(inner, object[key]),
        )
      )
    case 'propertyNames':
      return object === undefined || Object.keys(object).every((key) => isValid(wanted, key))
    case 'minProperties':
      return object === undefined || Object.keys(object).length >= (wanted as number)
    case 'maxProperties':
      return object === undefined || Object.keys(object).length <= (wanted as number)
    case 'items':
      return list === undefined || list.every((item) => isValid(wanted, item))
    case 'minItems':
      return list === undefined || list.length >= (wanted as number)
    case 'maxItems':
      return list === undefined || list.length <= (wanted as number)
    case 'uniqueItems':
      return (
        list === undefined || wanted !== true || new Set(list.map((item) => JSON.stringify(item))).size === list.length
      )
    case 'minLength':
      return typeof value !== 'string' || Array.from(value).length >= (wanted as number)
    case 'maxLength':
      return typeof value !== 'string' || Array.from(value).length <= (wanted as number)
    case 'pattern':
      return typeof value !== 'string' || new RegExp(wanted as string, 'u').test(value)
    case 'minimum':
      return typeof value !== 'number' || value >= (wanted as number)
    case 'maximum':
      return typeof value !== 'number' || value <= (wanted as number)
    default:
      throw new Error(`the keyword ${keyword} is not known`)
  }
}

function hasItsKeys(rules: Schema, object: Readonly<Record<string, Json>>): boolean {
  const known = new Set(Object.keys((rules.properties ?? {}) as Schema))
  const hasRequired = ((rules.required ?? []) as readonly string[]).every((key) => Object.hasOwn(object, key))
  const others = Object.keys(object).filter((key) => !known.has(key))
  return (
    hasRequired &&
    (rules.additionalProperties === undefined ||
      others.every((key) => isValid(rules.additionalProperties, object[key])))
  )
}

function typeOf(value: Json): readonly string[] {
  if (value === null) return ['null']
  if (Array.isArray(value)) return ['array']
  if (typeof value === 'number') return Number.isInteger(value) ? ['integer', 'number'] : ['number']
  return [typeof value]
}
