import { describe, expect, it } from 'vitest'
import { clearAllowed, clearApproved, clearGranted, redeem } from '../../src/approval/clearance.ts'
import { grantFrom } from '../../src/approval/grant.ts'
import type { Hold, HoldState } from '../../src/core/hold.ts'
import { newHoldId, newSessionId } from '../../src/core/ids.ts'
import { action, bob, hold, LIMIT, POLICY_DIGEST, RULE } from './parts.ts'

const at = new Date(0)

function held(state: HoldState): Hold {
  return {
    id: newHoldId(),
    action: action(),
    because: RULE,
    quorum: hold().quorum,
    message: undefined,
    createdAt: at,
    expiresAt: at,
    explanations: [],
    screen: [],
    decisions: [],
    state,
  }
}

const allowed = () => {
  const it = action()
  return { use: { session: it.session, text: it.text }, clearance: clearAllowed(it, { kind: 'allow', because: RULE }) }
}

describe('redeem()', () => {
  it('takes a clearance once', () => {
    const { clearance, use } = allowed()
    redeem(clearance, use)
    expect(() => redeem(clearance, use)).toThrow('used already')
  })

  it.each([
    ['fault 44: another session', { session: newSessionId() }],
    ['fault 44: a longer text', { text: 'rm -rf /srv/old /srv/new' }],
    ['fault 44: a text with a blank more', { text: 'rm -rf /srv/old ' }],
    ['fault 44: a text that only looks the same', { text: 'rm\u00a0-rf /srv/old' }],
    ['fault 44: no text', { text: '' }],
  ])('%s is refused, and does not use it up', (_, other) => {
    const { clearance, use } = allowed()
    expect(() => redeem(clearance, { ...use, ...other })).toThrow('no longer what was approved')
    expect(() => redeem(clearance, use)).not.toThrow()
  })

  it('fault 44: a clearance cannot be changed after it was made, and a copy has no use of its own text', () => {
    const { clearance, use } = allowed()
    expect(() => Object.assign(clearance, { text: 'reboot' })).toThrow(TypeError)
    expect(() => redeem({ ...clearance, text: 'reboot' }, use)).toThrow('no longer what was approved')
  })
})

describe('clearApproved()', () => {
  it.each<HoldState>([
    { kind: 'pending' },
    { kind: 'running', at },
    { kind: 'done', at, exitStatus: 0 },
    { kind: 'unknown', at },
    { kind: 'rejected', at, by: bob, reason: 'no' },
    { kind: 'expired', at, reason: '' },
    { kind: 'withdrawn', at, reason: '' },
  ])('refuses a hold that is $kind', (state) => {
    expect(() => clearApproved(held(state))).toThrow('not approved')
  })

  it('names exactly what the hold held', () => {
    const approved = held({ kind: 'approved', at })
    const { text, session, hold: id } = clearApproved(approved)
    expect({ text, session, id }).toEqual({
      text: approved.action.text,
      session: approved.action.session,
      id: approved.id,
    })
  })
})

describe('clearGranted()', () => {
  const asked = action()
  const verdict = hold({ grant: LIMIT })
  const result = grantFrom(
    { ...held({ kind: 'pending' }), action: asked, quorum: verdict.quorum },
    { minutes: 1, scope: 'session', by: bob, reason: '', policy: POLICY_DIGEST },
    at,
  )
  const grant = result.kind === 'granted' ? result.grant : undefined

  it('names the action, and the grant that stood in for an approval', () => {
    const clearance = clearGranted(asked, verdict, { grant: grant!, now: at })
    expect(clearance).toMatchObject({ action: asked.id, text: asked.text, grant: grant?.id, hold: undefined })
  })

  it.each([
    ['another text', { ...asked, text: 'reboot' }, verdict, at],
    ['another rule', asked, { ...verdict, because: { ...RULE, name: 'other' } }, at],
    ['a denial', asked, { kind: 'deny' as const, because: RULE, message: '' }, at],
    ['a later time', asked, verdict, new Date(60_000)],
  ])('refuses a grant for %s', (_, other, judged, now) => {
    expect(() => clearGranted(other, judged, { grant: grant!, now })).toThrow('not granted')
  })
})
