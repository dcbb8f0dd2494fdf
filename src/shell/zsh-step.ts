/**
 * What one step of a gated zsh does by itself. zsh reports a whole sublist (a pipeline with its `&&` and `||`), normalised
 * and with aliases expanded: a compound command first, redirections and all, then each sublist of its body. So the bodies,
 * like the substitutions, are asked for in their turn and do not count here; everything else of the text does.
 *
 * The text is read by bash's grammar. What that cannot read (`repeat`, `always`, glob qualifiers, …) is `opaque`.
 */
import { type Command, forEachChild, parse, type Redirection, type SyntaxNode } from 'unbash'
import type { Analysis, Effect, SimpleCommand } from '../core/action.ts'

export interface ZshStep {
  readonly text: string
  /** Reports whether zsh said that the first word is a function. */
  readonly isFunctionCall: boolean
  /** Start files may set what a redirection without a command runs. */
  readonly isStarting: boolean
}

/** Builtins of zsh that bash does not have, and that run nothing whose steps are not reported. */
const HARMLESS = new Set(
  'autoload bindkey chdir float functions integer limit print rehash setopt unfunction unlimit unsetopt whence where zle zmodload zstyle'.split(
    ' ',
  ),
)
const HARMLESS_EMULATE = /^emulate(?:\s+-[LR]+)*(?:\s+(?:zsh|sh|ksh|csh))?\s*$/
/** Words in front of a command that do not change what it does to anything. */
const MODIFIERS = new Set(['noglob', 'nocorrect', '-'])
/** Variables that decide what zsh runs, and that bash does not know; `path` is `PATH`. */
const DECIDING = /(?:^|[\s({])(?:path|NULLCMD|READNULLCMD|module_path|MODULE_PATH|STTY|FCEDIT)(?:\[[^\]]*\])?\+?=/
const ASSIGNING_EXPANSION = /\$\{[^}]*::=/

export function ofZshStep(step: ZshStep, analyse: (text: string) => Analysis): Analysis {
  const readable = readableZsh(step)
  const script = parse(readable)
  const whole = analyse(readable)
  const nested: { readonly pos: number; readonly end: number }[] = []
  const redirections: Redirection[] = []
  let isBroken = false
  let isWithoutCommand = false
  const visit = (node: SyntaxNode): void => {
    if ('errors' in node && node.errors !== undefined && node.errors.length > 0) isBroken = true
    if (node.type === 'CommandExpansion' || node.type === 'ProcessSubstitution' || node.type === 'CompoundList') {
      nested.push(node)
      return
    }
    if (node.type === 'Redirected') redirections.push(...node.redirects)
    if (node.type === 'Command') isWithoutCommand ||= node.name === undefined && hasRedirection(node)
    forEachChild(node, visit)
  }
  visit(script)
  if (isBroken) return withOpaque(whole)
  const isElsewhere = ({ start, end }: SimpleCommand) => nested.some((part) => start >= part.pos && end <= part.end)
  const ofRedirections = redirections.flatMap(
    (redirection) => analyse(`: ${readable.slice(redirection.pos, redirection.end)}`).commands,
  )
  const commands = [...whole.commands.filter((command) => !isElsewhere(command)), ...ofRedirections]
  const ofCommands = new Set(whole.commands.flatMap((command) => command.effects))
  const alone: Analysis = {
    commands,
    effects: [
      ...new Set<Effect>([
        ...whole.effects.filter((effect) => !ofCommands.has(effect)),
        ...commands.flatMap((command) => command.effects),
      ]),
    ],
    objects: commands.flatMap((command) => command.objects),
  }
  const decides = DECIDING.test(step.text) && !step.isStarting
  return decides || (isWithoutCommand && step.isStarting) || ASSIGNING_EXPANSION.test(step.text)
    ? withOpaque(alone)
    : alone
}

/** Puts `:` in place of what zsh alone knows, at the same length, so that the rest can be read by bash's grammar. */
function readableZsh({ text, isFunctionCall }: ZshStep): string {
  const plain = text
    .replace(/\$\{(\([^()$`"'\\]*\)|\+)/g, (_, flags: string) => '${'.padEnd(2 + flags.length, '_'))
    // Bash would compute the name between the brackets, and so run what its value says; zsh reports that as a step.
    .replace(/(\$\{\w+\[)(\w+)(?=\])/g, (_, before: string, name: string) => before + '0'.repeat(name.length))
  const script = parse(plain)
  let result = plain
  const cover = (from: number, to: number, by: string) => {
    result = result.slice(0, from) + by.padEnd(to - from) + result.slice(to)
  }
  const visit = (node: SyntaxNode): void => {
    if (node.type === 'Command' && node.name !== undefined) {
      const { pos, end, text: name } = node.name
      let first = { pos, end, text: name }
      for (const next of node.suffix) {
        if (!MODIFIERS.has(first.text) || !('text' in next)) break
        cover(first.pos, first.end, '')
        first = next
      }
      if (HARMLESS.has(first.text) || HARMLESS_EMULATE.test(plain.slice(first.pos, node.end)))
        cover(first.pos, first.end, ':')
    }
    forEachChild(node, visit)
  }
  visit(script)
  // Only where the call is all there is: in `unfunction rm && rm x` it is a function no more when its turn comes.
  const only = script.commands.length === 1 ? script.commands[0]?.command : undefined
  if (isFunctionCall && only?.type === 'Command' && only.name !== undefined && only.prefix.length === 0)
    cover(only.name.pos, only.name.end, ':')
  return result
}

function hasRedirection(command: Command): boolean {
  return [...command.prefix, ...command.suffix].some((part) => 'type' in part && part.type === 'Redirect')
}

function withOpaque(analysis: Analysis): Analysis {
  return { ...analysis, effects: [...new Set<Effect>([...analysis.effects, 'opaque'])] }
}
