import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseDocument, visit, type YAMLMap } from 'yaml'
import type { Action } from '../../src/core/action.ts'
import type { Verdict } from '../../src/core/verdict.ts'
import { evaluate, trace } from '../../src/policy/evaluate.ts'
import { explain, formatExplanation } from '../../src/policy/explain.ts'
import { matchRule } from '../../src/policy/match.ts'
import { parsePolicy } from '../../src/policy/parse.ts'
import { printPolicy } from '../../src/policy/print.ts'
import { rolesOf } from '../../src/policy/roles.ts'
import type { Policy, Rule } from '../../src/policy/rule.ts'
import { isImpossible, subsumes } from '../../src/policy/subsume.ts'
import { anyAction, anyTime, policyText } from './arbitrary.ts'
import { action, NOW, policyOf } from './parts.ts'

const STRICTNESS = { allow: 0, hold: 1, deny: 2 } as const
const strictness = (verdict: Verdict) => STRICTNESS[verdict.kind]

/** Everything but the positions and the digest, which a changed text changes. */
function meaning({ roles, permissions, changes, rules }: Policy): string {
  return JSON.stringify({
    roles: [...roles],
    permissions,
    changes,
    rules: rules.map(({ line: _line, on, ...rest }) => ({ ...rest, on: { ...on, labels: [...(on.labels ?? [])] } })),
  })
}

describe('the policy, whatever it is', () => {
  it('reads back from what is printed as the same policy (fault 30: a field parsed and dropped)', () => {
    fc.assert(
      fc.property(policyText, (text) => {
        const policy = policyOf(text)
        const printed = printPolicy(policy)
        expect(meaning(policyOf(printed))).toBe(meaning(policy))
        expect(printPolicy(policyOf(printed))).toBe(printed)
      }),
      { numRuns: 60 },
    )
  })

  it('keeps every key that the file has (fault 30: a field parsed and dropped)', () => {
    fc.assert(
      fc.property(policyText, (text) => {
        const printed = JSON.stringify(parseDocument(printPolicy(policyOf(text))).toJS())
        for (const key of keysOf(text)) expect(printed).toContain(`"${key}":`)
      }),
      { numRuns: 60 },
    )
  })

  it('is refused with an unknown key anywhere, which is named with its place (fault 30: an unknown key)', () => {
    fc.assert(
      fc.property(policyText, fc.nat(), (text, pick) => {
        const document = parseDocument(text)
        const maps: YAMLMap[] = []
        visit(document, {
          Pair: (_, pair) =>
            pair.key !== null && typeof pair.key === 'object' && 'value' in pair.key && pair.key.value === 'labels'
              ? visit.SKIP
              : undefined,
          Map: (_, map) => void maps.push(map),
        })
        // Names of roles are the author's.
        const open = maps.filter((map) => map !== document.get('roles'))
        open[pick % open.length]!.set('whem', 1)
        const changed = document.toString()
        const result = parsePolicy({ text: changed, file: 'test.yaml' })
        expect(result.kind).toBe('broken')
        const problem =
          result.kind === 'broken' ? result.problems.find(({ message }) => message.includes('“whem”')) : undefined
        expect(problem).toBeDefined()
        expect(changed.split('\n')[problem!.line - 1]).toContain('whem')
      }),
      { numRuns: 60 },
    )
  })

  it('answers by its first rule that matches, where everything is known', () => {
    forPoliciesAndActions(anyAction, (policy, asked, now) => {
      const facts = { action: asked, roles: rolesOf(policy, asked.principal), now }
      const first = policy.rules
        .map((rule) => ({ rule, kind: matchRule(rule, facts).kind }))
        .find(({ kind }) => kind !== 'failed')
      const verdict = evaluate(policy, asked, { now })
      if (first === undefined) {
        expect(verdict).toMatchObject({ kind: 'deny', because: { name: 'no-rule-matched', line: 0 } })
        return
      }
      const { name, line } = first.rule
      const kind = answered(first.rule, asked)
      if (first.kind === 'matched') expect(verdict).toMatchObject({ kind, because: { name, line } })
      else expect(strictness(verdict)).toBeGreaterThanOrEqual(STRICTNESS[kind])
    })
  })

  it('is never milder with what it does not know than it would be if it knew', () => {
    const known = fc.constantFrom('/etc/hosts', '/etc', '/', '/srv/x', '/srv/a.pem', '/tmp/b')
    forPoliciesAndActions(fc.tuple(anyAction, known), (policy, [asked, value], now) => {
      const resolved: Action = {
        ...asked,
        objects: asked.objects.map((object) => (object.value === undefined ? { ...object, value } : object)),
      }
      expectNotMilder(policy, { unsure: asked, sure: resolved, now })
    })
  })

  it('is never milder with a command whose inside it does not see than with what that turns out to do', () => {
    forPoliciesAndActions(fc.tuple(anyAction, anyAction), (policy, [asked, inside], now) => {
      const hidden: Action = { ...asked, effects: [...new Set([...asked.effects, 'escape' as const])] }
      const commands = [...asked.commands, ...inside.commands]
      const objects = [...asked.objects, ...inside.objects]
      expectNotMilder(policy, { unsure: hidden, sure: { ...hidden, commands, objects }, now })
    })
  })

  it('never throws, and never allows by mistake, whatever the action is', () => {
    const policy = policyOf(
      'version: 1\nroles:\n  a: { groups: [engineering] }\nrules:\n  - { name: r, who: everyone, when: { effects: { only: [read] } }, then: allow }\n',
    )
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true }), fc.anything(), (junk, now) => {
        const verdict = evaluate(policy, junk as Action, { now: now as Date })
        expect(verdict).toMatchObject({ kind: 'deny', because: { name: 'policy-error', line: 0 } })
      }),
    )
  })

  it('allows nothing without rules', () => {
    const empty: Policy = {
      ...policyOf(
        'version: 1\nroles: { a: { groups: [engineering] } }\nrules: [{ name: r, who: everyone, then: allow }]\n',
      ),
      rules: [],
    }
    fc.assert(
      fc.property(anyAction, anyTime, (asked, now) => void expect(evaluate(empty, asked, { now }).kind).toBe('deny')),
    )
  })

  it('allows nothing to somebody without a role', () => {
    fc.assert(
      fc.property(policyText, anyAction, anyTime, (text, asked, now) => {
        const nobody = { ...asked, principal: { ...asked.principal, groups: ['marketing'] } }
        expect(evaluate(policyOf(text), nobody, { now })).toMatchObject({
          kind: 'deny',
          because: { name: 'no-rule-matched' },
        })
      }),
    )
  })

  it('explains the verdict that it gives, rule by rule', () => {
    forPoliciesAndActions(anyAction, (policy, asked, now) => {
      const explanation = explain(policy, asked, { now })
      expect(explanation.verdict).toEqual(evaluate(policy, asked, { now }))
      expect(explanation.rules.map(({ rule }) => rule.line)).toEqual(policy.rules.map(({ line }) => line))
      for (const { outcome, because } of explanation.rules) {
        expect(because === undefined).toBe(outcome === 'matched' || outcome === 'not-reached')
      }
      expect(formatExplanation(explanation)).not.toMatch(/undefined|something else/)
    })
  })

  it('calls a rule dead only if it never has a say', () => {
    forPoliciesAndActions(anyAction, (policy, asked, now) => {
      const isDead = (rule: Rule, index: number) =>
        isImpossible(rule) || policy.rules.slice(0, index).some((earlier) => subsumes(policy, earlier, rule))
      const live = { ...policy, rules: policy.rules.filter((rule, index) => !isDead(rule, index)) }
      expect(evaluate(live, asked, { now })).toEqual(evaluate(policy, asked, { now }))
    })
  })

  it('is read in full or not at all, and without an exception, whatever the text is', () => {
    const piece = fc.constantFrom(
      'version: 1\n',
      'roles:',
      ' {',
      '}',
      '[',
      ']',
      '\n  ',
      '- ',
      ': ',
      '&a ',
      '*a',
      '!!js ',
      '<<',
      '"',
      "'",
      '|\n',
      '#',
      '---\n',
      '%',
      '\u0000',
      'rules:\n',
      'who: everyone',
      'then: allow',
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join('')),
        ),
        (text) => void expect(parsePolicy({ text, file: 'f' }).kind).toBe('broken'),
      ),
      { numRuns: 500 },
    )
  })
})

describe('trace()', () => {
  it('tells which rules were not reached', () => {
    const policy = policyOf(
      'version: 1\nroles: { a: { groups: [engineering] } }\nrules: [{ name: r, who: everyone, then: allow }, { name: s, who: everyone, then: allow }]\n',
    )
    expect(trace(policy, action(), { now: NOW }).rules.map(({ match }) => match.kind)).toEqual([
      'matched',
      'not-reached',
    ])
  })
})

/** What a rule that matches answers: a command opens a session of its own, so read-only is felt by the command itself. */
function answered(rule: Rule, asked: Action): Verdict['kind'] {
  const doesMore = asked.kind === 'exec' && asked.effects.some((effect) => effect !== 'read')
  return rule.session?.readOnly === true && doesMore ? 'deny' : rule.then.kind
}

/** Each policy meets many actions, because reading one takes a hundred times as long as asking it. */
function forPoliciesAndActions<T>(asked: fc.Arbitrary<T>, check: (policy: Policy, asked: T, now: Date) => void): void {
  const cases = fc.array(fc.tuple(asked, anyTime), { minLength: 20, maxLength: 20 })
  const property = fc.property(policyText, cases, (text, given) => {
    const policy = policyOf(text)
    for (const [each, now] of given) check(policy, each, now)
  })
  fc.assert(property, { numRuns: 80 })
}

function expectNotMilder(
  policy: Policy,
  judged: { readonly unsure: Action; readonly sure: Action; readonly now: Date },
) {
  // Whether everything is known is itself a question that a rule may ask, and its answer differs here.
  const withoutKnown = (rule: Rule): Rule => {
    const { objects } = rule.when
    return objects === undefined ? rule : { ...rule, when: { ...rule.when, objects: { ...objects, known: undefined } } }
  }
  const { unsure, sure, now } = judged
  const asked = { ...policy, rules: policy.rules.map(withoutKnown) }
  const [one, other] = [evaluate(asked, unsure, { now }), evaluate(asked, sure, { now })]
  expect(strictness(one)).toBeGreaterThanOrEqual(strictness(other))
  if (one.kind !== 'hold' || other.kind !== 'hold') return
  expect(other.quorum.reviewers).toEqual(expect.arrayContaining([...one.quorum.reviewers]))
  expect(one.quorum.count).toBeGreaterThanOrEqual(other.quorum.count)
  expect(one.quorum.expiresAfterMs).toBeLessThanOrEqual(other.quorum.expiresAfterMs)
  expect(one.quorum.reasonRequired || !other.quorum.reasonRequired).toBe(true)
  const [wider, widest] = [one.quorum.escalation, other.quorum.escalation]
  if (wider !== undefined) {
    expect(widest?.to).toEqual(expect.arrayContaining([...wider.to]))
    expect(wider.afterMs).toBeGreaterThanOrEqual(widest?.afterMs ?? Number.POSITIVE_INFINITY)
  }
  expect(one.quorum.sign === 'passkey' || other.quorum.sign === undefined).toBe(true)
  expect(one.quorum.distinctRoles || !other.quorum.distinctRoles).toBe(true)
}

function keysOf(text: string): ReadonlySet<string> {
  const keys = new Set<string>()
  visit(parseDocument(text), { Pair: (_, pair) => void keys.add(String(pair.key)) })
  return keys
}
