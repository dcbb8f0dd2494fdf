/**
 * What one step of a gated shell does by itself. A command inside a substitution (`$(…)`, `<(…)`) is a step of its own
 * and is asked for in its turn, so it does not count twice; a command that another program runs (`sudo rm`, `bash -c …`)
 * is not, and does count.
 */
import { forEachChild, parse, type SyntaxNode } from 'unbash'
import type { Analysis, Effect, SimpleCommand } from '../core/action.ts'

/** Returns the analysis of `text` without the commands that its own substitutions run. */
export function ofStepAlone(text: string, whole: Analysis): Analysis {
  const substitutions: { readonly pos: number; readonly end: number }[] = []
  const visit = (node: SyntaxNode): void => {
    if (node.type === 'CommandExpansion' || node.type === 'ProcessSubstitution') substitutions.push(node)
    else forEachChild(node, visit)
  }
  visit(parse(text))
  if (substitutions.length === 0) return whole
  const isElsewhere = ({ start, end }: SimpleCommand) =>
    substitutions.some((part) => start >= part.pos && end <= part.end)
  const commands = whole.commands.filter((command) => !isElsewhere(command))
  // What the text itself is (too long, not UTF-8, …) belongs to no command and stays.
  const ofCommands = new Set(whole.commands.flatMap((command) => command.effects))
  const ofText = whole.effects.filter((effect) => !ofCommands.has(effect))
  return {
    commands,
    effects: [...new Set<Effect>([...ofText, ...commands.flatMap((command) => command.effects)])],
    objects: commands.flatMap((command) => command.objects),
  }
}

/** Returns the analysis of a step that calls a function: the call does nothing but its redirections and assignments. */
export function ofFunctionCall(text: string, analyse: (text: string) => Analysis): Analysis {
  const call = text.replace(/^\S+/, ':')
  return ofStepAlone(call, analyse(call))
}

/** Builtins whose text is read by the same shell, so that each command of it is a step. */
const READ_HERE = new Set(['.', 'source', 'eval'])
const PROMPTS = /^(?:PS[0-4]|PROMPT_COMMAND)\+?=/

/**
 * Returns the analysis of a step in the person's own start files. What they source and evaluate there, and what their
 * prompt will run, comes as steps of its own.
 */
export function ofStartFileStep(alone: Analysis): Analysis {
  const first = alone.commands[0]
  const isReadHere = first !== undefined && (READ_HERE.has(first.name ?? '') || PROMPTS.test(first.text))
  if (!isReadHere) return alone
  const commands = alone.commands
    .filter((command) => command.start === 0)
    .map((command) => ({
      ...command,
      effects: command.effects.filter((effect) => effect !== 'opaque' && effect !== 'escape'),
    }))
  return { commands, effects: [...new Set(commands.flatMap((command) => command.effects))], objects: alone.objects }
}
