import { describe, expect, it } from 'vitest'
import { NO_DUTIES } from '../../src/core/verdict.ts'
import { dutiesOf, underDuties } from '../../src/policy/duties.ts'
import { evaluate } from '../../src/policy/evaluate.ts'
import { action, policyOf } from './parts.ts'

const policy = policyOf(`
version: 1
roles: { engineer: { groups: [engineering] } }
rules:
  - name: look
    who: everyone
    when: { kind: [shell, exec] }
    then: allow
    session: { idle-timeout: 10m, max-duration: 8h, read-only: true, mask: [iban, { name: card-number, keep: 4 }] }
  - { name: rest, who: everyone, then: allow }
`)
const now = { now: new Date('2025-01-15T12:00:00Z') }
const because = { name: 'look', file: 'f', line: 1 }
const READ_ONLY = { ...NO_DUTIES, readOnly: true }

describe('dutiesOf()', () => {
  it('returns what the rule asks of a session that it let open', () => {
    expect(dutiesOf(policy, because)).toMatchObject({
      idleTimeoutMs: 600_000,
      maxDurationMs: 28_800_000,
      readOnly: true,
      masks: [
        { name: 'iban', keep: 0 },
        { name: 'card-number', keep: 4 },
      ],
      record: { kind: 'output' },
    })
    expect(dutiesOf(policy, { ...because, name: 'rest' })).toBe(NO_DUTIES)
  })
})

describe('a read-only session', () => {
  it.each(['write', 'destroy', 'privilege', 'transfer', 'escape', 'opaque', 'unknown'] as const)(
    'denies %s, whatever the rules say',
    (effect) => {
      const step = action({ kind: 'step', effects: ['read', effect] })
      expect(underDuties(READ_ONLY, because, step, evaluate(policy, step, now))).toMatchObject({
        kind: 'deny',
        because,
        message: expect.stringContaining(`read-only, and what this does is ${effect}`),
      })
    },
  )

  it('lets read what the rules let read, and no more', () => {
    const step = action({ kind: 'step', effects: ['read'] })
    const verdict = evaluate(policy, step, now)
    expect(underDuties(READ_ONLY, because, step, verdict)).toBe(verdict)
    const denied = { kind: 'deny', because, message: 'no' } as const
    expect(underDuties(READ_ONLY, because, action({ effects: ['write'] }), denied)).toBe(denied)
  })

  it('denies a command that would open it and does more', () => {
    expect(evaluate(policy, action({ kind: 'exec', effects: ['write'] }), now).kind).toBe('deny')
    expect(evaluate(policy, action({ kind: 'exec', effects: ['read'] }), now).kind).toBe('allow')
    expect(evaluate(policy, action({ kind: 'step', effects: ['write'] }), now).kind).not.toBe('hold')
  })
})
