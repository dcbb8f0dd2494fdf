import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Action } from '../../src/core/action.ts'
import { evaluate } from '../../src/policy/evaluate.ts'
import { coveredByGrant, type Grant, grantFor, grantFrom } from '../../src/policy/grant.ts'
import { action, alice, bob, NOW, rules, web1 } from './parts.ts'

const policy = rules(
  'when: { effects: { only: [read] } }, then: allow',
  'when: { effects: { any: [privilege] } }, then: { deny: never }',
  'then: { hold: { reviewers: [sre] } }',
)
const restart = action({ text: 'systemctl restart nginx', effects: ['write'] })
const until = new Date(NOW.getTime() + 3_600_000)
const judge = (asked: Action, by = policy) => evaluate(by, asked, { now: NOW })
const terms = { policy, action: restart, verdict: judge(restart), until, by: bob, reason: 'deployment until one' }

function granted(): Grant {
  const result = grantFrom(terms, NOW)
  if (result.kind === 'refused') throw new Error(result.message)
  return result.grant
}
const covers = (over: Partial<Action>, now = NOW) => coveredByGrant(granted(), { ...restart, ...over }, now)

describe('a grant', () => {
  it('covers the same text for the same person on the same target until its time', () => {
    expect(covers({})).toBe(true)
    expect(covers({ kind: 'step', assurance: 'stepped' })).toBe(true)
    expect(covers({}, new Date(until.getTime() - 1))).toBe(true)
  })

  it.each<[string, Partial<Action>]>([
    ['a longer text', { text: 'systemctl restart nginx; id' }],
    ['a text with a space more', { text: 'systemctl restart nginx ' }],
    ['another person', { principal: bob }],
    ['another target', { target: { ...web1, name: 'web-2' } }],
    ['another account', { login: 'root' }],
    ['a text that was read off a screen', { assurance: 'inferred', kind: 'line' }],
    ['a shell', { kind: 'shell' }],
  ])('does not cover %s', (_, over) => {
    expect(covers(over)).toBe(false)
  })

  it('is over at its time, also when the clock is broken', () => {
    expect(covers({}, until)).toBe(false)
    expect(covers({}, new Date('never'))).toBe(false)
  })

  it('covers no other text, whatever it is', () => {
    fc.assert(fc.property(fc.string(), (text) => void expect(covers({ text })).toBe(text === restart.text)))
  })

  it('stands for the approval that its own rule asks for, and for nothing else', () => {
    const find = (asked: Action, by = policy) =>
      grantFor([granted()], { policy: by, action: asked, verdict: judge(asked, by) }, NOW)
    expect(find(restart)).toEqual(granted())
    expect(find({ ...restart, effects: ['privilege'] })).toBeUndefined()
    expect(find({ ...restart, effects: ['read'] })).toBeUndefined()
    // The policy changed: the same rule may mean something else now.
    expect(
      find(
        restart,
        rules('when: { effects: { only: [read] } }, then: allow', 'then: { hold: { reviewers: [engineer] } }'),
      ),
    ).toBeUndefined()
  })

  it.each([
    ['an action that is not held', { verdict: judge({ ...restart, effects: ['read'] }) }, 'is held'],
    ['an action that is denied', { verdict: judge({ ...restart, effects: ['privilege'] }) }, 'is held'],
    ['a time that is past', { until: NOW }, 'ends in the future'],
    ['a time that is none', { until: new Date('never') }, 'ends in the future'],
    ['more than a day', { until: new Date(NOW.getTime() + 24 * 3_600_000 + 1) }, 'within a day'],
    [
      'a text that was read off a screen',
      { action: { ...restart, assurance: 'inferred' as const } },
      'read off a screen',
    ],
    ['a shell', { action: { ...restart, kind: 'shell' as const } }, 'a shell'],
    [
      'what needs two approvals',
      { verdict: judge(restart, rules('then: { hold: { reviewers: [sre], approvals: 2 } }')) },
      'needs 2 approvals',
    ],
    [
      'no reason where one is asked for',
      { verdict: judge(restart, rules('then: { hold: { reviewers: [sre], reason: required } }')), reason: ' ' },
      'written reason',
    ],
  ])('is not given for %s', (_, over, message) => {
    expect(grantFrom({ ...terms, ...over }, NOW)).toMatchObject({
      kind: 'refused',
      message: expect.stringContaining(message),
    })
  })

  it('names who gave it and to whom', () => {
    expect(granted()).toMatchObject({
      principal: alice.id,
      by: bob,
      rule: 'rule 3',
      policy: policy.digest,
      target: 'web-1',
      login: 'deploy',
    })
  })
})
