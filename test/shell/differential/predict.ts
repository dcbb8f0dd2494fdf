/**
 * Runs the analysis and keeps the words that it predicted for each command, so that the test compares not only names but
 * every word: a brace that bash expands and we do not is found even when the command is the same.
 */
import { parse } from 'unbash'
import { createAnalyser } from '../../../src/shell/analyse.ts'
import { type Argument, DIGITS, HOLE, NUMBER, NUMERIC, PLAIN } from '../../../src/shell/argument.ts'
import { compileCatalogue, type Lookup } from '../../../src/shell/catalogue/catalogue.ts'
import type { Catalogue } from '../../../src/shell/catalogue/schema.ts'
import { readCommand } from '../../../src/shell/command.ts'
import { type Engine, Run } from '../../../src/shell/run.ts'
import { walkScript } from '../../../src/shell/walk.ts'

export interface Prediction {
  readonly isOpaque: boolean
  /** Reports whether a command with these words was predicted. */
  includes(words: readonly string[]): boolean
  readonly commands: readonly string[]
}

export function createPredictor(catalogue: Catalogue): (text: string) => Prediction {
  const analyse = createAnalyser(catalogue)
  const lookup = compileCatalogue(catalogue)
  return (text) => predict(text, analyse, lookup)
}

function predict(text: string, analyse: ReturnType<typeof createAnalyser>, lookup: Lookup): Prediction {
  const analysis = analyse(text)
  const commands = analysis.commands.map((command) => `${command.name} [${command.effects.join(' ')}]`)
  if (analysis.effects.includes('opaque')) return { isOpaque: true, includes: () => true, commands }
  const predicted: RegExp[] = []
  const engine: Engine = {
    script: walkScript,
    command(args, place, finding, at) {
      predicted.push(expressionOf(args))
      readCommand(args, place, finding, at)
    },
  }
  const context = {
    frame: { text, at: undefined },
    stdin: { kind: 'inherited' },
    depth: 0,
    isConditional: false,
    dialect: 'bash',
  } as const
  walkScript(new Run(engine, lookup, {}), parse(text), context)
  return {
    isOpaque: false,
    includes: (words) => predicted.some((each) => each.test(words.map((word) => `${word}\x01`).join(''))),
    commands,
  }
}

const HOLES: Readonly<Record<string, string>> = {
  [HOLE]: '[^]*',
  [DIGITS]: '\\d+',
  [NUMBER]: '-?\\d+',
  [NUMERIC]: '-?\\d*',
  [PLAIN]: '[\\w./:@%,][\\w./:@%,+=-]*',
}

function expressionOf(args: readonly Argument[]): RegExp {
  let source = ''
  for (const [at, { text, fields }] of args.entries()) {
    const word = at === 0 ? text.slice(text.lastIndexOf('/') + 1) : text
    // An unquoted hole may be any number of words, and none. `~` and what follows it is a directory.
    const inner = [...word].map((char) => HOLES[char] ?? escaped(char)).join('')
    // So is `~` behind the `=` of a word that looks like an assignment, and behind a colon in it.
    const own = `${inner.startsWith('~') ? '[^\\x01]*' : inner.replace(/(?<=[=:])~[^/:]*/g, '[^\\x01]*')}\x01`
    source += fields !== 'one' ? `(?:${own})?` : own
  }
  return new RegExp(`^${source}$`)
}

function escaped(char: string): string {
  return char.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&')
}
