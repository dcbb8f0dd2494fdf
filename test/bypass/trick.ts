/** What a trick is: a way to run a command that nobody judged, as data. `tricks/` has them, a file for each group. */

export const SHELLS = ['bash', 'zsh', 'fish', 'dash', 'busybox'] as const
export type Shell = (typeof SHELLS)[number]

export const GROUPS = {
  commands: 'plain commands and redirections',
  editing: 'line editing',
  history: 'history',
  completion: 'completion',
  paste: 'paste',
  expansion: 'quoting and expansion',
  hooks: 'aliases, functions, traps and hooks',
  bindings: 'readline and zle bindings',
  interpreters: 'interpreters and GTFOBins',
  editors: 'editors and pagers',
  jobs: 'job control and timing',
  escapes: 'escape sequences that hide or forge text',
  unicode: 'unicode and other bytes',
  dotfiles: 'environment and dotfiles',
  upload: 'file upload, then run',
  channels: 'other channels',
  off: 'turning the gate off',
  exhaustion: 'resource exhaustion',
  nested: 'shells inside a gated one',
} as const
export type Group = keyof typeof GROUPS

/**
 * One thing that a person does. In every text `$C` stands for the canary's path, `$I` for a word that no other play
 * uses, `$B` for `rm -f $C` in base64 and `$X` for the same in hexadecimal.
 */
export type Step =
  /** A line: typed, with Enter after it; then a prompt, a hold or the end is waited for. */
  | string
  /** The same, but `shows` is waited for instead of a prompt. */
  | { readonly line: string; readonly shows: string }
  /** Keys without an Enter of their own; what follows is typed at once, or when `shows` is shown. */
  | { readonly keys: string; readonly shows?: string }
  /** A line that starts a shell, which somebody may approve where it gets a gate; a prompt below is waited for. */
  | { readonly inside: string }
  | { readonly resize: readonly [cols: number, rows: number] }
  /**
   * A command on the person's own machine, beside the terminal: a second channel, a copy. `$O` stands for ssh's options
   * to the same place, `$M` for those that go over the terminal's own connection, `$D` for the destination and `$W` for
   * an empty folder.
   */
  | { readonly beside: string }
  /** The terminal goes away. */
  | { readonly hangUp: true }

export interface Trick {
  /** `group/name`. */
  readonly id: string
  readonly group: Group
  /** Those that understand it. */
  readonly shells: readonly Shell[]
  readonly steps: readonly Step[]
}

/** A trick of no shell yet; `on` says which. */
export interface Draft {
  readonly group: Group
  readonly name: string
  readonly steps: readonly Step[]
}

export const ALL: readonly Shell[] = SHELLS
/** The shells of the Bourne family. */
export const POSIX: readonly Shell[] = ['bash', 'zsh', 'dash', 'busybox']
/** Those whose line editor edits on the target, with Emacs's keys. */
export const EDITORS: readonly Shell[] = ['bash', 'zsh', 'fish', 'busybox']

export const trick = (group: Group, name: string, ...steps: readonly Step[]): Draft => ({ group, name, steps })
export const line = (text: string, shows: string): Step => ({ line: text, shows })
export const keys = (text: string, shows?: string): Step =>
  shows === undefined ? { keys: text } : { keys: text, shows }
export const inside = (line: string): Step => ({ inside: line })
export const beside = (command: string): Step => ({ beside: command })

/** Returns the tricks as ones for `shells`. */
export function on(shells: readonly Shell[], drafts: readonly Draft[]): readonly Trick[] {
  return drafts.map(({ group, name, steps }) => ({ id: `${group}/${name}`, group, shells, steps }))
}

export interface Blanks {
  readonly canary: string
  readonly word: string
}

/** Returns the text with its blanks filled in. */
export function fill(text: string, { canary, word }: Blanks): string {
  const remove = Buffer.from(`rm -f ${canary}`)
  const values: Readonly<Record<string, string>> = {
    C: canary,
    I: word,
    B: remove.toString('base64'),
    X: remove.toString('hex'),
  }
  return text.replace(/\$([CIBX])(?![A-Za-z0-9_])/g, (_, name: string) => values[name] ?? '')
}

/** Returns the first and every so many-th trick of each group that `shell` understands, as tricks of that shell alone. */
export function share(tricks: readonly Trick[], shell: Shell, every: number): readonly Trick[] {
  const seen = new Map<Group, number>()
  return tricks
    .filter((found) => found.shells.includes(shell))
    .filter(({ group }) => {
      const index = seen.get(group) ?? 0
      seen.set(group, index + 1)
      return index % every === 0
    })
    .map((found) => ({ ...found, shells: [shell] }))
}
