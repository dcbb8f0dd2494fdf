/** Where in the text, and in which shell, something stands that is being read. */
import type { Analysis } from '../core/action.ts'

/** What a command finds on its standard input. Text may have holes. */
export type Stdin =
  | { readonly kind: 'inherited' | 'file' | 'nothing' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'pipe'; readonly text: string | undefined }

/** The text that positions count in. A text from within a word has the word's place in the whole. */
export interface Frame {
  readonly text: string
  readonly at: Span | undefined
}

export interface Span {
  readonly start: number
  readonly end: number
}

export type Dialect = 'bash' | 'any'

export interface Context {
  readonly frame: Frame
  readonly stdin: Stdin
  /** How many texts, substitutions and wrappers we are inside of. */
  readonly depth: number
  /** It may not be executed, or not here: a branch, a subshell, a function's body. */
  readonly isConditional: boolean
  /** `any`: the text may be read by dash or another POSIX shell, which takes bash's own syntax for something else. */
  readonly dialect: Dialect
}

/** Reads a text that a program hands to a shell; `stdin` where it is not the program's own. */
export type ShellReader = (text: string, stdin?: Stdin) => void

/** The input of several commands: what one of them reads the next does not, so its text is not certain. */
export function shared(stdin: Stdin): Stdin {
  return stdin.kind === 'text' ? { kind: 'pipe', text: stdin.text } : stdin
}

/** What is known of the shell that reads the text, besides the text. */
export interface Surroundings {
  /** Variables that hold one plain word (see variables.ts). */
  readonly plain?: ReadonlySet<string>
  /** Variables that hold digits alone, at least one. */
  readonly digits?: ReadonlySet<string>
  /** Programs that the gate has kept from starting others (catalogue/data/secured.ts), by name. */
  readonly secured?: ReadonlySet<string>
}

/** Text → what it can run. */
export type Analyse = (text: string, surroundings?: Surroundings) => Analysis
