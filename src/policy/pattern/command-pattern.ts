/**
 * What a rule says about commands by name: `ls`, `mkfs.*`, or with arguments, `git push *`. The name is the one that the
 * analysis resolved (without path, quotes and wrappers), never the text's first word.
 */
import type { SimpleCommand } from '../../core/action.ts'
import type { Certainty } from './certainty.ts'
import { type Glob, matchesGlob, parseGlob } from './glob.ts'
import { isRefusal, type Refusal, refuse } from './refusal.ts'
import { plainWords } from './words.ts'

export interface CommandPattern {
  readonly source: string
  readonly name: Glob
  /** Over the name and all arguments, joined by single spaces; undefined where the pattern is a name alone. */
  readonly line: Glob | undefined
}

export function parseCommandPattern(source: string): CommandPattern | Refusal {
  if (source !== source.trim() || /\s{2}|[\t\n]/.test(source)) return refuse('words are separated by one space')
  const [first = '', ...rest] = source.split(' ')
  if (first === '') return refuse('the name of the command is missing')
  if (first.includes('/')) return refuse('commands are named without their path')
  const name = parseGlob(first)
  if (isRefusal(name)) return name
  if (rest.length === 0) return { source, name, line: undefined }
  const line = parseGlob(source)
  return isRefusal(line) ? line : { source, name, line }
}

export function matchesCommand(pattern: CommandPattern, command: SimpleCommand): Certainty {
  if (command.name === undefined) return 'unclear'
  const byName = matchesGlob(pattern.name, command.name)
  if (byName !== 'yes' || pattern.line === undefined) return byName
  const words = plainWords(command.text)
  if (words === undefined || baseName(words[0]) !== command.name) return 'unclear'
  return matchesGlob(pattern.line, [command.name, ...words.slice(1)].join(' '))
}

function baseName(word: string | undefined): string | undefined {
  return word?.slice(word.lastIndexOf('/') + 1)
}
