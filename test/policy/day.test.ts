/**
 * The promise of the default policy: a person can work on a production host without a needless hold, and changes nothing
 * there alone. Each command of the day is judged as the gates would judge it.
 */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { Action, Analysis } from '../../src/core/action.ts'
import { evaluate } from '../../src/policy/evaluate.ts'
import { forbiddenInGate } from '../../src/session/stepped/invariants.ts'
import { createAnalyser } from '../../src/shell/analyse.ts'
import { betweenSteps } from '../../src/shell/between-steps.ts'
import { defaultCatalogue } from '../../src/shell/catalogue/catalogue.ts'
import { action, NOW, policyOf } from './parts.ts'

interface Stretch {
  readonly about: string
  readonly how: 'typed' | 'exec'
  readonly expect: 'allow' | 'hold'
  /** Why the answer is another today, although it should not be. */
  readonly needless?: string
  readonly run: readonly string[]
}

const file = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8')
const day: readonly Stretch[] = parse(file('test/vectors/day.yaml'))
const policy = policyOf(file('policies/default.yaml'))
const analyse = createAnalyser(defaultCatalogue())

/** What a gate asks the policy about this text: one thing for an exec, and for a line also what lies between its steps. */
function actionsOf(text: string, how: Stretch['how']): readonly Action[] {
  if (how === 'exec') return [action({ ...analyse(text), kind: 'exec', assurance: 'exact', text })]
  const line = betweenSteps(text, analyse)
  const typed = (kind: 'line' | 'step', analysis: Analysis) =>
    action({ ...analysis, kind, assurance: 'stepped', interactive: true, text })
  return [typed('step', analyse(text)), ...(line.kind === 'read' ? [typed('line', line.analysis)] : [])]
}

function verdictOf(text: string, how: Stretch['how']): { readonly verdict: string; readonly why: readonly string[] } {
  const actions = actionsOf(text, how)
  const verdicts = actions.map((asked) => evaluate(policy, asked, { now: NOW }).kind)
  const forbidden = how === 'typed' ? forbiddenInGate(text, actions[0]?.commands ?? []) : undefined
  const verdict = forbidden ?? (['deny', 'hold', 'allow'] as const).find((kind) => verdicts.includes(kind)) ?? 'none'
  const changes = actions.flatMap(({ commands }) => commands).filter(({ effects }) => String(effects) !== 'read')
  return { verdict, why: changes.map(({ effects, because }) => `${effects.join(' ')}: ${because}`) }
}

describe('a day on web-1', () => {
  it('has at least 150 commands, typed and sent, allowed and held', () => {
    expect(day.flatMap(({ run }) => run).length).toBeGreaterThanOrEqual(150)
    expect(new Set(day.map(({ how, expect: verdict }) => `${how} ${verdict}`))).toHaveProperty('size', 4)
    expect(day.flatMap(({ run }) => run).every((text) => typeof text === 'string')).toBe(true)
  })

  describe.each(day)('$about ($how)', (stretch) => {
    const judged = stretch.needless === undefined ? it.each(stretch.run) : it.fails.each(stretch.run)
    judged(`${stretch.expect}: %s`, (text) => {
      const { verdict, why } = verdictOf(text, stretch.how)
      expect({ verdict, ...(verdict !== stretch.expect && { why }) }).toEqual({ verdict: stretch.expect })
    })
  })
})
