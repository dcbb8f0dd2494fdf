/**
 * The data format of the catalogue: what each command does, by its options, operands and subcommands. Entries are
 * data in plain TypeScript (`export const net = { … } satisfies Family`), so that the compiler checks every word of
 * them and nothing has to be parsed at start. README.md beside this file explains it with examples.
 *
 * INVARIANT: nothing here can take an effect away from a word that was read, except `sets` and `operands` of an
 * option that stands before the first operand. Whatever is not listed counts as the entry's worst.
 */
import type { Effect, ObjectRef } from '../../core/action.ts'

/** One to four effects, separated by a space: `'read'`, `'write destroy'`. */
export type Effects =
  | Effect
  | `${Effect} ${Effect}`
  | `${Effect} ${Effect} ${Effect}`
  | `${Effect} ${Effect} ${Effect} ${Effect}`

export type ObjectKind = ObjectRef['kind']

/**
 * Languages of which a word can be a program. Those with a detector of their own (see ../code/) get the effects of
 * what is found in them; any other is `escape`, whatever its text says.
 */
export type Language =
  | 'awk'
  | 'sed'
  | 'ex' // vi, vim and ex commands: `+cmd`, `-c cmd`
  | 'less' // `+cmd` of less and more
  | 'sql' // SQL with psql's and mysql's backslash commands
  | 'redis' // a Redis command
  | 'mongo' // mongosh's JavaScript
  | 'git-config' // name=value of `git -c`
  | 'ssh-option' // Name=value or `Name value` of `ssh -o`
  | 'tar-action' // `--checkpoint-action`
  | 'nft' // an nft script
  | 'arithmetic' // a shell arithmetic expression
  | 'variable' // a variable's name with a possible subscript, as bash's read, unset and printf -v take it
  | 'assignment' // NAME=value that goes into the environment of what runs
  | 'perl'
  | 'python'
  | 'ruby'
  | 'php'
  | 'lua'
  | 'javascript'
  | 'tcl'
  | 'lisp'
  | 'gdb'
  | 'm4'
  | 'make'
  | 'expect'
  | 'other'

/**
 * What a word is, in short:
 * - `'word'`: nothing of interest (a number, a format, a pattern).
 * - `'path'`, `'host'`, `'unit'` …: an object, no effect of its own.
 * - `'write path'`, `'transfer url'` …: an object, and the effect that naming it has. (The effect is dropped where the
 *   object is harmless: `/dev/null`, `/dev/stdout`, `-`.)
 * - `'command'`: from this word on, the words are a command and its arguments (`nice`, `timeout`). Options stop here.
 * - `'command or -c'`: the same, or `-c` and a shell text (`flock`).
 * - `'env command'`: assignments, then a command (`env`, `sudo`).
 * - `'shell'`: this word is a text that a shell reads (`sh -c`, `su -c`).
 * - `'joined shell'`: from this word on, the words are joined with spaces and read by a shell (`ssh`, `watch`, `eval`).
 * - `'script'`: a file that is run, of which the text says nothing (`bash x.sh`, `source x`): opaque and escape.
 * - `'code awk'` …: a program in that language.
 * - `'placeholder'`: the string that stands for an unknown word in the command that follows (`xargs -I`).
 */
export type ShortRole =
  | 'word'
  | ObjectKind
  | `${Effect} ${ObjectKind}`
  | 'command'
  | 'command or -c'
  | 'env command'
  | 'shell'
  | 'joined shell'
  | 'script'
  | `code ${Language}`
  | 'placeholder'

export interface LongRole {
  /** What the word is when none of `patterns` fits. Default `'word'`. */
  readonly is?: ShortRole
  /** Effects that the word has, over those of `is`. */
  readonly effects?: Effects
  /**
   * Shell patterns (`*`, `?`, `[a-z]`) on the word, tried in order; the first that fits gives the role. A word that
   * cannot be known has the effects of all of them. `{ '*:*': 'transfer host', '*': 'path' }` for scp.
   */
  readonly patterns?: Readonly<Record<string, Role>>
  /** With `command` and `joined shell`: words that end the command (`find -exec … ;`). Reading goes on after them. */
  readonly until?: readonly string[]
  /** With `command` and `joined shell`: stands for words that are not known (`{}` of find). */
  readonly placeholder?: string
  /** With `command` and `joined shell`: further unknown words follow at its end (`xargs`). */
  readonly more?: boolean
  /** From this word on, the words are the arguments of this command (`su user -- -c x`: of `sh`). */
  readonly argumentsOf?: string
}

export type Role = ShortRole | LongRole

/**
 * What an option does. In short: `{}` or `'word'` nothing, an `Effects` string what it adds, a role what its
 * argument is.
 */
export interface LongOption {
  /** Effects it adds. */
  readonly adds?: Effects
  /**
   * Effects that take the place of the entry's own and of its operands' (`kill -l`, `rm --help`). Honoured only where
   * it stands before the first operand, because POSIXLY_CORRECT in the target's environment makes it an operand there.
   */
  readonly sets?: Effects
  /** What its argument is. Of an option with two arguments (`--arg==`): of the second. */
  readonly argument?: Role
  /** Takes the place of the entry's `operands` (`grep -e`: no pattern; `bash -c`: a text). After an operand: both count. */
  readonly operands?: Role | readonly Role[]
  /** Whatever follows is not for this command (`python -c`, `-m`): nothing after it is read as its option. */
  readonly ends?: boolean
  /** Standard input is read as the entry's `stdin` says, although there are operands (`bash -s`). */
  readonly stdin?: boolean
}

export type Option = LongOption | Effects | Role

export interface Usage {
  /** Effects of running it, whatever its arguments. Default: none (give `'read'` for a harmless one). */
  readonly effects?: Effects
  /**
   * Options by their spellings. A key is a list separated by spaces:
   * `-o` flag · `-abc` three flags (with syntax `single-dash`: one option called `-abc`) · `-o=` takes an argument ·
   * `-i=?` takes one only when attached · `--arg==` takes two, of which the first is meant · `--long`, `--long=`, `--long=?` · `+x` · `-D*` all that
   * begin so, the rest is attached · `-#` a dash and digits · `of=` an operand that begins so · `dev` an operand that
   * is this word · `dev=_` the same, and its argument is the next operand.
   */
  readonly options?: Readonly<Record<string, Option>>
  /** Options, spelled as above, that change nothing. */
  readonly known?: string
  /**
   * What the operands are: a role for all, or one for each place, of which the last repeats. Default `'word'`.
   * `last`: of the last one, when there are two or more (`cp a b DEST`).
   */
  readonly operands?: Role | readonly Role[]
  readonly last?: Role
  /**
   * Effects when operands are missing (`python`, `ssh host`). Default none. Nothing is missing once an option was given
   * that has `operands`, `ends` or `sets`.
   */
  readonly bare?: Effects
  /**
   * How many operands there must be for none to be missing. Default: as many as `operands` has places up to the last
   * that is not `'word'`. `'option'`: operands are never enough, only such an option is (`psql` without `-c`).
   */
  readonly needs?: number | 'option'
  /** What it reads on standard input when operands are missing: commands of a shell, or code. */
  readonly stdin?: 'shell' | `code ${Language}`
  /**
   * How options are read. `gnu` (default): options and operands in any order, short ones bundled, long ones
   * abbreviated, `--` ends them · `posix`: the same, but the first operand ends them · `single-dash`: one dash
   * and a long name, no bundles, any order (find, openssl, java, terraform) · `old`: as `gnu`, and the first word may
   * be a bundle without a dash (tar, ps, ar) · `none`: no options at all (echo, expr).
   */
  readonly syntax?: 'gnu' | 'posix' | 'single-dash' | 'old' | 'none'
  /**
   * Effects of an option or subcommand that is not listed. When given, it is a promise: no option that is missing here
   * does more. When not given: all that the entry mentions anywhere, and `unknown`. GTFOBins classes add to both. (A word
   * that is not known, `$X`, may be any option, listed or not: it counts as both together.)
   */
  readonly worst?: Effects
  /**
   * By name; further names of the same one in the same key: `'remove rm'`. A `*` at either end of a name matches the
   * rest (`describe-*`), `'*'` alone matches any that nothing else does. The entry's own options are read before the
   * subcommand, and after it too with `globalOptions`.
   */
  readonly subcommands?: Readonly<Record<string, Entry>>
  readonly globalOptions?: boolean
  /** Which operand names the subcommand, from 0; those before it have the roles of `operands`. Default 0. */
  readonly subcommandAt?: number
  /** A subcommand may be shortened to any beginning of its name (`ip a`). */
  readonly abbreviates?: boolean
}

/**
 * What GTFOBins (gtfobins.github.io) says can be had from a program. `shell`, `command`, `reverse-shell`, `bind-shell`
 * and `library-load` make its worst `escape`; `file-write` makes it `write`, `file-read` `read`, `upload` and
 * `download` `transfer`.
 */
export type GtfobinsClass =
  | 'shell'
  | 'command'
  | 'reverse-shell'
  | 'bind-shell'
  | 'library-load'
  | 'file-write'
  | 'file-read'
  | 'upload'
  | 'download'
  | 'privilege-escalation'

export interface LongEntry extends Usage {
  readonly gtfobins?: readonly GtfobinsClass[]
  /** Where this is from, when it is not the family's sources: `'rsync(1)'`, a URL. */
  readonly sources?: readonly string[]
}

/**
 * A command or subcommand. In short: `'read'` is `{ effects: 'read', worst: 'read' }`, that is: this, whatever it is
 * told; `['write', 'unit']` is `{ effects: 'write', worst: 'write', operands: 'unit' }`.
 */
export type Entry = Effects | readonly [Effects, Role] | LongEntry

export interface Family {
  /** The file's name without `.ts`. */
  readonly name: string
  /** Manual pages and sites that the entries follow, with versions where they matter. */
  readonly sources: readonly string[]
  /** By command name, without a path; further names of the same one in the same key: `'vi vim view'`. */
  readonly commands: Readonly<Record<string, Entry>>
}

/** What `createAnalyser` works with. Of two families that name the same command, the later wins. */
export interface Catalogue {
  readonly families: readonly Family[]
}
