/**
 * Assignments, before a command or alone: what their values run, and whether the variable decides what runs.
 */
import type { Assignment } from 'unbash'
import { type Argument, HOLE, hasHole } from './argument.ts'
import type { Finding } from './finding.ts'
import { MAX_WORDS, TooMuch } from './run.ts'
import { possibleValue } from './variables.ts'
import { expandWhole, expandWord } from './words.ts'

const SUBSCRIPT = /^\[([^\]]*)\]\+?=/

export interface AssignmentOptions {
  /** Subscripts are keys of `declare -A`, not arithmetic. */
  readonly isKeyed?: boolean
  /** It stands before a command, so that its value is gone after it. */
  readonly isPassing?: boolean
}

/** Reads an assignment and returns its value, with holes. */
export function readAssignment(assignment: Assignment, finding: Finding, options: AssignmentOptions = {}): string {
  const { value, name, index } = assignment
  if (index !== undefined) finding.arithmeticWord(index)
  if (value.type === 'ArrayValue') {
    if (value.elements.length > MAX_WORDS) throw new TooMuch('an array has more words than are followed')
    for (const element of value.elements) {
      const words = expandWord(element, finding)
      if (element.text.startsWith('[') && options.isKeyed !== true)
        for (const word of words) readSubscript(word, element.text, finding)
    }
    finding.assignTo(name, 'text', { isPassed: options.isPassing ?? false })
    finding.run.variables.assignArray(name)
    return HOLE
  }
  const text = expandWhole(value, finding)
  // Before a command it is gone after it; `+=` adds to what was there.
  const isWhole = index === undefined && options.isPassing !== true && assignment.append !== true
  finding.assignTo(name, isWhole ? possibleValue([text]) : 'text', { isPassed: options.isPassing ?? false })
  return text
}

/** `[sub]=value` within an array: the subscript is arithmetic. */
function readSubscript(word: Argument, source: string, finding: Finding): void {
  const subscript = SUBSCRIPT.exec(word.text)?.[1]
  if (subscript === undefined || /['"\\]/.test(source.split(']=')[0] ?? '') || hasHole(subscript))
    finding.opaque('a subscript that cannot be read')
  else finding.evaluate(subscript)
}
