/**
 * Whether whatever one rule speaks about, an earlier one has answered already. Says yes only where that is certain, so
 * a rule that is reported as dead is dead; some dead rules (those that several earlier ones share out) go unnoticed.
 */
import { ASSURANCES, EFFECTS } from '../core/action.ts'
import { ACTION_KINDS } from './language/conditions.ts'
import { type Glob, matchesGlob } from './pattern/glob.ts'
import type { Network } from './pattern/network.ts'
import type { Conditions, NetworkCondition, Places, Policy, Rule, SetCondition } from './rule.ts'

/** Reports whether nothing is left for `later` behind `earlier`. */
export function subsumes(policy: Policy, earlier: Rule, later: Rule): boolean {
  // Where the earlier one is unclear the later one has its say too, unless it could not be stricter.
  const mayBeUnclear = [earlier.when.objects, earlier.when.commands, earlier.when.text, earlier.when.network].some(
    (condition) => condition !== undefined,
  )
  const isMuteAfterUnclear = earlier.then.kind === 'deny' || later.then.kind === 'allow'
  if (mayBeUnclear && !isMuteAfterUnclear) return false
  return (
    coversPeople(policy, earlier, later) &&
    coversPlaces(earlier.on, later.on) &&
    coversConditions(earlier.when, later.when)
  )
}

/**
 * Reports whether a rule's own conditions exclude each other, so that it never has a say. Commands and objects may be
 * unclear; a rule about them that denies or holds then has its say whatever its conditions exclude.
 */
export function isImpossible({ when, then }: Rule): boolean {
  const { effects, commands, objects } = when
  // Effects are words, so what is not listed is outside; patterns that differ may still match the same thing.
  const isOutside = effects?.any?.every((effect) => effects.only?.includes(effect) === false) ?? false
  const excluding = then.kind === 'allow' ? [effects, commands, objects] : [effects]
  const isExcluded = excluding.some((condition) => {
    const { any, none } = names(condition)
    return any?.every((name) => none?.includes(name)) ?? false
  })
  return isOutside || isExcluded || kindsOf(when).length === 0
}

function coversPeople({ roles }: Policy, earlier: Rule, later: Rule): boolean {
  const { who } = earlier
  if (who === 'everyone') return true
  const groups = new Set(who.flatMap((role) => roles.get(role)?.groups ?? []))
  const theirs = later.who === 'everyone' ? [...roles.keys()] : later.who
  return theirs.every((role) => roles.get(role)?.groups.every((group) => groups.has(group)) ?? false)
}

function coversPlaces(earlier: Places, later: Places): boolean {
  const labels = [...(earlier.labels ?? [])].every(([label, globs]) => {
    const theirs = later.labels?.get(label)
    return theirs !== undefined && coversGlobs(globs, theirs)
  })
  return (
    labels &&
    coversGlobs(earlier.targets, later.targets) &&
    coversGlobs(earlier.logins, later.logins) &&
    coversWords(earlier.protocols, later.protocols, ['ssh'])
  )
}

function coversConditions(earlier: Conditions, later: Conditions): boolean {
  return (
    coversWords(kindsOf(earlier), kindsOf(later), ACTION_KINDS) &&
    (earlier.interactive === undefined || earlier.interactive === later.interactive) &&
    coversWords(earlier.assurance, later.assurance, ASSURANCES) &&
    coversSet(earlier.effects, later.effects, EFFECTS) &&
    coversSet(earlier.commands, later.commands, undefined) &&
    coversSet(earlier.objects, later.objects, undefined) &&
    (earlier.objects?.known === undefined || earlier.objects.known === later.objects?.known) &&
    (earlier.text === undefined || earlier.text.matches.source === later.text?.matches.source) &&
    (earlier.time === undefined || JSON.stringify(earlier.time) === JSON.stringify(later.time)) &&
    coversNetworks(earlier.network, later.network)
  )
}

/** A condition on what a command does is one on its kind too: opening a shell is no command. */
function kindsOf(when: Conditions): readonly string[] {
  const isAboutCommands = [when.effects, when.commands, when.objects, when.text].some(
    (condition) => condition !== undefined,
  )
  return (when.kind ?? ACTION_KINDS).filter((kind) => kind !== 'shell' || !isAboutCommands)
}

function coversWords(
  earlier: readonly string[] | undefined,
  later: readonly string[] | undefined,
  all: readonly string[],
): boolean {
  return earlier === undefined || (later ?? all).every((word) => earlier.includes(word))
}

type Names = { readonly [K in 'only' | 'any' | 'none']: readonly string[] | undefined }

function names(condition: SetCondition<string | { readonly source: string }> | undefined): Names {
  const of = (wanted: readonly (string | { readonly source: string })[] | undefined) =>
    wanted?.map((one) => (typeof one === 'string' ? one : one.source))
  return { only: of(condition?.only), any: of(condition?.any), none: of(condition?.none) }
}

/** `all`: every name there is, where they are a closed set. */
function coversSet(
  earlier: SetCondition<string | { readonly source: string }> | undefined,
  later: typeof earlier,
  all: readonly string[] | undefined,
): boolean {
  const [mine, theirs] = [names(earlier), names(later)]
  const isWithin = (inner: readonly string[] | undefined, outer: readonly string[]) =>
    inner?.every((name) => outer.includes(name)) ?? false
  const only = mine.only === undefined || isWithin(theirs.only ?? all, mine.only)
  const any = mine.any === undefined || isWithin(theirs.any, mine.any)
  const isExcluded =
    all !== undefined && theirs.only !== undefined && !theirs.only.some((name) => mine.none?.includes(name))
  const none = mine.none === undefined || isExcluded || isWithin(mine.none, theirs.none ?? [])
  return only && any && none
}

function coversGlobs(earlier: readonly Glob[] | undefined, later: readonly Glob[] | undefined): boolean {
  if (earlier === undefined) return true
  const covers = (wide: Glob, narrow: Glob) =>
    wide.source === narrow.source ||
    wide.source === '*' ||
    (!/[*?]/.test(narrow.source) && matchesGlob(wide, narrow.source) === 'yes')
  return (
    later?.every((narrow) => earlier.some((wide) => covers(wide, narrow))) ??
    earlier.some(({ source }) => source === '*')
  )
}

function coversNetworks(earlier: NetworkCondition | undefined, later: NetworkCondition | undefined): boolean {
  const covers = (wide: Network, narrow: Network) => wide.prefix <= narrow.prefix && sharePrefix(wide, narrow)
  const areWithin = (inner: readonly Network[], outer: readonly Network[]) =>
    inner.every((narrow) => outer.some((wide) => covers(wide, narrow)))
  const isIn = earlier?.in === undefined || (later?.in !== undefined && areWithin(later.in, earlier.in))
  const isOutside = earlier?.outside === undefined || areWithin(earlier.outside, later?.outside ?? [])
  return isIn && isOutside
}

function sharePrefix(wide: Network, narrow: Network): boolean {
  return wide.bytes.every((byte, index) => {
    const bits = Math.max(0, Math.min(8, wide.prefix - index * 8))
    const mask = (0xff << (8 - bits)) & 0xff
    return byte === (narrow.bytes[index]! & mask)
  })
}
