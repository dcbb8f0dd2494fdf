/**
 * From a policy file to a Policy, or to everything that is wrong with it. A policy with a single problem is not used
 * at all: a rule left out is a rule that does not protect.
 */
import { createHash } from 'node:crypto'
import { NO_CHANGE_TERMS, NO_PERMISSIONS, policyFile } from './language/policy-file.ts'
import { checkNames } from './names.ts'
import type { Policy } from './rule.ts'
import { readFile, type Source } from './shape/document.ts'
import type { Problem } from './shape/problem.ts'

export type PolicyResult =
  | { readonly kind: 'ok'; readonly policy: Policy }
  | { readonly kind: 'broken'; readonly problems: readonly Problem[] }

/** Never throws. */
export function parsePolicy(source: Source): PolicyResult {
  const result = readFile(source, policyFile, checkNames)
  if (result.kind === 'broken') return result
  const { roles, rules, permissions = NO_PERMISSIONS, changes = NO_CHANGE_TERMS } = result.value
  const digest = createHash('sha256').update(source.text, 'utf8').digest('hex')
  return { kind: 'ok', policy: { file: source.file, digest, roles, permissions, changes, rules } }
}
