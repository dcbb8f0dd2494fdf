import { describe, expect, it } from 'vitest'
import type { Principal } from '../../src/core/principal.ts'
import { authorize } from '../../src/policy/authorize.ts'
import { permissionsOf, rolesOf } from '../../src/policy/policy.ts'
import type { Policy } from '../../src/policy/rule.ts'
import { alice, bob, carol, NOW, person, policyOf, rules, stranger, web1 } from './parts.ts'

const ask = (policy: Policy, over: Partial<Parameters<typeof authorize>[1]> = {}) =>
  authorize(policy, { principal: alice, target: web1, login: 'deploy', address: '192.0.2.1', now: NOW, ...over })
const message = (result: ReturnType<typeof authorize>) => (result.kind === 'refused' ? result.message : undefined)

describe('authorize()', () => {
  it('grants when some rule could answer something else than deny, and proves it', () => {
    const result = ask(rules('when: { effects: { only: [read] } }, then: allow'))
    expect(result).toMatchObject({
      kind: 'granted',
      authorization: { principal: alice, target: web1, login: 'deploy' },
    })
    expect(result.kind === 'granted' && Object.isFrozen(result.authorization)).toBe(true)
  })

  it('refuses somebody in no known group, and says whom to ask', () => {
    const policy = policyOf(
      'version: 1\nroles: { admin: { groups: [admins] } }\npermissions: { administration: [admin] }\nrules: [{ name: r, who: everyone, then: allow }]\n',
    )
    expect(message(ask(policy, { principal: stranger }))).toBe(
      'None of your groups (marketing) has a role here, so no target is open to you; ask somebody with the role admin if one should be.',
    )
    expect(message(ask(policy, { principal: person('nobody', []) }))).toMatch(
      /^You are in no group that the identity provider tells of/,
    )
  })

  it('shows groups from a token as text', () => {
    expect(message(ask(rules('then: allow'), { principal: person('x', ['\u001b[2J\u202e']) }))).toContain(
      '\\u{1b}[2J\\u{202e}',
    )
  })

  it('refuses an account that the target does not offer', () => {
    expect(message(ask(rules('then: allow'), { login: 'postgres' }))).toBe(
      'There is no account postgres for you on web-1.',
    )
  })

  it('refuses where no rule is about this person, target, login, time or address', () => {
    const refused = (policy: Policy) =>
      expect(message(ask(policy))).toMatch(/^No rule opens web-1 as deploy to engineer/)
    refused(rules('who: [sre], then: allow'))
    refused(rules('on: { targets: [web-2] }, then: allow'))
    refused(rules('on: { labels: { env: staging } }, then: allow'))
    refused(rules('on: { logins: [root] }, then: allow'))
    refused(rules("when: { time: { from: '13:00', to: '14:00', zone: UTC } }, then: allow"))
    refused(rules('when: { network: { in: [10.0.0.0/8] } }, then: allow'))
  })

  it('refuses with the message of a rule that denies everything before any other could match', () => {
    expect(message(ask(rules('on: { labels: { env: prod } }, then: { deny: not in prod }', 'then: allow')))).toBe(
      'not in prod',
    )
    expect(
      message(
        ask(rules('when: { network: { outside: [10.0.0.0/8] } }, then: { deny: from inside only }', 'then: allow')),
      ),
    ).toBe('from inside only')
    expect(ask(rules('when: { effects: { any: [destroy] } }, then: { deny: never }', 'then: allow')).kind).toBe(
      'granted',
    )
    // An address that cannot be read is not known to be inside.
    expect(
      ask(rules('when: { network: { in: [10.0.0.0/8] } }, then: { deny: not from there }'), { address: '?' }).kind,
    ).toBe('refused')
  })

  it('does not let somebody in because their address is not known', () => {
    expect(ask(rules('when: { network: { in: [10.0.0.0/8] } }, then: allow'), { address: '?' }).kind).toBe('refused')
    expect(
      message(
        ask(rules('when: { network: { in: [10.0.0.0/8] } }, then: { deny: no }', 'then: allow'), { address: '?' }),
      ),
    ).toBe('no')
  })

  it('never throws', () => {
    expect(
      ask(rules("when: { time: { from: '13:00', to: '14:00', zone: UTC } }, then: allow"), { now: new Date('never') })
        .kind,
    ).toBe('refused')
    expect(authorize(rules('then: allow'), {} as Parameters<typeof authorize>[1]).kind).toBe('refused')
  })
})

describe('permissionsOf()', () => {
  const policy = policyOf(`version: 1
roles:
  engineer: { groups: [engineering] }
  sre: { groups: [sre, on-call] }
  auditor: { groups: [compliance] }
permissions: { recordings: [auditor], audit: [auditor], sessions: [sre] }
rules: [{ name: r, who: [engineer], then: { hold: { reviewers: [sre] } } }]
`)
  const none = { watchAllRecordings: false, readAudit: false, killSessions: false, administer: false, review: false }

  it.each([
    ['an engineer', alice, none],
    ['a reviewer', bob, { ...none, killSessions: true, review: true }],
    ['an auditor', carol, { ...none, watchAllRecordings: true, readAudit: true }],
    ['a stranger', stranger, none],
    [
      'an auditor who is on call',
      person('x', ['compliance', 'on-call']),
      { ...none, watchAllRecordings: true, readAudit: true, killSessions: true, review: true },
    ],
  ] satisfies readonly (readonly [string, Principal, typeof none])[])(
    'says what %s may do',
    (_, principal, expected) => {
      expect(permissionsOf(policy, principal)).toEqual(expected)
    },
  )

  it('gives nothing that is not written', () => {
    expect(permissionsOf(rules('then: allow'), bob)).toEqual(none)
    const capital = policyOf(
      'version: 1\nroles: { a: { groups: [Ops] } }\nrules: [{ name: r, who: everyone, then: allow }]\n',
    )
    expect(rolesOf(capital, person('x', ['Ops']))).toEqual(['a'])
    expect(rolesOf(capital, person('x', ['ops']))).toEqual([])
    expect(rolesOf(policy, person('x', ['Compliance', 'toString', '__proto__']))).toEqual([])
  })
})
