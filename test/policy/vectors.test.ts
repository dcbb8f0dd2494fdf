import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { Action, Effect, ObjectRef, SimpleCommand } from '../../src/core/action.ts'
import { evaluate } from '../../src/policy/evaluate.ts'
import { action, person, rules, web1 } from './parts.ts'

interface Case extends Partial<Pick<Action, 'kind' | 'text' | 'assurance' | 'interactive' | 'login' | 'address'>> {
  readonly verdict: string
  readonly rule: string
  readonly effects?: readonly Effect[]
  readonly commands?: readonly string[]
  readonly objects?: readonly string[]
  readonly groups?: readonly string[]
  readonly target?: string
  readonly labels?: Readonly<Record<string, string>>
  readonly now?: string
}

const file = new URL('../vectors/policy/conditions.yaml', import.meta.url)
const vectors: readonly {
  readonly about: string
  readonly rules: readonly string[]
  readonly cases: readonly Case[]
}[] = parse(readFileSync(file, 'utf8'))

function actionOf(given: Case): Action {
  const {
    verdict: _verdict,
    rule: _rule,
    effects = [],
    commands = [],
    objects = [],
    groups = ['engineering'],
    target,
    labels,
    now: _now,
    ...rest
  } = given
  return action({
    ...rest,
    effects,
    commands: commands.map((text) => command(text, effects)),
    objects: objects.map(object),
    principal: person('alice', groups),
    target: { ...web1, name: target ?? web1.name, labels: labels ?? web1.labels },
  })
}

function command(text: string, effects: readonly Effect[]): SimpleCommand {
  const name = text.split(' ')[0]?.replace(/^.*\//, '')
  return {
    text,
    name: name === '?' ? undefined : name,
    start: 0,
    end: text.length,
    effects,
    objects: [],
    because: 'vector',
  }
}

function object(text: string): ObjectRef {
  const [, kind = 'path', value] = /^(?:(unit|host|other):)?(.*)$/s.exec(text) ?? []
  return { kind: kind as ObjectRef['kind'], value: value === '?' ? undefined : value }
}

describe('vectors of the policy', () => {
  describe.each(vectors)('$about', (vector) => {
    const policy = rules(...vector.rules)
    it.each(vector.cases.map((given) => ({ given, title: JSON.stringify(given) })))('$title', ({ given }) => {
      const verdict = evaluate(policy, actionOf(given), { now: new Date(given.now ?? '2025-01-15T12:00:00Z') })
      expect({ verdict: verdict.kind, rule: verdict.because.name }).toEqual({
        verdict: given.verdict,
        rule: given.rule,
      })
    })
  })
})
