/**
 * What the names in a policy file must agree on: a role that is referred to exists, no two rules share a name (a verdict
 * names its rule, and must name one), and a mask's name means one pattern (recordings say which mask it was).
 */
import { isMap, isScalar, isSeq } from 'yaml'
import { MAX_MASKS } from '../core/verdict.ts'
import type { ProblemList } from './shape/problem.ts'
import { quotable } from './shape/quotable.ts'
import { placeOf } from './shape/shape.ts'
import { nearest } from './shape/suggest.ts'

const PERMISSIONS = ['recordings', 'audit', 'sessions', 'administration'] as const
const GLASS_ROLES = ['who', 'alert', 'reviewers'] as const

/** Looks at nodes, not at values: what else is wrong with the file is reported beside it. */
export function checkNames(root: unknown, problems: ProblemList): void {
  const rules = elements(child(root, 'rules'))
  checkRuleNames(rules, problems)
  checkMasks(rules, problems)
  const roles = child(root, 'roles')
  if (!isMap(roles)) return
  const known = new Set(roles.items.map((pair) => String(isScalar(pair.key) ? pair.key.value : '')))
  const references = [
    ...PERMISSIONS.flatMap((permission) => elements(child(root, 'permissions', permission))),
    ...rules.flatMap((rule) => [
      ...elements(child(rule, 'who')),
      ...elements(child(rule, 'then', 'hold', 'reviewers')),
      ...elements(child(rule, 'then', 'hold', 'escalate', 'to')),
      ...GLASS_ROLES.flatMap((key) => elements(child(rule, 'then', 'hold', 'break-glass', key))),
    ]),
  ]
  for (const { name, offset } of texts(references)) {
    if (!known.has(name))
      problems.report(offset, `there is no role “${quotable(name)}” under roles`, nearest(name, known))
  }
}

function checkRuleNames(rules: readonly unknown[], problems: ProblemList): void {
  const lines = new Map<string, number>()
  for (const { name, offset } of texts(rules.map((rule) => child(rule, 'name')))) {
    const before = lines.get(name)
    if (before === undefined) lines.set(name, problems.lineOf(offset))
    else problems.report(offset, `the rule on line ${before} has the name “${quotable(name)}” already`)
  }
}

/** A session may be under the masks of several rules at once (see bothDuties), so they are bounded over the whole file. */
function checkMasks(rules: readonly unknown[], problems: ProblemList): void {
  const patterns = new Map<string, unknown>()
  for (const mask of rules.flatMap((rule) => elements(child(rule, 'session', 'mask')))) {
    const name = isScalar(mask) ? mask.value : scalar(child(mask, 'name'))
    if (typeof name !== 'string') continue
    const pattern = scalar(child(mask, 'pattern'))
    const { offset } = placeOf(mask, 0)
    if (patterns.has(name) && patterns.get(name) !== pattern)
      problems.report(
        offset,
        `another rule has a mask “${quotable(name)}” with another pattern; give one of them another name`,
      )
    else if (!patterns.has(name) && patterns.size === MAX_MASKS)
      problems.report(offset, `the policy has more than ${MAX_MASKS} different masks`)
    else patterns.set(name, pattern)
  }
}

/** Does the same for a test file: people and targets that a test names are there. */
export function checkTestNames(root: unknown, problems: ProblemList): void {
  const tests = elements(child(root, 'tests'))
  for (const [key, section] of [
    ['who', 'people'],
    ['on', 'targets'],
  ] as const) {
    const names = child(root, section)
    if (!isMap(names)) continue
    const known = names.items.map((pair) => String(isScalar(pair.key) ? pair.key.value : ''))
    for (const { name, offset } of texts(tests.map((test) => child(test, key)))) {
      const wanted = key === 'on' ? name.slice(name.lastIndexOf('@') + 1) : name
      if (!known.includes(wanted))
        problems.report(offset, `there is no “${quotable(wanted)}” under ${section}`, nearest(wanted, known))
    }
  }
}

function child(node: unknown, ...path: readonly string[]): unknown {
  let found = node
  for (const key of path) {
    if (!isMap(found)) return undefined
    found = found.items.find((pair) => isScalar(pair.key) && pair.key.value === key)?.value
  }
  return found
}

function scalar(node: unknown): unknown {
  return isScalar(node) ? node.value : undefined
}

function elements(node: unknown): readonly unknown[] {
  return isSeq(node) ? node.items : []
}

function texts(nodes: readonly unknown[]): readonly { readonly name: string; readonly offset: number }[] {
  return nodes.flatMap((node) =>
    isScalar(node) && typeof node.value === 'string' ? [{ name: node.value, offset: placeOf(node, 0).offset }] : [],
  )
}
