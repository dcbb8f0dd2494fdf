/**
 * What is wrong with a file, and where. Reading never stops at the first problem: a person who mends a file wants to
 * see all of them at once.
 */
import type { LineCounter } from 'yaml'

export interface Problem {
  readonly file: string
  /** From 1; 0 where the problem is of the file as a whole. */
  readonly line: number
  readonly column: number
  readonly message: string
  /** What was probably meant. */
  readonly suggestion?: string
}

/** Returns the problem on one line, with its place in the way that editors and terminals make clickable. */
export function formatProblem({ file, line, column, message, suggestion }: Problem): string {
  const meant = suggestion === undefined ? '' : ` (did you mean “${suggestion}”?)`
  return `${file}:${line}:${column}: ${message}${meant}`
}

/** More than this helps nobody, and a hostile file must not fill the memory. */
const MAX_PROBLEMS = 200

/** Collects the problems of one file; positions are UTF-16 offsets into its text. */
export class ProblemList {
  readonly #file: string
  readonly #lines: LineCounter
  readonly #problems: Problem[] = []
  #count = 0

  constructor(file: string, lines: LineCounter) {
    this.#file = file
    this.#lines = lines
  }

  report(offset: number, message: string, suggestion?: string): void {
    this.#count++
    if (this.#problems.length >= MAX_PROBLEMS) return
    const { line, col } = this.#lines.linePos(offset)
    const place = { file: this.#file, line, column: col, message }
    this.#problems.push(suggestion === undefined ? place : { ...place, suggestion })
  }

  lineOf(offset: number): number {
    return this.#lines.linePos(offset).line
  }

  /** Of all that were found, also those that are no longer kept. */
  get count(): number {
    return this.#count
  }

  /** In the order of the file. */
  list(): readonly Problem[] {
    return this.#problems.toSorted((one, other) => one.line - other.line || one.column - other.column)
  }
}
