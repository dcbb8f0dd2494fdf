/** Chooses among the roles and subcommands that a word may have; what is not known may have several. */
import { type Argument, HOLE, isKnown } from './argument.ts'
import type { CompiledRole, CompiledUsage } from './catalogue/compile.ts'
import { normalisePath } from './objects.ts'

/** Reports whether a command begins at a word of this role. */
export function isCommandRole(role: CompiledRole): boolean {
  return (
    role.kind === 'command' ||
    role.kind === 'command-or-c' ||
    role.kind === 'env-command' ||
    role.kind === 'joined-shell' ||
    role.argumentsOf !== undefined
  )
}

/** The roles that a word may have by the patterns of `role`: one where it is known, all that may fit where it is not. */
export function choose(role: CompiledRole, argument: Argument): readonly CompiledRole[] {
  if (role.patterns.length === 0) return [role]
  const { text } = argument
  const inner = (each: CompiledRole) => choose(each, argument)
  const base = { ...role, patterns: [] }
  if (!isKnown(text)) {
    const start = namesBegin(argument)
    const fitting = role.patterns.filter(({ start: own }) => own.startsWith(start) || start.startsWith(own))
    return [...fitting.flatMap((pattern) => inner(pattern.role)), base]
  }
  const found = role.patterns.find(
    (pattern) => pattern.glob.test(text) || (text.startsWith('/') && pattern.glob.test(normalisePath(text))),
  )
  return found === undefined ? [base] : inner(found.role)
}

/** How the names that a pattern gives begin; nothing where a value may bring `..` or a slash of its own. */
function namesBegin({ text, fields }: Argument): string {
  if (fields !== 'names' || /(?:^|\/)\.|\.\uFFFF/.test(text)) return ''
  return text.slice(0, text.indexOf(HOLE))
}

/** The subcommands that a word names: its own, those it shortens, or those whose pattern fits. */
export function subcommandsOf(usage: CompiledUsage, text: string): readonly CompiledUsage[] {
  const exact = usage.subcommands?.get(text)
  if (exact !== undefined) return [exact]
  if (usage.abbreviates) {
    const found = [...(usage.subcommands ?? [])].filter(([name]) => name.startsWith(text)).map(([, each]) => each)
    if (found.length > 0) return [...new Set(found)]
  }
  const pattern = usage.subcommandPatterns.find((each) => each.glob.test(text))
  return pattern === undefined ? [] : [pattern.usage]
}
