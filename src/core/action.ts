import type { ActionId, SessionId } from './ids.ts'
import type { Principal } from './principal.ts'
import type { Target } from './target.ts'

/** What a command does, from the reader's point of view. A closed set: policy and pages name these and no others. */
export const EFFECTS = ['read', 'write', 'destroy', 'privilege', 'transfer', 'escape', 'opaque', 'unknown'] as const
/**
 * `destroy` removes or overwrites beyond recovery · `privilege` gains other rights · `transfer` moves data in or out of
 * the host · `escape` starts something that can run further commands out of the gate's sight · `opaque` cannot be
 * decided from its text · `unknown` is not in the catalogue.
 */
export type Effect = (typeof EFFECTS)[number]

/** How sure we are of the text that will run. Ordered: an earlier one is surer. */
export const ASSURANCES = ['exact', 'stepped', 'inferred'] as const
/**
 * `exact`: the whole text is known before anything runs · `stepped`: the shell on the target reports every simple
 * command before it runs and waits · `inferred`: read from a terminal model; never displayed as if it were exact.
 */
export type Assurance = (typeof ASSURANCES)[number]

/** A thing a command acts on. `value` is undefined where it cannot be known from the text (`rm $X`). */
export interface ObjectRef {
  readonly kind: 'path' | 'host' | 'url' | 'unit' | 'package' | 'database' | 'user' | 'process' | 'container' | 'other'
  readonly value: string | undefined
}

/** One simple command (POSIX XCU 2.9.1) found in a text. `start` and `end` are UTF-16 offsets into that text. */
export interface SimpleCommand {
  readonly text: string
  /** The command's resolved name without its path; undefined where it cannot be known. */
  readonly name: string | undefined
  readonly start: number
  readonly end: number
  readonly effects: readonly Effect[]
  readonly objects: readonly ObjectRef[]
  /** Why it has these effects: the catalogue's entry, or what made it opaque. For people to read. */
  readonly because: string
}

/** What an analysis of shell text found. `effects` is the union over `commands` and of what the text itself does. */
export interface Analysis {
  readonly commands: readonly SimpleCommand[]
  readonly effects: readonly Effect[]
  readonly objects: readonly ObjectRef[]
}

/** How the request arrived. `line`: read at Enter; `step`: reported by the target's shell; `shell`: opening one. */
export type ActionKind = 'shell' | 'exec' | 'line' | 'step'

/** The one thing every gate makes of traffic, and everything behind the gates works on. */
export interface Action extends Analysis {
  readonly id: ActionId
  readonly kind: ActionKind
  /** Exactly what would run. */
  readonly text: string
  readonly assurance: Assurance
  readonly principal: Principal
  readonly target: Target
  /** The account on the target. */
  readonly login: string
  readonly session: SessionId
  readonly interactive: boolean
  /** The client's IP address. */
  readonly address: string
}
