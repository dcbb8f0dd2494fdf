import { beforeEach, describe, expect, it } from 'vitest'
import type { Action } from '../../src/core/action.ts'
import { NO_DUTIES, type SessionDuties, type Verdict } from '../../src/core/verdict.ts'
import { dutiesOf, evaluate } from '../../src/policy/evaluate.ts'
import type { Policy } from '../../src/policy/rule.ts'
import { Opening } from '../../src/session/opening.ts'
import { action, NOW, policyOf } from '../policy/parts.ts'

/** Policies of one rule that opens shells, and one that lets everything else be done. */
const policy = (then: string, session = '') =>
  policyOf(`
version: 1
roles: { engineer: { groups: [engineering] } }
rules:
  - name: open a shell
    who: everyone
    when: { kind: [shell] }
    then: ${then}
    ${session === '' ? '' : `session: ${session}`}
  - { name: rest, who: everyone, then: allow }
`)

const SHELL = action({ kind: 'shell', text: 'login shell', effects: [] })
const WRITE = action({ kind: 'step', text: 'touch x', effects: ['write'] })
const HOLD = '{ hold: { reviewers: [engineer] } }'

let inForce: Policy
let kept: { by: 'duties' | 'pump'; what: Partial<SessionDuties> }[]
let ends: string[]
let withdrawn: string[]
let opening: Opening

beforeEach(() => {
  kept = []
  ends = []
  withdrawn = []
  opening = new Opening(
    {
      evaluate: (asked: Action): Verdict => evaluate(inForce, asked, { now: NOW }),
      dutiesOf: (opened) => dutiesOf(inForce, opened, { now: NOW }),
    },
    {
      duties: { keep: (what) => void kept.push({ by: 'duties', what }) },
      pump: { keep: (what) => void kept.push({ by: 'pump', what }) },
      end: (reason) => void ends.push(reason),
      withdraw: (reason) => void withdrawn.push(reason),
    },
  )
})

function open(by: Policy): void {
  inForce = by
  opening.keep(opening.evaluate(SHELL).because)
}

function change(to: Policy): void {
  inForce = to
  kept = []
  opening.reconsider()
}

describe('Opening', () => {
  it('hands the duties of the rule that opened it to those who keep them', () => {
    open(policy('allow', '{ idle-timeout: 5m, mask: [iban], read-only: true }'))
    expect(kept.map(({ by }) => by)).toEqual(['duties', 'pump'])
    for (const { what } of kept)
      expect(what).toMatchObject({ idleTimeoutMs: 300_000, readOnly: true, masks: [{ name: 'iban' }] })
  })

  it('denies in a read-only session what the rules let write, and names the rule that opened it', () => {
    open(policy('allow', '{ read-only: true }'))
    expect(opening.evaluate(WRITE)).toMatchObject({ kind: 'deny', because: { name: 'open a shell' } })
    expect(opening.evaluate(action({ kind: 'step', effects: ['read'] }))).toMatchObject({
      kind: 'allow',
      because: { name: 'rest' },
    })
  })

  it('is under the new duties after a change of the policy, in both directions', () => {
    open(policy('allow'))
    expect(opening.evaluate(WRITE).kind).toBe('allow')
    change(policy('allow', '{ read-only: true, max-duration: 2h }'))
    expect(kept.map(({ what }) => what.maxDurationMs)).toEqual([7_200_000, 7_200_000])
    expect(opening.evaluate(WRITE).kind).toBe('deny')
    change(policy('allow'))
    expect(kept.map(({ what }) => what)).toEqual([NO_DUTIES, NO_DUTIES])
    expect(opening.evaluate(WRITE).kind).toBe('allow')
    expect(ends).toEqual([])
  })

  it('takes back what waits when it becomes read-only, and at no other change', () => {
    open(policy('allow'))
    change(policy('allow', '{ idle-timeout: 1h }'))
    expect(withdrawn).toEqual([])
    change(policy('allow', '{ read-only: true }'))
    expect(withdrawn).toEqual(['the policy changed, and this session is read-only now'])
    change(policy('allow', '{ read-only: true, idle-timeout: 1h }'))
    change(policy('allow'))
    expect(withdrawn).toHaveLength(1)
  })

  it('judges the opening again and not what came last', () => {
    open(policy('allow', '{ read-only: true }'))
    opening.evaluate(WRITE)
    change(policy('allow', '{ read-only: true }'))
    expect(ends).toEqual([])
  })

  it('ends where the policy denies the opening now', () => {
    open(policy('allow'))
    change(policy('{ deny: not any more }'))
    expect(ends).toEqual(['The policy changed, and it does not let you open this now. Connect again.'])
    expect(kept).toEqual([])
  })

  it('ends where a second person would have to agree now and none had', () => {
    open(policy('allow'))
    change(policy(HOLD))
    expect(ends).toEqual(['The policy changed, and a second person has to agree to this session now. Connect again.'])
  })

  it('goes on where somebody agreed to it and would have to again', () => {
    open(policy(HOLD))
    change(policy(HOLD, '{ idle-timeout: 1m }'))
    expect(ends).toEqual([])
    expect(kept.map(({ what }) => what.idleTimeoutMs)).toEqual([60_000, 60_000])
  })

  it('ends a command that a read-only rule would not let start', () => {
    const command = action({ kind: 'exec', text: 'touch x', effects: ['write'] })
    const of = (duty: string) =>
      policyOf(
        `version: 1\nroles: { a: { groups: [engineering] } }\nrules: [{ name: r, who: everyone, when: { kind: [exec] }, then: allow, session: { ${duty} } }]\n`,
      )
    inForce = of('read-only: false')
    opening.keep(opening.evaluate(command).because)
    change(of('read-only: true'))
    expect(ends).toHaveLength(1)
  })

  it('does nothing before the session is open', () => {
    change(policy('{ deny: no }'))
    inForce = policy(HOLD)
    opening.evaluate(SHELL)
    change(policy('{ deny: no }'))
    expect([ends, kept]).toEqual([[], []])
  })
})
