import { describe, expect, it } from 'vitest'
import type { Action } from '../../src/core/action.ts'
import type { GrantLimit } from '../../src/core/verdict.ts'
import { evaluate } from '../../src/policy/evaluate.ts'
import type { Policy } from '../../src/policy/rule.ts'
import { action, NOW, problemsOf, rules } from './parts.ts'

const held = (terms: string, more = '') => `then: { hold: { reviewers: [sre], grant: ${terms}${more} } }`
const restart = action({ text: 'systemctl restart nginx', effects: ['write'] })

function limit(policy: Policy, asked: Action = restart): Omit<GrantLimit, 'policy'> | undefined {
  const verdict = evaluate(policy, asked, { now: NOW })
  if (verdict.kind !== 'hold') throw new Error(verdict.kind)
  const { grant } = verdict.quorum
  if (grant === undefined) return undefined
  expect(grant.policy).toBe(policy.digest)
  return { longestMs: grant.longestMs, scope: grant.scope }
}

describe('what a held action may be granted', () => {
  it('is nothing where the rule does not say so', () => {
    expect(limit(rules('then: { hold: { reviewers: [sre] } }'))).toBeUndefined()
  })

  it('is what the rule says, in the session that asked where it says no more', () => {
    expect(limit(rules(held('{ longest: 4h, scope: person }')))).toEqual({ longestMs: 4 * 3_600_000, scope: 'person' })
    expect(limit(rules(held('{ longest: 10m }')))).toEqual({ longestMs: 600_000, scope: 'session' })
  })

  it.each<[string, string, Partial<Action>, boolean]>([
    ['only, and it is', '{ only: [read, write] }', { effects: ['write'] }, true],
    ['only, and there is more', '{ only: [read, write] }', { effects: ['write', 'destroy'] }, false],
    ['none, and it is not', '{ none: [opaque] }', { effects: ['write'] }, true],
    ['none, and it is', '{ none: [opaque] }', { effects: ['write', 'opaque'] }, false],
    ['any, and it is', '{ any: [transfer] }', { effects: ['transfer'] }, true],
    ['any, and it is not', '{ any: [transfer] }', { effects: ['write'] }, false],
  ])('depends on the effects: %s', (_, effects, over, isGranted) => {
    const policy = rules(held(`{ longest: 1h, effects: ${effects} }`))
    expect(limit(policy, { ...restart, ...over }) !== undefined).toBe(isGranted)
  })

  const path = (value: string | undefined) => ({ objects: [{ kind: 'path' as const, value }] })
  it.each<[string, Partial<Action>, boolean]>([
    ['a shell', { kind: 'shell' }, false],
    ['a text that was read off a screen', { kind: 'line', assurance: 'inferred' }, false],
    ['an object that is not known (rm $X)', path(undefined), false],
    ['a whole path', { kind: 'step', assurance: 'stepped', ...path('/srv/flag') }, true],
    ['a path from where the shell stands', { kind: 'step', assurance: 'stepped', ...path('flag') }, false],
    ['a path from home, which a shell may call what it likes', { kind: 'step', ...path('~/flag') }, false],
    ['a path from where every ssh command starts', { kind: 'exec', ...path('flag') }, true],
    [
      'a command that is not known ($X)',
      {
        commands: [{ text: '$X', name: undefined, start: 0, end: 2, effects: [], objects: [], because: '' }],
      },
      false,
    ],
  ])('depends on what means the same the next time: %s', (_, over, isGranted) => {
    expect(limit(rules(held('{ longest: 1h }')), { ...restart, ...over }) !== undefined).toBe(isGranted)
  })

  it('is what both rules let be granted, where it is not known which of them applies', () => {
    const unclear = (terms: string) =>
      `when: { objects: { any: [/etc/**] } }, then: { hold: { reviewers: [sre]${terms} } }`
    // A host is known, so it may be granted; whether it is under /etc is what an `other` object leaves open.
    const asked = { ...restart, objects: [{ kind: 'other' as const, value: 'x' }] }
    const short = ', grant: { longest: 5m, scope: person }'
    expect(limit(rules(unclear(short), held('{ longest: 1h }')), asked)).toEqual({
      longestMs: 300_000,
      scope: 'session',
    })
    expect(limit(rules(unclear(''), held('{ longest: 1h }')), asked)).toBeUndefined()
    expect(limit(rules(unclear(short), 'then: { hold: { reviewers: [sre] } }'), asked)).toBeUndefined()
    expect(limit(rules(unclear(short), 'then: { hold: { reviewers: [sre], approvals: 2 } }'), asked)).toBeUndefined()
  })
})

describe('a policy with a grant', () => {
  const policy = (hold: string) =>
    `version: 1\nroles: { sre: { groups: [sre] } }\nrules:\n  - { name: r, who: everyone, then: { hold: ${hold} } }\n`

  it.each([
    ['two approvals', '{ reviewers: [sre], approvals: 2, grant: { longest: 1h } }', 'one person’s word'],
    ['no length', '{ reviewers: [sre], grant: { scope: person } }', 'lacks the key “longest”'],
    ['more than a day', '{ reviewers: [sre], grant: { longest: 2d } }', 'it is 1d at most'],
    ['another scope', '{ reviewers: [sre], grant: { longest: 1h, scope: target } }', 'there is no scope “target”'],
    ['another effect', '{ reviewers: [sre], grant: { longest: 1h, effects: { only: [run] } } }', 'there is no effect'],
  ])('is refused with %s', (_, hold, message) => {
    expect(problemsOf(policy(hold)).map((problem) => problem.message)).toEqual([expect.stringContaining(message)])
  })
})
