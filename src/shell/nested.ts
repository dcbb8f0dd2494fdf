/**
 * What a command hands on: words that are a command in their turn, texts for a shell, and what is read from standard
 * input where nothing else was given.
 */
import type { Argument } from './argument.ts'
import type { CompiledRole, CompiledUsage } from './catalogue/compile.ts'
import { readCode, readShell, readStdinScript } from './code/code.ts'
import type { Dialect, Span } from './context.ts'
import { ESCAPE, NONE, OPAQUE } from './effects.ts'
import type { Finding } from './finding.ts'
import { effectsOfVariable } from './variables.ts'

/** For env and sudo every word with a `=` is one, whatever its name: `BASH_FUNC_ls%%=() { … }` defines a function. */
const ASSIGNMENT = /^([^=]+)=/s

/** Reads the words from which on an argument list is a command, or the text of one. */
export function runWords(role: CompiledRole, words: readonly Argument[], usage: CompiledUsage, finding: Finding): void {
  finding.add(role.effects)
  let rest = words
  if (role.kind === 'env-command') {
    const start = rest.findIndex((word) => !ASSIGNMENT.test(word.text))
    for (const word of start === -1 ? rest : rest.slice(0, start)) readEnvironment(word, finding)
    rest = start === -1 ? [] : rest.slice(start)
  }
  const [first, second] = rest
  if (first === undefined) return
  const isText = role.kind === 'command-or-c' && (first.text === '-c' || first.text === '--command')
  if (role.kind === 'joined-shell') {
    readShell(rest.map((word) => word.text).join(' '), finding, first, dialectOf(usage, finding))
  } else if (!isText) finding.run.command(rest, finding)
  else if (second !== undefined) readShell(second.text, finding, second, dialectOf(usage, finding))
}

function readEnvironment(word: Argument, finding: Finding): void {
  const name = ASSIGNMENT.exec(word.text)?.[1] ?? ''
  if (!/^\w+$/.test(name)) finding.add(OPAQUE, 'an environment variable with a name that a shell reads as more')
  const effects = effectsOfVariable(name, true)
  if (effects !== NONE) finding.add(effects, `$${name} decides what runs`)
}

/** The shell that reads what a command hands to one. */
export function dialectOf({ label, family }: CompiledUsage, finding: Finding): Dialect {
  if (label === 'bash' || label === 'rbash') return 'bash'
  // eval, trap: this very shell.
  return family === 'builtins' ? finding.context.dialect : 'any'
}

/** Reads what a command finds on its standard input when operands are missing. */
export function readStdin(usage: CompiledUsage, finding: Finding, at: Span): void {
  const { stdin } = finding.context
  const { label, bare } = usage
  switch (stdin.kind) {
    case 'nothing':
      return
    case 'text':
      readProgram(usage, stdin.text, finding, at)
      return
    case 'pipe':
      finding.add(OPAQUE | bare, `${label} runs what it reads from a pipe`)
      if (stdin.text !== undefined) readProgram(usage, stdin.text, finding, at)
      return
    case 'file':
      finding.add(OPAQUE | ESCAPE | bare, `${label} runs what it reads from a file`)
      return
    case 'inherited':
      finding.add(bare, bare === NONE ? undefined : `${label} without operands`)
  }
}

function readProgram(usage: CompiledUsage, text: string, finding: Finding, at: Span): void {
  if (usage.stdin === 'shell') readStdinScript(text, finding, at, dialectOf(usage, finding))
  else readCode(usage.stdin ?? 'other', text, finding, at)
}
