/**
 * What a line does that bash's DEBUG trap never reports. The trap sees every simple command, but a redirection that
 * stands on a compound command (`{ :; } > file`, `while …; done > file`) belongs to none: it truncates a file and no
 * step mentions it (tried on bash 5.2). So the line itself is read for those, at the moment of Enter.
 */
import { forEachChild, parse, type Redirection, type SyntaxNode } from 'unbash'
import type { Analysis, Effect, ObjectRef, SimpleCommand } from '../core/action.ts'
import { MAX_TEXT } from './text.ts'

export type BetweenSteps =
  /** Bash will ask for more before it runs anything. */
  | { readonly kind: 'incomplete' }
  /** Bash may know better, but what it does between the steps is not known here. */
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'read'; readonly analysis: Analysis }

/** Reads a line (or the lines so far of a longer command) for what its steps will not tell. */
export function betweenSteps(text: string, analyse: (text: string) => Analysis): BetweenSteps {
  if (text.length > MAX_TEXT) return { kind: 'unreadable' }
  const script = parse(text)
  const found: SimpleCommand[] = []
  let isBroken = false
  let isUnfinished = false

  const visit = (node: SyntaxNode): void => {
    if ('errors' in node && node.errors !== undefined && node.errors.length > 0) {
      isBroken = true
      isUnfinished ||= node === script && node.errors.every(({ message }) => /^(unterminated|expected) /.test(message))
    }
    if (node.type === 'Redirected') found.push(...node.redirects.flatMap((redirect) => read(redirect, text, analyse)))
    forEachChild(node, visit)
  }
  visit(script)
  if (isBroken) return isUnfinished ? { kind: 'incomplete' } : { kind: 'unreadable' }

  const effects: readonly Effect[] = [...new Set(found.flatMap((command) => command.effects))]
  const objects: readonly ObjectRef[] = found.flatMap((command) => command.objects)
  return { kind: 'read', analysis: { commands: found, effects, objects } }
}

/** Analyses one redirection as if it stood on the null command, where its effects are the same. */
function read(redirect: Redirection, text: string, analyse: (text: string) => Analysis): readonly SimpleCommand[] {
  if (redirect.type !== 'Redirect') return []
  const source = text.slice(redirect.pos, redirect.end)
  return analyse(`: ${source}`).commands.map((command) => ({
    ...command,
    text: source,
    name: undefined,
    start: redirect.pos,
    end: redirect.end,
  }))
}
