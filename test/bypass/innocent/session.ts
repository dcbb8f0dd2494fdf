/** What an innocent session is: an operator's work with nothing in it that should be held, as data. `sessions/` has them. */
import type { Shell } from '../trick.ts'

export type Step =
  /** A line: typed, with Enter after it; then a prompt is waited for. */
  | string
  | Typed
  | { readonly resize: readonly [cols: number, rows: number] }
  /**
   * Typed again and again until a time on which no program asked the terminal for anything: an answer that a program
   * gets only after its next key, or that comes when it is gone, is a race without a bastion too.
   */
  | { readonly settled: string; readonly shows: string }

/** The same, but what is waited for is a text; or keys without an Enter of their own. */
interface Typed {
  readonly line?: string
  readonly keys?: string
  readonly shows?: string | undefined
  /** What the policy of staging rightly asks about here, an editor for instance; a reviewer approves it at once. */
  readonly held?: string
  /** The screen shows a clock or a load, and is not compared. */
  readonly moves?: true
}

export interface Session {
  readonly shell: Shell
  readonly name: string
  readonly steps: readonly Step[]
  /** Why what scrolled out of view is not alike, where only the screen is. */
  readonly above?: string
}

/** A session of no shell yet; `on` says which. */
export type Draft = Omit<Session, 'shell'>

export const session = (name: string, ...steps: readonly Step[]): Draft => ({ name, steps })
export const line = (text: string, shows: string): Step => ({ line: text, shows })
export const keys = (text: string, shows?: string): Typed => ({ keys: text, shows })
/** A line that is held, and approved. */
export const held = (text: string, shows: string, what = text): Typed => ({ line: text, shows, held: what })
export const moving = (step: Typed): Typed => ({ ...step, moves: true })
export const on = (shells: readonly Shell[], drafts: readonly Draft[]): readonly Session[] =>
  shells.flatMap((shell) => drafts.map((draft) => ({ shell, ...draft })))

export const CTRL_C = '\x03'
export const CTRL_D = '\x04'
export const CTRL_Z = '\x1a'
export const UP = '\x1b[A'
export const DOWN = '\x1b[B'
export const LEFT = '\x1b[D'
export const pasted = (text: string): string => `\x1b[200~${text}\x1b[201~`

/** Every session is known by shell and name. */
export const title = ({ shell, name }: Session): string => `${shell}: ${name}`

/** Something that waits, and says that it does: a key before that would be for the shell. */
export const CAT = `sh -c 'echo ready; exec cat'`
