/**
 * Decides whether evaluating an arithmetic expression can run anything. bash evaluates the *text* of the variables that
 * an expression names, recursively, and a subscript in such a text may hold `$(cmd)`. So only literals, operators and
 * variables that are known to hold integers are harmless.
 */

/** What arithmetic needs to know of the shell it runs in. */
export interface ArithmeticScope {
  isInteger(name: string): boolean
  /** `isCertain`: it is assigned whatever the values are. */
  assign(name: string, isCertain: boolean): void
}

const HARMLESS = /^[\s\w@#+\-*/%()<>=!&|^~?:,[\]\uFFFE\uFDD0\uFDD2]*$/
const TOKEN =
  /(\+\+|--)\s*(?=[A-Za-z_])|[0-9\uFFFE\uFDD0\uFDD2][\w#@\uFFFE\uFDD0\uFDD2]*|([A-Za-z_]\w*)(\s*(?:=(?!=)|(?:[+\-*/%&|^]|<<|>>)=|\+\+|--))?|[^\w\s]/g

/** What is known of `a` is known of its first element alone. */
const ELEMENT = /[A-Za-z_]\w*\s*\[/

const MAX_EXPRESSION = 4096

/** Says what in the expression's text, after expansion, may run a command; undefined when nothing can. */
export function dangerInArithmetic(text: string, scope: ArithmeticScope): string | undefined {
  if (text.length > MAX_EXPRESSION) return 'arithmetic that is longer than is followed'
  if (!HARMLESS.test(text)) return 'arithmetic on a value that is not known'
  if (ELEMENT.test(text)) return 'arithmetic on an element of an array, of which the text is evaluated'
  // What stands behind these may be left out.
  const isCertain = !/&&|\|\||\?/.test(text)
  for (const [, prefix, name, operator] of text.matchAll(TOKEN)) {
    if (prefix !== undefined || name === undefined) continue
    const isPlainAssignment = operator?.trim() === '='
    if (!isPlainAssignment && !scope.isInteger(name)) return `arithmetic on $${name}, of which the text is evaluated`
    if (operator !== undefined) scope.assign(name, isCertain)
  }
  return undefined
}
