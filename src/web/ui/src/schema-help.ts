/** What a JSON Schema says of a place in a file: what stands there, and which keys there could be. */
import type { YamlPlace } from './yaml-place.ts'

export interface Schema {
  readonly description?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: Schema | boolean
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly required?: readonly string[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
}

export interface Help {
  /** The key that is meant, and what it is. */
  readonly about: { readonly key: string; readonly text: string; readonly values: readonly string[] } | undefined
  /** The keys that may stand here. */
  readonly keys: readonly { readonly name: string; readonly text: string; readonly isRequired: boolean }[]
}

export function helpAt(schema: Schema, { path, key }: YamlPlace): Help {
  let nodes = choices([schema])
  for (const step of path) nodes = choices(nodes.flatMap((node) => child(node, step)))
  const keys = nodes.flatMap(({ properties = {}, required = [] }) =>
    Object.entries(properties).map(([name, { description = '' }]) => ({
      ...{ name, text: description, isRequired: required.includes(name) },
    })),
  )
  const meant = key === undefined ? [] : nodes.flatMap((node) => child(node, key))
  const description = meant.find((node) => node.description !== undefined)?.description
  const values = choices(meant)
    .flatMap((node) => [...choices([node, ...(node.items === undefined ? [] : [node.items])])])
    .flatMap((node) => [...(node.enum ?? []), ...(node.const === undefined ? [] : [node.const])])
  const about =
    key === undefined || description === undefined
      ? undefined
      : { key, text: description, values: [...new Set(values.map(String))] }
  return { about, keys }
}

function child(node: Schema, step: string): readonly Schema[] {
  if (step === '[]') return node.items === undefined ? [] : [node.items]
  const own = node.properties !== undefined && Object.hasOwn(node.properties, step) ? node.properties[step] : undefined
  if (own !== undefined) return [own]
  return typeof node.additionalProperties === 'object' ? [node.additionalProperties] : []
}

function choices(nodes: readonly Schema[]): readonly Schema[] {
  return nodes.flatMap((node) => (node.anyOf === undefined ? [node] : [node, ...choices(node.anyOf)]))
}
