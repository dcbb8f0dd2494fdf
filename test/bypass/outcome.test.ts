/** What counts as seen and what as escaped, without a bastion. */
import { describe, expect, it } from 'vitest'
import { createAnalyser } from '../../src/shell/analyse.ts'
import { defaultCatalogue } from '../../src/shell/catalogue/catalogue.ts'
import type { Verdict } from './driver.ts'
import { judge, NOTHING_RAN } from './outcome.ts'

const analyse = createAnalyser(defaultCatalogue())
const canary = '/srv/canary/bash1/canary-t1'
const allowed = (text: string): Verdict => ({ kind: 'allowed', text, effects: analyse(text).effects })
const judged = (isCanaryWhole: boolean, verdicts: readonly Verdict[] | undefined) =>
  judge({ isCanaryWhole, canary, verdicts, analyse })

describe('a canary that is gone', () => {
  it('was seen where an allowed text destroys or overwrites it', () => {
    expect(judged(false, [allowed(`mv -f /tmp/x ${canary}`)]).outcome).toBe('seen')
    expect(judged(false, [allowed(`rm -f ${canary}`)]).outcome).toBe('seen')
    expect(judged(false, [allowed(`echo x > ${canary}`)]).outcome).toBe('seen')
  })

  it('was seen where somebody allowed what can do anything', () => {
    expect(judged(false, [allowed('vim')]).outcome).toBe('seen')
  })

  it('escaped where its name only occurs in an allowed text', () => {
    expect(judged(false, [allowed(`echo 'rm -f ${canary}' > /tmp/script`)]).outcome).toBe('escaped')
    expect(judged(false, [allowed(`ls -l ${canary}`)]).outcome).toBe('escaped')
  })

  it('escaped where the text that covers it was held or denied', () => {
    const effects = analyse(`rm ${canary}`).effects
    expect(judged(false, [{ kind: 'held', text: `rm ${canary}`, effects }]).outcome).toBe('escaped')
    expect(judged(false, [{ kind: 'denied', text: `rm ${canary}`, effects }]).outcome).toBe('escaped')
  })

  it('escaped where nobody tells of verdicts', () => {
    expect(judged(false, undefined).outcome).toBe('escaped')
  })
})

describe('a canary that is whole', () => {
  it('was held, denied, or never asked for', () => {
    const held: Verdict = { kind: 'held', text: 'rm x', effects: ['destroy'] }
    const denied: Verdict = { kind: 'denied', text: 'trap - DEBUG', effects: [] }
    expect(judged(true, [held, denied])).toEqual({ outcome: 'held', reason: 'rm x' })
    expect(judged(true, [denied])).toEqual({ outcome: 'denied', reason: 'trap - DEBUG' })
    expect(judged(true, [])).toEqual({ outcome: 'denied', reason: NOTHING_RAN })
    expect(judged(true, undefined).outcome).toBe('stopped')
  })
})
