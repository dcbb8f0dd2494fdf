import { describe, expect, it } from 'vitest'
import { createAnalyser } from '../../src/shell/analyse.ts'
import { betweenSteps } from '../../src/shell/between-steps.ts'
import { defaultCatalogue } from '../../src/shell/catalogue/catalogue.ts'
import { ofFunctionCall, ofStartFileStep, ofStepAlone } from '../../src/shell/step.ts'

const analyse = createAnalyser(defaultCatalogue())
const between = (text: string) => {
  const reading = betweenSteps(text, analyse)
  return reading.kind === 'read' ? [...reading.analysis.effects] : reading.kind
}

describe('betweenSteps()', () => {
  it.each([
    ['ls', []],
    ['rm x', []],
    ['echo x > f', []],
    ['{ :; } > f', ['destroy']],
    ['for i in 1; do :; done > f', ['destroy']],
    ['while false; do :; done >> f', ['write']],
    ['f() { :; } > f', ['destroy']],
    ['f() { { :; } > f; }', ['destroy']],
    ['echo $( { :; } > f )', ['destroy']],
    ['{ :; } 2>&1', []],
    ['{ :; } > /dev/null', []],
    ['for i in 1', 'incomplete'],
    ['echo "abc', 'incomplete'],
    ['ls |', 'incomplete'],
    [')', 'unreadable'],
  ])('finds in %s what no step tells', (text, expected) => {
    const found = between(text)
    expect(Array.isArray(found) ? found.filter((effect) => effect !== 'read') : found).toEqual(expected)
  })
})

describe('a step by itself', () => {
  const alone = (text: string) => [...ofStepAlone(text, analyse(text)).effects].sort()

  it.each([
    ['echo $(rm x)', ['read']],
    ['cat <(rm x)', ['read']],
    ['x=`rm y`', ['read']],
    ['rm $(ls)', ['destroy']],
    ["bash -c 'rm x'", analyse("bash -c 'rm x'").effects.toSorted()],
    ['echo $(rm x) > f', ['destroy', 'read']],
  ])('%s', (text, effects) => {
    expect(alone(text)).toEqual(effects)
  })

  it('of a function is its redirections, its body coming in its own steps', () => {
    const call = (text: string) => [...ofFunctionCall(text, analyse).effects].sort()
    expect(call('deploy prod')).toEqual(['read'])
    expect(call('deploy > f')).toEqual(['destroy', 'read'])
    expect(call('deploy $(rm x)')).toEqual(['read'])
  })

  it('in a start file may source and evaluate, but not truncate', () => {
    const start = (text: string) => [...ofStartFileStep(ofStepAlone(text, analyse(text))).effects].sort()
    expect(start('. ~/.bashrc')).toEqual(['read'])
    expect(start('eval "$(dircolors -b)"')).toEqual(['read'])
    expect(start("PS1='$(date) '")).toEqual([])
    expect(start('. x > f')).toContain('destroy')
    expect(start('rm x')).toEqual(['destroy'])
  })
})
