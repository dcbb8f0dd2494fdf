/**
 * The steps that bash will report for a line, each in the words in which bash will put it: what a verdict may be given
 * for before it is asked. Foreseeing is a convenience and no proof: bash compares its own text with these, letter by
 * letter, and a step that was put otherwise, or not foreseen at all, is asked for as ever.
 *
 * How bash prints a simple command (print_cmd.c; tried on 5.2): its words one space apart and as they were written, then
 * its redirections, a file one space behind the operator, a descriptor right behind it.
 */
import { type Command, forEachChild, parse, type Redirection, type SyntaxNode } from 'unbash'

/** A line with more steps than this is asked for step by step. */
const MAX_STEPS = 32

export function foreseenSteps(text: string): readonly string[] {
  const steps = new Set<string>()
  const visit = (node: SyntaxNode): void => {
    if (node.type === 'Command') {
      const step = printed(node, text)
      if (step !== undefined) steps.add(step)
    }
    forEachChild(node, visit)
  }
  visit(parse(text))
  return steps.size > MAX_STEPS ? [] : [...steps]
}

/** Undefined where bash would print it in a way that is not known here. */
function printed(command: Command, text: string): string | undefined {
  const parts: string[] = []
  const redirections: string[] = []
  const source = ({ pos, end }: { readonly pos: number; readonly end: number }) => text.slice(pos, end)
  for (const part of [...command.prefix, ...(command.name === undefined ? [] : [command.name]), ...command.suffix]) {
    if (!('type' in part)) parts.push(source(part))
    else if (part.type === 'Redirect' || part.type === 'HereString' || part.type === 'HereDoc') {
      const redirection = printedRedirection(part, source)
      if (redirection === undefined) return undefined
      redirections.push(redirection)
    } else parts.push(source(part))
  }
  const step = [...parts, ...redirections].join(' ')
  return step === '' || step.includes('\n') ? undefined : step
}

function printedRedirection(
  redirection: Redirection,
  source: (part: { readonly pos: number; readonly end: number }) => string,
): string | undefined {
  if (redirection.type === 'HereDoc' || redirection.target === undefined) return undefined
  // `>&word` may be a file or a descriptor, and each is printed in its own way.
  if (/[<>]&$/.test(redirection.operator)) return source(redirection)
  const descriptor = source(redirection).split(redirection.operator)[0] ?? ''
  return `${descriptor}${redirection.operator} ${source(redirection.target)}`
}
