import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { printPolicy, rewritePolicy } from '../../src/policy/print.ts'
import { policyOf } from './parts.ts'

const text = readFileSync(new URL('../../policies/default.yaml', import.meta.url), 'utf8')
const source = { text, file: 'default.yaml' }
const comments = (yaml: string) => yaml.match(/#.*$/gm) ?? []

describe('rewritePolicy()', () => {
  it('changes what it is told to, and keeps every comment and the order', () => {
    const edits = [
      { path: ['rules', 1, 'then', 'hold', 'expires'], value: '30m' },
      { path: ['roles', 'intern'], value: { groups: ['interns'] } },
    ]
    const result = rewritePolicy(source, edits)
    if (result.kind === 'broken') return expect.fail(result.problems[0]!.message)
    expect(comments(result.text)).toEqual(comments(text))
    expect(result.policy.rules.map(({ name }) => name)).toEqual(policyOf(text).rules.map(({ name }) => name))
    expect(result.policy.rules[1]?.then).toMatchObject({ quorum: { expiresAfterMs: 1_800_000 } })
    expect(result.policy.roles.get('intern')).toEqual({ groups: ['interns'] })
    expect(result.policy.digest).not.toBe(policyOf(text).digest)
  })

  it('takes something out', () => {
    const result = rewritePolicy(source, [{ path: ['rules', 2], value: undefined }])
    expect(result.kind === 'ok' && result.policy.rules.map(({ name }) => name)).not.toContain('work in staging')
  })

  it('returns no text that is not a policy', () => {
    expect(rewritePolicy(source, [{ path: ['rules', 0, 'who'], value: ['nobody'] }])).toMatchObject({
      kind: 'broken',
      problems: [{ message: 'there is no role “nobody” under roles' }],
    })
    expect(rewritePolicy(source, [{ path: ['version', 'x', 'y'], value: 1 }]).kind).toBe('broken')
    expect(rewritePolicy({ text: 'nonsense', file: 'f' }, []).kind).toBe('broken')
  })
})

describe('printPolicy()', () => {
  it('writes out what the file left to the defaults', () => {
    expect(printPolicy(policyOf(text))).toContain(
      'approvals: 1\n        distinct-roles: false\n        expires: 15m\n        reason: optional\n',
    )
  })
})
