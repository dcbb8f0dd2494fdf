import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { answersHold, coveredByGrant, type GrantTerms, grantFrom } from '../../src/approval/grant.ts'
import type { Action } from '../../src/core/action.ts'
import type { Grant } from '../../src/core/grant.ts'
import type { Hold } from '../../src/core/hold.ts'
import { newHoldId, newSessionId } from '../../src/core/ids.ts'
import type { Quorum, Verdict } from '../../src/core/verdict.ts'
import { action, alice, bob, hold, LIMIT, POLICY_DIGEST, RULE } from './parts.ts'

const NOW = new Date('2026-11-27T16:00:00Z')
const restart = action({ text: 'systemctl restart nginx', effects: ['write'] })
const terms: GrantTerms = { minutes: 60, scope: 'person', by: bob, reason: '', policy: POLICY_DIGEST }
const verdict = (over: Partial<Quorum> = {}) => hold({ grant: LIMIT, ...over })

function held(over: Partial<Action> = {}, quorum: Partial<Quorum> = {}): Hold {
  return {
    id: newHoldId(),
    action: { ...restart, ...over },
    because: RULE,
    quorum: verdict(quorum).quorum,
    message: undefined,
    createdAt: NOW,
    expiresAt: NOW,
    explanations: [],
    screen: [],
    decisions: [],
    state: { kind: 'pending' },
  }
}

function granted(over: Partial<GrantTerms> = {}): Grant {
  const result = grantFrom(held(), { ...terms, ...over }, NOW)
  if (result.kind === 'refused') throw new Error(result.message)
  return result.grant
}
const { until } = granted()
const covers = (over: Partial<Action>, now = NOW, grant = granted()) =>
  coveredByGrant(grant, { ...restart, ...over }, now)

describe('a grant', () => {
  it('covers the same text for the same person on the same target until its time', () => {
    expect(until).toEqual(new Date('2026-11-27T17:00:00Z'))
    expect(covers({})).toBe(true)
    expect(covers({ session: newSessionId() })).toBe(true)
    expect(covers({}, new Date(until.getTime() - 1))).toBe(true)
  })

  it.each<[string, Partial<Action>]>([
    ['a longer text', { text: 'systemctl restart nginx; id' }],
    ['a text with a space more', { text: 'systemctl restart nginx ' }],
    ['another person', { principal: bob }],
    ['another target', { target: { ...restart.target, name: 'web-2' } }],
    ['another account', { login: 'root' }],
    ['a text that is less sure', { assurance: 'stepped' }],
    ['a text that was read off a screen', { assurance: 'inferred' }],
    ['a step, where it was a whole command', { kind: 'step' }],
    ['a shell', { kind: 'shell' }],
  ])('does not cover %s', (_, over) => {
    expect(covers(over)).toBe(false)
  })

  it('covers its own session alone where it was given for that', () => {
    const narrow = granted({ scope: 'session' })
    expect(covers({}, NOW, narrow)).toBe(true)
    expect(covers({ session: newSessionId() }, NOW, narrow)).toBe(false)
  })

  it('is over at its time, when it was ended, and when the clock is broken', () => {
    expect(covers({}, until)).toBe(false)
    expect(covers({}, new Date('never'))).toBe(false)
    expect(covers({}, NOW, { ...granted(), ended: { at: NOW, by: bob, reason: 'revoked' } })).toBe(false)
  })

  it('covers no other text, whatever it is', () => {
    fc.assert(fc.property(fc.string(), (text) => void expect(covers({ text })).toBe(text === restart.text)))
  })

  it.each<[string, Verdict, boolean]>([
    ['the hold of its own rule', verdict(), true],
    ['the hold of another rule', { ...verdict(), because: { ...RULE, name: 'riskier' } }, false],
    ['a hold under another policy', verdict({ grant: { ...LIMIT, policy: 'd2' } }), false],
    ['a hold that is not to be granted now', verdict({ grant: undefined }), false],
    ['a hold that is to be granted for less time now', verdict({ grant: { ...LIMIT, longestMs: 3_599_999 } }), false],
    ['a hold that is to be granted in a session only now', verdict({ grant: { ...LIMIT, scope: 'session' } }), false],
    ['a hold that needs two people', verdict({ count: 2 }), false],
    ['a denial', { kind: 'deny', because: RULE, message: 'no' }, false],
  ])('answers %s: %s', (_, judged, isAnswered) => {
    expect(answersHold(granted(), restart, judged, NOW)).toBe(isAnswered)
  })

  it.each<[string, Hold, Partial<GrantTerms>, string]>([
    ['what the rule does not let be granted', held({}, { grant: undefined }), {}, 'approved once, each time'],
    ['no time', held(), { minutes: 0 }, '1 to 60 minutes'],
    ['half a minute', held(), { minutes: 0.5 }, '1 to 60 minutes'],
    ['a time that is none', held(), { minutes: Number.NaN }, '1 to 60 minutes'],
    ['longer than the rule says', held(), { minutes: 61 }, '1 to 60 minutes'],
    [
      'wider than the rule says',
      held({}, { grant: { ...LIMIT, scope: 'session' } }),
      {},
      'in the session that asked, and not beyond',
    ],
    ['a policy that has changed since', held(), { policy: 'd2' }, 'The policy changed'],
    ['a text that was read off a screen', held({ assurance: 'inferred' }), {}, 'read off a screen'],
    ['a shell', held({ kind: 'shell' }), {}, 'a shell'],
    ['what needs two approvals', held({}, { count: 2 }), {}, 'needs 2 approvals'],
    ['no reason where one is asked for', held({}, { reasonRequired: true }), { reason: ' ' }, 'written reason'],
  ])('is not given for %s', (_, asked, over, message) => {
    expect(grantFrom(asked, { ...terms, ...over }, NOW)).toMatchObject({
      kind: 'refused',
      message: expect.stringContaining(message),
    })
  })

  it('names who gave it and to whom', () => {
    expect(granted()).toMatchObject({
      principal: alice,
      by: bob,
      because: RULE,
      policy: POLICY_DIGEST,
      target: 'web-1',
      login: 'deploy',
      reviewers: ['sre'],
      uses: 0,
    })
  })
})
