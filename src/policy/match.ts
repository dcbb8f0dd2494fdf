/**
 * Whether a rule speaks about an action: every part of `who`, `on` and `when`, in the order in which they are told to
 * people. What cannot be known from the text is neither yes nor no here, but unclear.
 *
 * Opening a shell is no command: conditions on effects, commands, objects and text never hold for it.
 */
import type { Action, Effect } from '../core/action.ts'
import { type Certainty, certain, every, not, some } from './pattern/certainty.ts'
import { matchesCommand } from './pattern/command-pattern.ts'
import { type Glob, matchesGlob } from './pattern/glob.ts'
import { isInNetwork, type Network } from './pattern/network.ts'
import { matchesObject } from './pattern/object-pattern.ts'
import { matchesPattern } from './pattern/regex.ts'
import { isInWindow } from './pattern/time-window.ts'
import type { Conditions, ObjectCondition, Places, Rule, SetCondition } from './rule.ts'

/** An action with what else the rules ask about. */
export interface Facts {
  readonly action: Action
  /** Of the action's principal. */
  readonly roles: readonly string[]
  readonly now: Date
}

export type Match =
  | { readonly kind: 'matched' }
  /** `condition` is the first that does not hold. */
  | { readonly kind: 'failed'; readonly condition: ConditionPath }
  /** Nothing fails, and `condition` is the first that cannot be known. */
  | { readonly kind: 'unclear'; readonly condition: ConditionPath }

/** Where a condition stands in its rule: `when`, `effects`, `only`. */
export type ConditionPath = readonly string[]

type Condition = readonly [path: ConditionPath, holds: () => Certainty]

export function matchRule(rule: Rule, facts: Facts): Match {
  let unclear: ConditionPath | undefined
  for (const [path, holds] of conditionsOf(rule, facts)) {
    const answer = holds()
    if (answer === 'no') return { kind: 'failed', condition: path }
    if (answer === 'unclear') unclear ??= path
  }
  return unclear === undefined ? { kind: 'matched' } : { kind: 'unclear', condition: unclear }
}

function conditionsOf(rule: Rule, facts: Facts): readonly Condition[] {
  return [
    ...personConditions(rule, facts),
    ...placeConditions(rule.on, facts.action),
    ...requestConditions(rule.when, facts),
    ...commandConditions(rule.when, facts.action),
  ]
}

/** What is known of a person before they have asked for anything. */
export interface Circumstances {
  readonly target: Action['target']
  readonly login: string
  readonly address: string
  readonly roles: readonly string[]
  readonly now: Date
}

/** Reports whether a rule matches nothing, something or everything that is done in these circumstances. */
export function couldMatch(rule: Rule, circumstances: Circumstances): 'never' | 'sometimes' | 'always' | 'unclear' {
  const { time, network, ...rest } = rule.when
  const conditions = [
    ...personConditions(rule, circumstances),
    ...placeConditions(rule.on, circumstances),
    ...momentConditions({ time, network }, circumstances),
  ]
  const answer = every(conditions.map(([, holds]) => holds()))
  if (answer !== 'yes') return answer === 'no' ? 'never' : 'unclear'
  const saysMore = Object.values(rest).some((condition) => condition !== undefined)
  return saysMore ? 'sometimes' : 'always'
}

function personConditions({ who }: Rule, { roles }: Pick<Facts, 'roles'>): readonly Condition[] {
  return [[['who'], () => certain(who === 'everyone' ? roles.length > 0 : who.some((role) => roles.includes(role)))]]
}

function placeConditions(on: Places, { target, login }: Pick<Action, 'target' | 'login'>): readonly Condition[] {
  const { targets, labels, protocols, logins } = on
  return present([
    targets && [['on', 'targets'], () => matchesOne(targets, target.name)],
    ...[...(labels ?? [])].map(([label, globs]): Condition => {
      const value = Object.hasOwn(target.labels, label) ? target.labels[label] : undefined
      return [['on', 'labels', label], () => (value === undefined ? 'no' : matchesOne(globs, value))]
    }),
    protocols && [['on', 'protocols'], () => certain(protocols.includes(target.protocol))],
    logins && [['on', 'logins'], () => matchesOne(logins, login)],
  ])
}

function requestConditions(when: Conditions, { action, now }: Facts): readonly Condition[] {
  const { kind, interactive, assurance } = when
  return present([
    kind && [['when', 'kind'], () => certain(kind.includes(action.kind))],
    interactive !== undefined && [['when', 'interactive'], () => certain(action.interactive === interactive)],
    assurance && [['when', 'assurance'], () => certain(assurance.includes(action.assurance))],
    ...momentConditions(when, { now, address: action.address }),
  ])
}

function momentConditions(
  { time, network }: Pick<Conditions, 'time' | 'network'>,
  { now, address }: Pick<Circumstances, 'now' | 'address'>,
): readonly Condition[] {
  const [inside, outside] = [network?.in, network?.outside]
  const isInOne = (networks: readonly Network[]) => some(networks.map((one) => isInNetwork(one, address)))
  return present([
    time && [['when', 'time'], () => certain(isInWindow(time, now))],
    inside && [['when', 'network', 'in'], () => isInOne(inside)],
    outside && [['when', 'network', 'outside'], () => not(isInOne(outside))],
  ])
}

function commandConditions({ effects, commands, objects, text }: Conditions, action: Action): readonly Condition[] {
  const conditions: readonly Condition[] = [
    ...setConditions('effects', effects, action.effects, (effect, wanted) => certain(effect === wanted), 'no'),
    ...setConditions(
      'commands',
      commands,
      action.commands,
      (command, pattern) => matchesCommand(pattern, command),
      hidden(action.effects),
    ),
    ...objectConditions(objects, action),
    ...present([text && [['when', 'text'], () => matchesPattern(text.matches, action.text)]]),
  ]
  return action.kind === 'shell' ? conditions.map(([path]): Condition => [path, () => 'no']) : conditions
}

function objectConditions(condition: ObjectCondition | undefined, action: Action): readonly Condition[] {
  if (condition === undefined) return []
  const { known } = condition
  const unseen = hidden(action.effects)
  const areKnown = unseen === 'no' && action.objects.every((object) => object.value !== undefined)
  return [
    ...setConditions(
      'objects',
      condition,
      action.objects,
      (object, pattern) => matchesObject(pattern, object, action.effects),
      unseen,
    ),
    ...present([known !== undefined && [['when', 'objects', 'known'], () => certain(areKnown === known)]]),
  ]
}

/**
 * `unseen` is whether there may be more things than `things`: `no`, or `unclear`. Over an empty set `only` and `none`
 * hold and `any` does not.
 */
function setConditions<Thing, Wanted>(
  name: string,
  condition: SetCondition<Wanted> | undefined,
  things: readonly Thing[],
  is: (thing: Thing, wanted: Wanted) => Certainty,
  unseen: Certainty,
): readonly Condition[] {
  const isOneOf = (wanted: readonly Wanted[]) => (thing: Thing) => some(wanted.map((one) => is(thing, one)))
  const hasOneOf = (wanted: readonly Wanted[]) => some([...things.map(isOneOf(wanted)), unseen])
  const { only, any, none } = condition ?? { only: undefined, any: undefined, none: undefined }
  return present([
    only && [['when', name, 'only'], () => every([...things.map(isOneOf(only)), not(unseen)])],
    any && [['when', name, 'any'], () => hasOneOf(any)],
    none && [['when', name, 'none'], () => not(hasOneOf(none))],
  ])
}

/** These effects mean that commands may run, and objects be touched, which the text does not show. */
function hidden(effects: readonly Effect[]): Certainty {
  return effects.some((effect) => effect === 'escape' || effect === 'opaque' || effect === 'unknown') ? 'unclear' : 'no'
}

function matchesOne(globs: readonly Glob[], text: string): Certainty {
  return some(globs.map((glob) => matchesGlob(glob, text)))
}

function present(conditions: readonly (Condition | undefined | false)[]): readonly Condition[] {
  return conditions.filter((condition) => condition !== undefined && condition !== false)
}
