/**
 * Which options a word of a command is, by getopt_long(3) and POSIX XBD 12.2: bundles of letters, attached arguments,
 * long names and their abbreviations. It only looks words up; what an option does is for usage.ts.
 */
import { type Argument, isKnown, knownStart } from './argument.ts'
import type { CompiledOption, CompiledUsage } from './catalogue/compile.ts'

/** An option found in a word, with the argument that the same word holds. */
export interface FoundOption {
  readonly option: CompiledOption
  readonly value: Argument | undefined
}

export interface OptionWord {
  readonly found: readonly FoundOption[]
  /** What in the word is not in the catalogue; with a hole in it, it may be any option. */
  readonly unlisted: string | undefined
}

/** The options of a command, and those of its parents that may stand among them. */
export class OptionTable {
  readonly #usages: readonly CompiledUsage[]
  readonly #isSingleDash: boolean

  constructor(usage: CompiledUsage, parents: readonly CompiledUsage[]) {
    this.#usages = [usage, ...parents]
    this.#isSingleDash = usage.syntax === 'single-dash'
  }

  /** Reports whether the word looks like an option, known or not. */
  isOption({ text }: Argument): boolean {
    if (text.length < 2) return text !== '' && /[-+]/.test(text) && this.find(text) !== undefined
    if (text[0] === '-') return true
    return text[0] === '+' && (this.find(text) ?? this.find(text.slice(0, 2)) ?? this.#prefix(text)) !== undefined
  }

  find(name: string): CompiledOption | undefined {
    for (const usage of this.#usages) {
      const option = usage.options.get(name)
      if (option !== undefined) return option
    }
    return undefined
  }

  /** `of=file`, `dev`: an operand that is an option. */
  keyword(argument: Argument): FoundOption | undefined {
    const { text } = argument
    if (/^[-+]?$|^[-+]/.test(text)) return undefined
    const exact = this.find(text)
    return exact === undefined ? this.#prefixed(argument) : { option: exact, value: undefined }
  }

  /** Reports whether a word with a hole further on may turn out to be a keyword. */
  mayBeKeyword({ text }: Argument): boolean {
    const start = knownStart(text)
    return this.#usages.some(
      (usage) =>
        usage.prefixes.some(({ prefix }) => /^[^-+]/.test(prefix) && prefix.startsWith(start)) ||
        [...usage.options.keys()].some((name) => /^[^-+]/.test(name) && name.startsWith(start)),
    )
  }

  match(argument: Argument): OptionWord {
    const { text } = argument
    const digits = /^-\d+$/.test(text) ? this.#usages.find((usage) => usage.digits !== undefined)?.digits : undefined
    const isLong = this.#isSingleDash || text.startsWith('--') || text.length === 1
    if (isLong) return this.#long(argument, digits)
    if (digits !== undefined) return { found: [{ option: digits, value: undefined }], unlisted: undefined }
    return this.#bundle(argument)
  }

  #long(argument: Argument, digits: CompiledOption | undefined): OptionWord {
    const { text } = argument
    const equals = text.indexOf('=')
    const written = equals === -1 ? text : text.slice(0, equals)
    const value = equals === -1 ? undefined : { ...argument, text: text.slice(equals + 1) }
    const name = this.#isSingleDash && written.startsWith('--') && written.length > 2 ? written.slice(1) : written
    // A hole in its name can make it any of them.
    const unlisted = isKnown(name) ? undefined : written
    const exact = this.find(name)
    if (exact !== undefined) return { found: [{ option: exact, value }], unlisted }
    if (digits !== undefined) return { found: [{ option: digits, value: undefined }], unlisted }
    const prefixed = this.#prefixed(argument)
    if (prefixed !== undefined) return { found: [prefixed], unlisted }
    // An abbreviation: the tool refuses one that is not unique, and may know more options than we do.
    const found: FoundOption[] = []
    if (!this.#isSingleDash && isKnown(name)) {
      for (const usage of this.#usages) {
        for (const [full, option] of usage.options) {
          if (full.startsWith('--') && full.startsWith(name)) found.push({ option, value })
        }
      }
    }
    return { found, unlisted: written }
  }

  #bundle(argument: Argument): OptionWord {
    const { text } = argument
    const found: FoundOption[] = []
    let unlisted: string | undefined
    for (let at = 1; at < text.length; at++) {
      const option = this.find(`${text[0]}${text[at]}`)
      if (option === undefined) {
        const prefixed = at === 1 ? this.#prefixed(argument) : undefined
        if (prefixed === undefined || !isKnown(text[at] ?? '')) unlisted = text
        if (prefixed === undefined) continue
        found.push(prefixed)
        break
      }
      const rest = text.slice(at + 1)
      found.push({ option, value: option.takes === 'nothing' || rest === '' ? undefined : { ...argument, text: rest } })
      if (option.takes !== 'nothing') break
    }
    return { found, unlisted }
  }

  #prefixed(argument: Argument): FoundOption | undefined {
    const found = this.#prefix(argument.text)
    return found === undefined
      ? undefined
      : { option: found.option, value: { ...argument, text: argument.text.slice(found.prefix.length) } }
  }

  #prefix(text: string): { readonly prefix: string; readonly option: CompiledOption } | undefined {
    for (const usage of this.#usages) {
      const found = usage.prefixes.find(({ prefix }) => text.startsWith(prefix))
      if (found !== undefined) return found
    }
    return undefined
  }
}
