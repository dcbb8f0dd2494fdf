/**
 * Sets of effects as bits, because an analysis makes thousands of unions. Outside this folder they are arrays in the
 * order of EFFECTS.
 */
import { EFFECTS, type Effect } from '../core/action.ts'

/** A set of effects; bit n is EFFECTS[n]. */
export type EffectSet = number

export const NONE: EffectSet = 0
export const READ = bit('read')
export const WRITE = bit('write')
export const DESTROY = bit('destroy')
export const PRIVILEGE = bit('privilege')
export const TRANSFER = bit('transfer')
export const ESCAPE = bit('escape')
export const OPAQUE = bit('opaque')
export const UNKNOWN = bit('unknown')

function bit(effect: Effect): EffectSet {
  return 1 << EFFECTS.indexOf(effect)
}

/** Reads `'write destroy'`. Words that are no effects are refused by the validator, not here. */
export function parseEffects(text: string): EffectSet {
  let set = NONE
  for (const word of text.split(' ')) if (isEffect(word)) set |= bit(word)
  return set
}

export function isEffect(word: string): word is Effect {
  return (EFFECTS as readonly string[]).includes(word)
}

const lists = new Map<EffectSet, readonly Effect[]>()

/** The set as an array, shared between all analyses that have the same one. */
export function effectList(set: EffectSet): readonly Effect[] {
  let list = lists.get(set)
  if (list === undefined) {
    list = Object.freeze(EFFECTS.filter((effect) => (set & bit(effect)) !== 0))
    lists.set(set, list)
  }
  return list
}
