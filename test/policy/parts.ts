/** Actions, people and targets for the tests of the policy. */
import type { Action } from '../../src/core/action.ts'
import { type ActionId, principalId, type SessionId } from '../../src/core/ids.ts'
import type { Principal } from '../../src/core/principal.ts'
import type { Target } from '../../src/core/target.ts'
import { parsePolicy } from '../../src/policy/parse.ts'
import type { Problem } from '../../src/policy/policy.ts'
import type { Policy } from '../../src/policy/rule.ts'

export const NOW = new Date('2025-01-15T12:00:00Z')

export function person(name: string, groups: readonly string[]): Principal {
  const issuer = 'https://id.example'
  return { id: principalId(issuer, name), issuer, subject: name, name, email: `${name}@example.org`, groups }
}

export const alice = person('alice', ['engineering'])
export const bob = person('bob', ['sre'])
export const carol = person('carol', ['compliance'])
export const stranger = person('stranger', ['marketing'])

export const web1: Target = {
  name: 'web-1',
  protocol: 'ssh',
  host: '192.0.2.10',
  port: 22,
  login: 'deploy',
  logins: ['deploy', 'root'],
  labels: { env: 'prod' },
  hostKeys: [],
  credential: 'web',
}

export function action(over: Partial<Action> = {}): Action {
  return {
    id: 'a1' as ActionId,
    session: 's1' as SessionId,
    kind: 'exec',
    text: 'true',
    assurance: 'exact',
    commands: [],
    effects: [],
    objects: [],
    principal: alice,
    target: web1,
    login: 'deploy',
    interactive: false,
    address: '192.0.2.1',
    ...over,
  }
}

export function policyOf(text: string): Policy {
  const result = parsePolicy({ text, file: 'test.yaml' })
  if (result.kind === 'broken')
    throw new Error(result.problems.map(({ line, message }) => `${line}: ${message}`).join('\n'))
  return result.policy
}

export function problemsOf(text: string): readonly Problem[] {
  const result = parsePolicy({ text, file: 'test.yaml' })
  return result.kind === 'broken' ? result.problems : []
}

/** A policy of these rules, each with a name, for everybody where it says nothing else. */
export function rules(...lines: readonly string[]): Policy {
  const listed = lines.map(
    (line, index) => `  - { name: rule ${index + 1}, ${line.includes('who:') ? '' : 'who: everyone, '}${line} }`,
  )
  return policyOf(
    `version: 1\nroles:\n  engineer: { groups: [engineering] }\n  sre: { groups: [sre] }\nrules:\n${listed.join('\n')}\n`,
  )
}
