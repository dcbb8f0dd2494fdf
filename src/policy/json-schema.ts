/**
 * The published JSON Schemas (draft 7, which every editor's YAML support knows). They say what one place can hold; that
 * a role exists, or that no two rules share a name, no schema can say, and the parser does.
 */
import { policyFile } from './language/policy-file.ts'
import { testFile } from './language/test-file.ts'
import type { JsonSchema, Shape } from './shape/shape.ts'

const DRAFT = 'http://json-schema.org/draft-07/schema#'

export function policySchema(): JsonSchema {
  return publish(policyFile, 'Sallyport policy', 'Who may do what on which target, and who has to agree.')
}

export function policyTestSchema(): JsonSchema {
  return publish(testFile, 'Sallyport policy tests', 'What a policy is meant to answer.')
}

function publish(shape: Shape<unknown>, title: string, description: string): JsonSchema {
  return { $schema: DRAFT, title, description, ...shape.schema }
}

/** As it is published, and as the repository's formatter would have it: lists on one line where they fit. */
export function printSchema(schema: JsonSchema): string {
  return `${print(schema, 0, '')}\n`
}

const LINE_WIDTH = 120

function print(value: unknown, depth: number, before: string): string {
  const indent = (more: number) => '  '.repeat(depth + more)
  if (Array.isArray(value)) {
    const inline = `[${value.map((item) => JSON.stringify(item)).join(', ')}]`
    const isPlain = value.every((item) => typeof item !== 'object')
    if (isPlain && indent(0).length + before.length + inline.length < LINE_WIDTH) return inline
    return `[\n${value.map((item) => `${indent(1)}${print(item, depth + 1, '')}`).join(',\n')}\n${indent(0)}]`
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value).map(([key, inner]) => {
    const name = `${JSON.stringify(key)}: `
    return `${indent(1)}${name}${print(inner, depth + 1, name)}`
  })
  return `{\n${entries.join(',\n')}\n${indent(0)}}`
}
