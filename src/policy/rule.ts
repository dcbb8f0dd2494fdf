/**
 * The policy as data, the way the rest of this folder works with it. It is made by parse.ts only, so whoever holds a
 * Policy holds one without problems. Every field of a rule is evaluated by match.ts or answered by evaluate.ts; a key
 * that nobody would look at does not exist here, and is refused in the file.
 */
import type { ActionKind, Assurance, Effect } from '../core/action.ts'
import type { Target } from '../core/target.ts'
import type { GrantLimit, Quorum, SessionDuties, StepUp } from '../core/verdict.ts'
import type { CommandPattern } from './pattern/command-pattern.ts'
import type { Glob } from './pattern/glob.ts'
import type { Network } from './pattern/network.ts'
import type { ObjectPattern } from './pattern/object-pattern.ts'
import type { Pattern } from './pattern/regex.ts'
import type { TimeWindow } from './pattern/time-window.ts'

export interface Policy {
  /** As messages name it. */
  readonly file: string
  /** SHA-256 of the file's text, in hex. */
  readonly digest: string
  readonly roles: ReadonlyMap<string, Role>
  readonly permissions: RolePermissions
  readonly changes: ChangeTerms
  readonly rules: readonly Rule[]
}

/** A role is had by whoever is in one of these groups of the identity provider. */
export interface Role {
  readonly groups: readonly string[]
}

/** Which roles may do what, besides opening sessions and deciding holds. */
export interface RolePermissions {
  readonly recordings: readonly string[]
  readonly audit: readonly string[]
  readonly sessions: readonly string[]
  readonly administration: readonly string[]
}

/** What the approval of a change of the bastion itself takes, besides another administrator. */
export interface ChangeTerms {
  readonly stepUp: StepUp | undefined
}

export interface Rule {
  readonly name: string
  /** Where it begins in the file, from 1. */
  readonly line: number
  /** `everyone` is everyone who has a role; nobody else gets as far as a rule. */
  readonly who: 'everyone' | readonly string[]
  readonly on: Places
  readonly when: Conditions
  readonly then: Answer
  /** Undefined where the rule says nothing about the session. */
  readonly session: SessionDuties | undefined
}

/** Where a rule applies. All that is said must hold; an undefined part says nothing. */
export interface Places {
  readonly targets: readonly Glob[] | undefined
  /** Each label must be there, with a value that one of the globs matches. */
  readonly labels: ReadonlyMap<string, readonly Glob[]> | undefined
  readonly protocols: readonly Target['protocol'][] | undefined
  readonly logins: readonly Glob[] | undefined
}

/** All that is said must hold; an undefined condition says nothing. */
export interface Conditions {
  readonly kind: readonly ActionKind[] | undefined
  readonly interactive: boolean | undefined
  readonly assurance: readonly Assurance[] | undefined
  readonly effects: SetCondition<Effect> | undefined
  readonly commands: SetCondition<CommandPattern> | undefined
  readonly objects: ObjectCondition | undefined
  readonly text: { readonly matches: Pattern } | undefined
  readonly time: TimeWindow | undefined
  readonly network: NetworkCondition | undefined
}

/**
 * Speaks of a set of things. `only`: each of them is listed (so also when there are none) · `any`: at least one is
 * listed · `none`: not one is listed.
 */
export interface SetCondition<T> {
  readonly only: readonly T[] | undefined
  readonly any: readonly T[] | undefined
  readonly none: readonly T[] | undefined
}

export interface ObjectCondition extends SetCondition<ObjectPattern> {
  /** True: every object is known from the text · false: at least one is not. */
  readonly known: boolean | undefined
}

/** Speaks of the client's address: in one of the first networks, and in none of the second. */
export interface NetworkCondition {
  readonly in: readonly Network[] | undefined
  readonly outside: readonly Network[] | undefined
}

export type Answer =
  | { readonly kind: 'allow' }
  | {
      readonly kind: 'hold'
      readonly quorum: Quorum
      readonly message: string | undefined
      /** Undefined: each approval is for once. */
      readonly grant: GrantTerms | undefined
    }
  | { readonly kind: 'deny'; readonly message: string }

/** How far a reviewer may grant what the rule holds; `effects` says which of it. */
export interface GrantTerms extends Pick<GrantLimit, 'longestMs' | 'scope'> {
  readonly effects: SetCondition<Effect> | undefined
}
