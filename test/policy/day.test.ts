/**
 * The promise of the default policy: a person can work on a production host without a needless hold, and changes nothing
 * there alone. Each command of the day is judged as the gates would judge it.
 */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { Action, Analysis } from '../../src/core/action.ts'
import { evaluate } from '../../src/policy/evaluate.ts'
import { bash } from '../../src/session/stepped/bash.ts'
import { createAnalyser } from '../../src/shell/analyse.ts'
import { defaultCatalogue } from '../../src/shell/catalogue/catalogue.ts'
import { foreseenSteps } from '../../src/shell/foreseen.ts'
import { action, NOW, policyOf } from './parts.ts'

interface Stretch {
  readonly about: string
  readonly how: 'typed' | 'exec'
  readonly expect: 'allow' | 'hold'
  /** Variables that hold one plain word when the steps come, as the gated shell tells. */
  readonly plain?: readonly string[]
  readonly run: readonly string[]
}

const file = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8')
const day: readonly Stretch[] = parse(file('test/vectors/day.yaml'))
const policy = policyOf(file('policies/default.yaml'))
const analyse = createAnalyser(defaultCatalogue())

/** One thing that a gate asks the policy about, and why the gate itself would refuse it. */
interface Asked {
  readonly action: Action
  readonly forbidden: string | undefined
}

/**
 * What a gate asks about this text: one thing for an exec; for a line that is typed into a gated bash what lies between
 * its steps, and each step by its own words, as session/stepped/stepper.ts does (`#line`, `#step`).
 */
function askedOf(text: string, { how, plain = [] }: Stretch): readonly Asked[] {
  if (how === 'exec')
    return [{ action: action({ ...analyse(text), kind: 'exec', assurance: 'exact', text }), forbidden: undefined }]
  // On a target whose less is GNU less, as on Debian (session/shell.ts).
  const known = { secured: new Set(['less']), plain: new Set(plain) }
  const inside = (own: string) => analyse(own, known)
  const typed = (kind: 'line' | 'step', own: string, analysis: Analysis) =>
    action({ ...analysis, kind, assurance: 'stepped', interactive: true, text: own })
  const line = bash.between(text, analyse)
  if (line.kind !== 'read') throw new Error(`the gate cannot read ${text}`)
  const steps = stepsOf(text)
  // Nothing is asked for a remark; a line of which no step was found would pass for allowed.
  if (!text.startsWith('#')) expect(steps, `the steps of ${text}`).not.toEqual([])
  return [
    ...(line.analysis.effects.length === 0
      ? []
      : [{ action: typed('line', text, line.analysis), forbidden: undefined }]),
    ...steps.map((step) => ({
      action: typed(
        'step',
        step,
        bash.alone({ text: step, isFunctionCall: false }, { analyse: inside, isStarting: false }),
      ),
      forbidden: bash.forbidden(step, analyse(bash.parseable(step)).commands),
    })),
  ]
}

/** The simple commands, and the heads of compound ones that bash reports as well. */
function stepsOf(text: string): readonly string[] {
  const heads = [...text.matchAll(/(?:^|[;\n] *)((?:for|select) \w+ in [^;]*)(?=; do)/g)].map(([, head = '']) => head)
  const tests = [...text.matchAll(/(?:^|[;&|] *)(\[\[ .*? \]\]|\(\(.*?\)\))/g)].map(([, head = '']) => head)
  return [...heads, ...tests, ...foreseenSteps(text)]
}

function verdictOf(text: string, stretch: Stretch): { readonly verdict: string; readonly why: readonly string[] } {
  const asked = askedOf(text, stretch)
  const verdicts = asked.map(({ action: each }) => evaluate(policy, each, { now: NOW }).kind)
  const forbidden = asked.find((each) => each.forbidden !== undefined)?.forbidden
  const verdict = forbidden ?? (['deny', 'hold', 'allow'] as const).find((kind) => verdicts.includes(kind)) ?? 'allow'
  const changes = asked
    .flatMap(({ action: { commands } }) => commands)
    .filter(({ effects }) => String(effects) !== 'read')
  return { verdict, why: changes.map(({ text: own, effects, because }) => `${own}: ${effects.join(' ')}: ${because}`) }
}

describe('a day on web-1', () => {
  it('has at least 150 commands, typed and sent, allowed and held', () => {
    expect(day.flatMap(({ run }) => run).length).toBeGreaterThanOrEqual(150)
    expect(new Set(day.map(({ how, expect: verdict }) => `${how} ${verdict}`))).toHaveProperty('size', 4)
    expect(day.flatMap(({ run }) => run).every((text) => typeof text === 'string')).toBe(true)
  })

  describe.each(day)('$about ($how)', (stretch) => {
    it.each(stretch.run)(`${stretch.expect}: %s`, (text) => {
      const { verdict, why } = verdictOf(text, stretch)
      expect({ verdict, ...(verdict !== stretch.expect && { why }) }).toEqual({ verdict: stretch.expect })
    })
  })
})
