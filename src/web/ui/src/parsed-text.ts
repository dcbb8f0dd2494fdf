/**
 * Lays what was found in a text over the text itself: which characters belong to which simple command. A pure function;
 * joined, the pieces are the text again. A command whose place does not hold its own text (code inside a quoted argument
 * is read from another string) is not drawn, rather than drawn where it is not.
 */
export interface Placed {
  readonly text: string
  readonly start: number
  readonly end: number
}

export interface Piece {
  readonly text: string
  /** Which command it belongs to, the innermost where they lie in one another; undefined between them. */
  readonly command: number | undefined
  /** True for the piece with which its command begins. */
  readonly isFirst: boolean
}

export function parsedText(text: string, commands: readonly Placed[]): readonly Piece[] {
  const placed = commands
    .map((command, index) => ({ ...command, index }))
    .filter(
      ({ start, end, text: own }) => start >= 0 && end > start && end <= text.length && text.slice(start, end) === own,
    )
  const borders = [...new Set([0, text.length, ...placed.flatMap(({ start, end }) => [start, end])])].sort(
    (one, other) => one - other,
  )
  const begun = new Set<number>()
  return borders.slice(0, -1).map((from, at) => {
    const to = borders[at + 1]!
    const [innermost] = placed
      .filter(({ start, end }) => start <= from && end >= to)
      .sort((one, other) => one.end - one.start - (other.end - other.start) || other.index - one.index)
    const command = innermost?.index
    const isFirst = command !== undefined && !begun.has(command)
    if (command !== undefined) begun.add(command)
    return { text: text.slice(from, to), command, isFirst }
  })
}
