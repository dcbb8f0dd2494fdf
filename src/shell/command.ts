/**
 * One simple command: which program its first word names, and what the catalogue says of it with these arguments. A
 * name that cannot be known makes it opaque; what would follow if the word vanished is read as well.
 */
import { type Argument, HOLE, isKnown } from './argument.ts'
import { readBuiltin } from './builtins.ts'
import { compileCatalogue } from './catalogue/catalogue.ts'
import type { CompiledUsage } from './catalogue/compile.ts'
import { secured, secures } from './catalogue/data/secured.ts'
import type { Span } from './context.ts'
import { NONE, OPAQUE, UNKNOWN } from './effects.ts'
import type { Finding } from './finding.ts'
import { isPlainName } from './text.ts'
import { applyUsage } from './usage.ts'

/** A command by a path is the catalogue's only from where the system keeps its own. */
const SYSTEM_PATH = /^\/+(?:usr\/+(?:local\/+)?)?s?bin\/+([^/]+)$/

const lookupSecured = compileCatalogue({ families: [secured] })

export function readCommand(args: readonly Argument[], place: number, finding: Finding, at: Span): void {
  const [head, ...rest] = args
  if (head === undefined) return
  const { run } = finding
  if (!isKnown(head.text)) {
    finding.add(OPAQUE, 'which command runs is not known')
    // `$SUDO rm x`: an empty value leaves `rm x`.
    if (head.fields === 'words' && head.text === HOLE && rest.length > 0) run.command(rest, finding)
    run.fill(place, undefined, finding, at)
    return
  }
  if (!isPlainName(head.text)) {
    finding.add(OPAQUE, 'the command name has characters that may look like others')
    run.fill(place, undefined, finding, at)
    return
  }
  const name = nameOf(head.text, finding)
  lookUp(name, head.text, rest, finding)
  run.fill(place, name, finding, at)
}

/** The name without its path; a path that is not the system's makes it unknown. */
function nameOf(text: string, finding: Finding): string {
  if (!text.includes('/')) return text
  const found = SYSTEM_PATH.exec(text)?.[1]
  if (found !== undefined) return found
  finding.add(UNKNOWN, `${text} is not in a system directory`)
  return text.slice(text.lastIndexOf('/') + 1) || text
}

function lookUp(name: string, written: string, rest: readonly Argument[], finding: Finding): void {
  const { run } = finding
  // Functions and aliases are found by the word as it is written; a path skips them.
  const defined = run.functions.get(written)
  const alias = run.aliases.get(written)
  if (defined !== undefined) finding.add(defined.effects, `${written} is a function of this text`)
  if (alias !== undefined) finding.add(alias, `${written} is an alias of this text`)

  const usage = securedUsage(written, finding) ?? run.lookup(name)
  if (usage === undefined) {
    const isCertain = defined !== undefined && !defined.isConditional
    if (!isCertain) finding.add(UNKNOWN, `${name} is not in the catalogue`)
    return
  }
  readBuiltin(name, rest, finding)
  applyUsage(usage, rest, finding)
  if (finding.effects === NONE) finding.add(NONE, `${usage.label} (${usage.family})`)
}

/**
 * The entry of a program that the gate keeps from starting others, as long as nothing stands between the gated shell and
 * it that could take the variable away (env, sudo, a script). A catalogue of one's own has the last word.
 */
function securedUsage(written: string, { run, context }: Finding): CompiledUsage | undefined {
  if (context.depth > 0 || run.surroundings.secured?.has(written) !== true) return undefined
  return run.lookup(written)?.family === secures ? lookupSecured(written) : undefined
}
