/**
 * Commands whose output is known from their words: a number and nothing else (or nothing, where they fail). What is
 * printed otherwise may be anything, and bash evaluates it where arithmetic gets it.
 */
import type { CommandNode, ParsedScript } from 'unbash'

/** The command and its words as they are written, joined by spaces. */
const NUMBERS: readonly RegExp[] = [
  /^date(?: -u)? \+(?:%[sYymdHMSNju])+$/,
  /^date(?: -u)? -d [\w./:@+-]+ \+(?:%[sYymdHMSNju])+$/,
  /^stat -c %[abBdghisuWXYZ] [\w./:@+][\w./:@+-]*$/,
  // Of files they print the names as well; of standard input only numbers.
  /^wc -[clmw]$/,
  /^nproc$/,
  /^id -[ug]$/,
]

/** Reports whether a substitution prints a number. `isDefined`: names that the text gives a meaning of its own. */
export function printsNumber(script: ParsedScript, isDefined: (name: string) => boolean): boolean {
  const [only, ...others] = script.commands
  if (only === undefined || others.length > 0 || only.background === true || script.errors !== undefined) return false
  const { command } = only
  if (command.type === 'Pipeline') {
    const last = command.commands.at(-1)
    return last !== undefined && isNumber(last, isDefined)
  }
  return command.type !== 'AndOr' && isNumber(command, isDefined)
}

function isNumber(node: CommandNode, isDefined: (name: string) => boolean): boolean {
  if (node.type !== 'Command' || node.prefix.length > 0 || node.name === undefined) return false
  const words = [node.name]
  for (const each of node.suffix) {
    if (each.type === 'Word') words.push(each)
    else if (each.type !== 'Redirect' || each.operator !== '<') return false
  }
  const text = words.map((word) => word.text).join(' ')
  return !isDefined(node.name.text) && NUMBERS.some((pattern) => pattern.test(text))
}
