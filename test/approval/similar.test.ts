import { describe, expect, it } from 'vitest'
import { similarDecided } from '../../src/approval/similar.ts'
import type { Action } from '../../src/core/action.ts'
import type { Hold, HoldState } from '../../src/core/hold.ts'
import { action, bob, kept } from './parts.ts'

const at = new Date(0)
const REJECTED: HoldState = { kind: 'rejected', at, by: bob, reason: 'no' }

function held(text: string, over: Partial<Action> = {}, state: HoldState = REJECTED): Hold {
  const names = text.split('; ').map((part) => part.split(' ')[0]!)
  const commands = names.map((name) => ({
    ...{ text: name, name: name === '$x' ? undefined : name, start: 0, end: 0 },
    ...{ effects: [], objects: [], because: '' },
  }))
  return kept(at, { action: action({ text, commands, ...over }), state })
}

const like = (one: Hold, ...others: Hold[]) => similarDecided(one, others).map(({ action: { text } }) => text)
const one = held('rm a', {}, { kind: 'pending' })

describe('similarDecided()', () => {
  it('finds the same text first, then the same commands', () => {
    expect(like(one, held('rm b'), held('rm a'), held('cp a'), held('rm a; cp b'))).toEqual(['rm a', 'rm b'])
  })

  it('counts commands by name, not by order or number', () => {
    expect(like(held('rm a; cp b; rm c'), held('cp x; rm y'))).toEqual(['cp x; rm y'])
  })

  it.each<HoldState>([{ kind: 'pending' }, { kind: 'expired', at, reason: '' }, { kind: 'withdrawn', at, reason: '' }])(
    'leaves out what nobody decided: %o',
    (state) => {
      expect(like(one, held('rm a', {}, state))).toEqual([])
    },
  )

  it('leaves out itself, another target, and another way of asking', () => {
    expect(like({ ...one, state: REJECTED }, { ...one, state: REJECTED })).toEqual([])
    expect(like(one, held('rm a', { target: { ...action().target, name: 'web-2' } }))).toEqual([])
    expect(like(one, held('rm a', { kind: 'step' }))).toEqual([])
  })

  it('takes an unknown name for like nothing but its own text', () => {
    expect(like(held('$x a'), held('$x b'), held('$x a'))).toEqual(['$x a'])
  })
})
