/** Words that the shell's own builtins evaluate: arithmetic, names of variables, assignments. */
import { isKnown } from '../argument.ts'
import type { Finding } from '../finding.ts'

/** `let 'x = 1'`. */
export function readArithmetic(text: string, finding: Finding): void {
  finding.evaluate(text)
}

/** The name of a variable, as `read`, `printf -v` and `unset` take it: a subscript in it is evaluated. */
export function readVariable(text: string, finding: Finding): void {
  const [, name, subscript] = /^([A-Za-z_]\w*)(?:\[(.*)\])?$/s.exec(text) ?? []
  if (name === undefined) {
    if (!isKnown(text) || text.includes('[')) finding.opaque('a variable whose name is not known')
    return
  }
  finding.assignTo(name, 'text')
  if (subscript !== undefined && subscript !== '@' && subscript !== '*') finding.evaluate(subscript)
}

/** `NAME=value` for the environment of what runs. */
export function readAssignmentWord(text: string, finding: Finding): void {
  const name = /^([A-Za-z_]\w*)=/.exec(text)?.[1]
  if (name !== undefined) finding.assignTo(name, 'text', { isPassed: true })
  else if (!isKnown(text)) finding.opaque('a variable whose name is not known')
}
