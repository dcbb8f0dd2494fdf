/**
 * From a Policy back to YAML. `printPolicy` writes what was understood, every default filled in; that it reads back as
 * the same policy shows that no key was read and dropped. `rewritePolicy` changes a file that people wrote, and keeps
 * their comments and their order.
 */
import { parseDocument, stringify } from 'yaml'
import { policyFile } from './language/policy-file.ts'
import { type PolicyResult, parsePolicy } from './parse.ts'
import type { Policy } from './rule.ts'
import type { Source } from './shape/document.ts'
import type { Plain } from './shape/shape.ts'

const STYLE = { lineWidth: 120, flowCollectionPadding: true }

export function printPolicy(policy: Policy): string {
  const { roles, permissions, changes, rules } = policy
  return stringify(
    policyFile.write({
      ...{ version: 1, roles, permissions, rules },
      changes: changes.stepUp === undefined ? undefined : changes,
    }),
    {
      ...STYLE,
      aliasDuplicateObjects: false,
    },
  )
}

/** `path` as in `['rules', 0, 'then']`. Where `value` is undefined, what stands there is taken out. */
export interface Edit {
  readonly path: readonly (string | number)[]
  readonly value: Plain | undefined
}

export type RewriteResult =
  | (PolicyResult & { readonly kind: 'ok'; readonly text: string })
  | Extract<PolicyResult, { kind: 'broken' }>

/** Makes the edits in order. A text that is no policy, before or after, is never returned; never throws. */
export function rewritePolicy(source: Source, edits: readonly Edit[]): RewriteResult {
  const before = parsePolicy(source)
  if (before.kind === 'broken') return before
  const document = parseDocument(source.text, { version: '1.2', schema: 'core' })
  try {
    for (const { path, value } of edits) {
      if (value === undefined) document.deleteIn(path)
      else document.setIn(path, document.createNode(value, { aliasDuplicateObjects: false }))
    }
  } catch {
    const message = 'an edit does not fit the file: there is nothing at its path that could hold a value'
    return { kind: 'broken', problems: [{ file: source.file, line: 0, column: 0, message }] }
  }
  const text = document.toString(STYLE)
  const after = parsePolicy({ text, file: source.file })
  return after.kind === 'ok' ? { ...after, text } : after
}
