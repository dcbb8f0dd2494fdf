/**
 * From a file's text to a YAML document that holds nothing but mappings, lists and plain values. What YAML can do beyond
 * that (aliases, tags, merge keys, several documents) is refused: it hides from a reader what a rule says.
 */
import { type Document, isAlias, isNode, isPair, LineCounter, parseDocument, visit } from 'yaml'
import { type Problem, ProblemList } from './problem.ts'
import { type Place, placeOf, type Shape } from './shape.ts'

export const MAX_FILE_CHARACTERS = 1024 * 1024
const MAX_DEPTH = 20

export interface Source {
  readonly text: string
  /** As messages name it. */
  readonly file: string
}

export type FileResult<T> =
  | { readonly kind: 'ok'; readonly value: T }
  | { readonly kind: 'broken'; readonly problems: readonly Problem[] }

/**
 * Reads a file of this shape; never throws. `check` is for what concerns several places at once. It looks at the nodes,
 * so that its problems are told together with those of the shape.
 */
export function readFile<T>(
  source: Source,
  shape: Shape<T>,
  check: (root: unknown, problems: ProblemList) => void,
): FileResult<T> {
  const lines = new LineCounter()
  const problems = new ProblemList(source.file, lines)
  try {
    const document = openDocument(source.text, lines, problems)
    const value = document === undefined ? undefined : shape.read(rootPlace(document), problems)
    if (document !== undefined) check(document.contents, problems)
    if (value !== undefined && problems.count === 0) return { kind: 'ok', value }
  } catch {
    problems.report(0, 'the file cannot be read; is it nested very deep?')
  }
  return { kind: 'broken', problems: problems.list() }
}

/** Returns undefined after reporting what is wrong with the YAML itself. */
export function openDocument(text: string, lines: LineCounter, problems: ProblemList): Document.Parsed | undefined {
  if (text.length > MAX_FILE_CHARACTERS) {
    problems.report(0, `the file is longer than ${MAX_FILE_CHARACTERS} characters`)
    return undefined
  }
  if (isTooDeep(text)) {
    problems.report(0, `the file is nested deeper than ${MAX_DEPTH} levels`)
    return undefined
  }
  const document = parseDocument(text, {
    lineCounter: lines,
    uniqueKeys: true,
    version: '1.2',
    schema: 'core',
    merge: false,
    prettyErrors: false,
  })
  for (const { pos, message } of [...document.errors, ...document.warnings]) problems.report(pos[0], firstLine(message))
  if (problems.count > 0) return undefined
  visit(document, (_key, node, path) => {
    if (path.length > MAX_DEPTH * 2) {
      problems.report(0, `the file is nested deeper than ${MAX_DEPTH} levels`)
      return visit.BREAK
    }
    if (isPair(node) || !isNode(node)) return undefined
    const offset = node.range?.[0] ?? 0
    if (isAlias(node) || node.anchor !== undefined)
      problems.report(offset, 'anchors and aliases have no place here; write it out')
    else if (node.tag !== undefined)
      problems.report(offset, 'tags have no place here; the language knows what stands where')
    return undefined
  })
  return problems.count > 0 ? undefined : document
}

/** The parser recurses over brackets; this many of them, one in another, is no policy. */
function isTooDeep(text: string): boolean {
  let depth = 0
  for (const character of text) {
    if (character === '[' || character === '{') depth++
    else if (character === ']' || character === '}') depth = Math.max(0, depth - 1)
    if (depth > MAX_DEPTH * 10) return true
  }
  return false
}

export function rootPlace(document: Document.Parsed): Place {
  return placeOf(document.contents, 0)
}

function firstLine(message: string): string {
  return message.split('\n')[0] ?? message
}
