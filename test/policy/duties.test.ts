import { describe, expect, it } from 'vitest'
import { NO_DUTIES } from '../../src/core/verdict.ts'
import { bothDuties, underDuties } from '../../src/policy/duties.ts'
import { dutiesOf, evaluate } from '../../src/policy/evaluate.ts'
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
    const shell = action({ kind: 'shell' })
    expect(dutiesOf(policy, { because, action: shell }, now)).toMatchObject({
      idleTimeoutMs: 600_000,
      maxDurationMs: 28_800_000,
      readOnly: true,
      masks: [
        { name: 'iban', keep: 0 },
        { name: 'card-number', keep: 4 },
      ],
      record: { kind: 'output' },
    })
    expect(dutiesOf(policy, { because: { ...because, name: 'rest' }, action: action({ kind: 'step' }) }, now)).toBe(
      NO_DUTIES,
    )
  })

  const unclear = policyOf(`
version: 1
roles: { engineer: { groups: [engineering] } }
rules:
  - name: ledger
    who: everyone
    when: { kind: [exec], interactive: false, objects: { any: [/srv/ledger/**] } }
    then: allow
    session: { idle-timeout: 5m, mask: [{ name: iban, keep: 4 }, email], record: { first: 1KiB } }
  - name: reports
    who: everyone
    when: { kind: [exec], interactive: false }
    then: allow
    session: { idle-timeout: 10m, max-duration: 1h, mask: [iban, jwt], record: { first: 4KiB } }
`)
  const dutiesFor = (value: string | undefined) => {
    const asked = action({ effects: ['read'], objects: [{ kind: 'path', value }] })
    return dutiesOf(unclear, { because: evaluate(unclear, asked, now).because, action: asked }, now)
  }
  const names = (value: string | undefined) => dutiesFor(value).masks.map(({ name, keep }) => `${name} ${keep}`)

  it('returns what every rule asks for that the text leaves possible', () => {
    expect(names('/srv/ledger/x')).toEqual(['iban 4', 'email 0'])
    expect(names('/srv/other')).toEqual(['iban 0', 'jwt 0'])
    expect(names(undefined)).toEqual(['iban 0', 'email 0', 'jwt 0'])
    expect(dutiesFor(undefined)).toMatchObject({
      idleTimeoutMs: 300_000,
      maxDurationMs: 3_600_000,
      record: { kind: 'first', bytes: 4096 },
    })
  })
})

describe('bothDuties()', () => {
  it('takes the stricter of each: less time, less rights, more evidence', () => {
    const digest = { ...NO_DUTIES, record: { kind: 'first', bytes: 0 } } as const
    expect(bothDuties(digest, NO_DUTIES)).toEqual(NO_DUTIES)
    expect(bothDuties(digest, { ...NO_DUTIES, record: { kind: 'first', bytes: 9 } }).record).toMatchObject({ bytes: 9 })
    expect(bothDuties({ ...NO_DUTIES, readOnly: true, idleTimeoutMs: 5 }, NO_DUTIES)).toMatchObject({
      readOnly: true,
      idleTimeoutMs: 5,
    })
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
