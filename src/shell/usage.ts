/**
 * Reads a command's arguments by its entry in the catalogue: which are options, which are operands, and what each of
 * them does. A word that is not known may be any option, and from there on the places of the operands are not certain.
 */
import { type Argument, HOLE, hasHole, isKnown, mayBeOption, unknownArguments } from './argument.ts'
import type { CompiledOption, CompiledRole, CompiledUsage } from './catalogue/compile.ts'
import { readCode, readShell } from './code/code.ts'
import { DESTROY, type EffectSet, ESCAPE, NONE, OPAQUE } from './effects.ts'
import type { Finding } from './finding.ts'
import { dialectOf, readStdin, runWords } from './nested.ts'
import { OptionTable } from './options.ts'
import { choose, isCommandRole, subcommandsOf } from './roles.ts'

/** Adds what the arguments make of the command. `parents` are the commands it is a subcommand of. */
export function applyUsage(
  usage: CompiledUsage,
  args: readonly Argument[],
  finding: Finding,
  parents: readonly CompiledUsage[] = [],
): void {
  new UsageReader(usage, args, finding, parents).read()
}

class UsageReader {
  readonly #usage: CompiledUsage
  readonly #args: readonly Argument[]
  readonly #finding: Finding
  readonly #parents: readonly CompiledUsage[]
  readonly #options: OptionTable
  #roles: readonly CompiledRole[]
  /** Roles that an option gave after the first operand: they count as well. */
  #otherRoles: readonly CompiledRole[] = []
  readonly #operands: Argument[] = []
  #optionsEnded: boolean
  #sawOperand = false
  /** From this operand on, which word is which cannot be told. */
  #uncertainFrom = Number.POSITIVE_INFINITY
  /** There was a word that may be an option we do not know, or take the next word as its argument. */
  #isDoubted = false
  /** An option gave what operands would have given. */
  #isFilled = false
  #readsStdin = false
  #sets: EffectSet | undefined
  #placeholder: string | undefined
  /** A command was read from the operands, or a subcommand: there is no more to read. */
  #isDone = false
  #isSubcommand = false

  constructor(usage: CompiledUsage, args: readonly Argument[], finding: Finding, parents: readonly CompiledUsage[]) {
    this.#usage = usage
    this.#args = args
    this.#finding = finding
    this.#parents = parents
    this.#options = new OptionTable(usage, parents)
    this.#roles = usage.operands
    this.#optionsEnded = usage.syntax === 'none'
  }

  read(): void {
    const { syntax } = this.#usage
    let at = 0
    if (syntax === 'old') at = this.#readOldBundle()
    while (at < this.#args.length && !this.#isDone) {
      const argument = this.#args[at] as Argument
      if (!this.#optionsEnded) {
        if (argument.text === '--') {
          // find, java and their like go on reading options.
          this.#optionsEnded = syntax !== 'single-dash'
          at++
          continue
        }
        if (mayBeOption(argument)) this.#doubt(argument)
        if (this.#options.isOption(argument)) {
          at = this.#readOption(argument, at)
          continue
        }
      }
      if (!isKnown(argument.text) && this.#options.mayBeKeyword(argument)) this.#doubt(argument)
      at = this.#readKeyword(argument, at) ?? this.#readOperand(argument, at)
    }
    this.#finish()
  }

  /** The word may be an option, or vanish, or be several words. */
  #doubt(argument: Argument): void {
    this.#finding.add(this.#anyOption(), `${this.#usage.label}: a word that is not known may be an option`)
    this.#loseCount()
    this.#isDoubted = true
    // It may be several words, and the command among them.
    if (argument.fields === 'words' && this.#roles.some(isCommandRole)) this.#finding.add(OPAQUE)
  }

  /** An option's argument that may be several words: the first is the argument, the others may be anything. */
  #spill(argument: Argument): void {
    this.#doubt(argument)
    // A subcommand behind it is opaque by then.
    if (this.#usage.subcommands !== undefined) return
    this.#operands.push(argument.fields === 'words' ? unknownArguments(argument) : argument)
  }

  #loseCount(): void {
    this.#uncertainFrom = Math.min(this.#uncertainFrom, this.#operands.length)
  }

  get #isUncertain(): boolean {
    return this.#operands.length >= this.#uncertainFrom
  }

  /** The roles that the operand at this place may have. */
  #rolesAt(place: number): readonly CompiledRole[] {
    const last = this.#roles.length - 1
    if (place >= this.#uncertainFrom) return this.#roles.slice(Math.min(this.#uncertainFrom, Math.max(0, last)))
    const role = this.#roles[Math.min(place, last)]
    return role === undefined ? [] : [role]
  }

  /** The effects of an option of which not even the name is known. */
  #anyOption(): EffectSet {
    return this.#parents.reduce((effects, parent) => effects | parent.byOption, this.#usage.any)
  }

  #unlisted(text: string): void {
    const effects = isKnown(text) ? this.#usage.worst : this.#anyOption()
    this.#finding.add(effects, `${this.#usage.label}: ${isKnown(text) ? text : 'an option'} is not in the catalogue`)
    this.#isDoubted = true
    // It may take the next word for its argument, which moves the command or subcommand that follows.
    const mayTakeNext = !/^--[^=]*=/.test(text)
    if (mayTakeNext && (this.#roles.some(isCommandRole) || this.#usage.subcommands !== undefined)) this.#loseCount()
  }

  /** Reads the options of the word at `at`. Returns where reading goes on. */
  #readOption(argument: Argument, at: number): number {
    const { found, unlisted } = this.#options.match(argument)
    if (unlisted !== undefined) this.#unlisted(unlisted)
    let next = at + 1
    for (const { option, value } of found) next = Math.max(next, this.#applyOption(option, value, at))
    return next
  }

  /** `tar xzf a.tar`, `ps aux`: the first word is a bundle without a dash; arguments follow in the order of its letters. */
  #readOldBundle(): number {
    const [first] = this.#args
    if (first === undefined || first.text.startsWith('-') || /^\d*$/.test(first.text)) return 0
    if (!isKnown(first.text)) {
      // It may be several words: the bundle, and operands after it.
      this.#doubt(first)
      return 0
    }
    let at = 1
    for (const letter of first.text) {
      const option = this.#options.find(`-${letter}`)
      if (option === undefined) this.#unlisted(first.text)
      else if (option.takes === 'one' && at < this.#args.length) {
        const argument = this.#args[at] as Argument
        if (argument.fields !== 'one') this.#spill(argument)
        this.#applyOption(option, argument, at)
        at++
      } else this.#applyOption(option, undefined, this.#args.length)
    }
    return at
  }

  /** Applies an option that stands at `at`; `value` is its attached argument. Returns where reading goes on. */
  #applyOption(option: CompiledOption, value: Argument | undefined, at: number): number {
    const { adds, sets, operands, ends, stdin } = option
    this.#finding.add(
      adds,
      adds === NONE ? undefined : `${this.#usage.label} ${this.#args[at]?.text.slice(0, 40) ?? ''}`.trimEnd(),
    )
    if (sets !== undefined && !this.#sawOperand && !this.#isDoubted) this.#sets = (this.#sets ?? NONE) | sets
    if (operands !== undefined) {
      if (this.#sawOperand) this.#otherRoles = [...this.#otherRoles, ...operands]
      else this.#roles = operands
      this.#isFilled = true
    }
    this.#readsStdin ||= stdin
    let next = at + 1
    const missing = { two: 2, one: 1, next: 1, attached: 0, nothing: 0 }[option.takes] - (value === undefined ? 0 : 1)
    let argument = value
    // Of two it is the first that is something; the other is a format or a value.
    for (let count = 0; count < missing; count++) {
      const found = this.#args[next]
      argument ??= found
      if (found === undefined) break
      if (found.fields !== 'one') this.#spill(found)
      next++
    }
    if (option.takes === 'nothing' && value !== undefined) this.#unlisted(value.text)
    if (argument !== undefined && option.argument !== undefined) {
      next = this.#readArgument(option.argument, argument, value === undefined ? at + 1 : -1) ?? next
    }
    if (ends) {
      this.#optionsEnded = true
      this.#isFilled = true
      this.#roles = operands ?? []
    }
    return next
  }

  /** Reads an option's argument, which stands at `at`, or is attached (-1). Returns where reading goes on, if it moves. */
  #readArgument(role: CompiledRole, argument: Argument, at: number): number | undefined {
    let moved: number | undefined
    for (const each of choose(role, argument)) {
      if (isCommandRole(each) && at !== -1) moved = this.#readCommandRole(each, at)
      else this.#readRole(each, argument)
    }
    return moved
  }

  /** `of=file`, `dev eth0`: operands that are options. */
  #readKeyword(argument: Argument, at: number): number | undefined {
    const found = this.#options.keyword(argument)
    return found === undefined ? undefined : this.#applyOption(found.option, found.value, at)
  }

  #readOperand(argument: Argument, at: number): number {
    const { syntax, subcommands, subcommandAt } = this.#usage
    const place = this.#operands.length
    if (subcommands !== undefined && place === subcommandAt) {
      this.#readSubcommand(argument, at)
      this.#isSubcommand = true
      this.#isDone = true
      return at
    }
    // File names that a pattern gives: none, one or many.
    if (argument.fields !== 'one') this.#loseCount()
    const command = this.#rolesAt(place)
      .flatMap((each) => choose(each, argument))
      .find(isCommandRole)
    if (command !== undefined) {
      if (this.#isUncertain) this.#finding.add(OPAQUE, `${this.#usage.label}: where the command begins is not known`)
      const next = this.#readCommandRole(command, at)
      this.#sawOperand = true
      this.#operands.push(argument)
      return next
    }
    this.#operands.push(argument)
    this.#sawOperand = true
    if (syntax === 'posix') this.#optionsEnded = true
    return at + 1
  }

  #readSubcommand(argument: Argument, at: number): void {
    const { label, worst, any, globalOptions } = this.#usage
    const rest = this.#args.slice(at + 1)
    const parents = globalOptions
      ? [this.#usage, ...this.#parents]
      : this.#parents.filter((parent) => parent.globalOptions)
    const found = this.#isUncertain || !isKnown(argument.text) ? [] : subcommandsOf(this.#usage, argument.text)
    if (found.length === 0) {
      const isHidden = this.#isUncertain || !isKnown(argument.text)
      this.#finding.add(
        isHidden ? any | OPAQUE : worst,
        isHidden ? `${label}: what it is told to do is not known` : `${label} ${argument.text} is not in the catalogue`,
      )
      return
    }
    for (const usage of found) applyUsage(usage, rest, this.#finding, parents)
  }

  /** Reads a command that begins at `at`. Returns where reading of our own arguments goes on. */
  #readCommandRole(role: CompiledRole, at: number): number {
    let end = this.#args.length
    if (role.until !== undefined) {
      const found = this.#args.findIndex((each, index) => index >= at && role.until?.includes(each.text))
      if (found !== -1) end = found
    }
    let words: readonly Argument[] = this.#args.slice(at, end)
    // A value may be the word that ends the command: what follows are our own options then.
    const unsure = role.until === undefined ? undefined : words.find((word) => hasHole(word.text))
    if (unsure !== undefined) this.#doubt(unsure)
    const placeholder = this.#placeholder ?? role.placeholder
    if (placeholder !== undefined && !isKnown(placeholder))
      this.#finding.add(OPAQUE, `${this.#usage.label}: which words it replaces is not known`)
    if (placeholder !== undefined && placeholder !== '') {
      const stand = this.#standFor(role)
      words = words.map((word) =>
        word.text.includes(placeholder) ? { ...word, text: word.text.replaceAll(placeholder, stand) } : word,
      )
    }
    const last = words.at(-1)
    if (role.more && last !== undefined) words = [...words, unknownArguments(last)]
    this.#runWords(role, words)
    if (role.until === undefined) this.#isDone = true
    return Math.min(end + 1, this.#args.length)
  }

  /** What a placeholder stands for: with `until`, a path at or below an operand, which is seen to be no option. */
  #standFor(role: CompiledRole): string {
    const isBelow = role.until?.includes(';') === true && !this.#isUncertain && !this.#isFilled
    if (!isBelow || !this.#operands.every(({ text }) => isKnown(text) && /^[./~\w]/.test(text))) return HOLE
    return `${this.#operands[0]?.text[0] ?? '.'}${HOLE}`
  }

  #runWords(role: CompiledRole, words: readonly Argument[]): void {
    if (role.argumentsOf === undefined) runWords(role, words, this.#usage, this.#finding)
    else {
      const usage = this.#finding.run.lookup(role.argumentsOf)
      if (usage === undefined) this.#finding.add(ESCAPE | OPAQUE, `${role.argumentsOf} is not in the catalogue`)
      else applyUsage(usage, words, this.#finding)
    }
  }

  #readRole(role: CompiledRole, argument: Argument): void {
    const { text } = argument
    switch (role.kind) {
      case 'word':
        this.#finding.add(role.effects, role.effects === NONE ? undefined : this.#because(text))
        return
      case 'object':
        if (role.object === undefined) return
        this.#finding.object(role.object, text, role.effects, argument.fields)
        return
      case 'script':
        this.#finding.add(
          OPAQUE | ESCAPE | role.effects,
          `${this.#usage.label} runs a file, of which the text says nothing`,
        )
        this.#finding.object('path', text, NONE)
        return
      case 'shell':
        this.#finding.add(role.effects)
        readShell(role.more ? `${text} "$@"` : text, this.#finding, argument, dialectOf(this.#usage, this.#finding))
        return
      case 'code':
        this.#finding.add(role.effects)
        readCode(role.language ?? 'other', text, this.#finding, argument)
        return
      case 'placeholder':
        this.#placeholder = text
        return
      default:
        // A command as an option's attached argument: one word.
        this.#runWords(role, [argument])
    }
  }

  #because(text: string): string {
    return `${this.#usage.label} ${isKnown(text) ? text.slice(0, 40) : '…'}`
  }

  #finish(): void {
    const { label, family, effects, last, bare, stdin, needs } = this.#usage
    const own = this.#isSubcommand ? NONE : (this.#sets ?? effects)
    this.#finding.add(own, `${label} (${family})`)
    if ((own & DESTROY) !== 0) this.#finding.isRemoval = true
    if (this.#sets === undefined) this.#readOperandRoles(last)
    if (this.#isSubcommand || this.#sets !== undefined) return
    const isMissing = (!this.#isFilled && (this.#operands.length < needs || this.#isUncertain)) || this.#readsStdin
    if (!isMissing) return
    if (stdin === undefined) this.#finding.add(bare, bare === NONE ? undefined : `${label} without operands`)
    else readStdin(this.#usage, this.#finding, this.#args[0] ?? { start: 0, end: 0 })
  }

  #readOperandRoles(last: CompiledRole | undefined): void {
    const count = this.#operands.length
    for (const [place, operand] of this.#operands.entries()) {
      const isLast = last !== undefined && count > 1 && place === count - 1
      const roles = [...(isLast ? [last] : this.#rolesAt(place)), ...this.#otherRoles]
      // A word that is not known may stand for the last ones.
      if (place >= this.#uncertainFrom && last !== undefined) roles.push(...this.#rolesAt(place), last)
      // The same role is read once; an operand that several roles could be is each of them.
      for (const role of new Set(roles.flatMap((each) => choose(each, operand)))) {
        if (!isCommandRole(role)) this.#readRole(role, operand)
      }
    }
  }
}
