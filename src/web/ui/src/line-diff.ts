/** What is between two texts, line by line: a longest common subsequence, as every diff shows it. */

export type DiffLine =
  | { readonly kind: 'same'; readonly text: string; readonly before: number; readonly after: number }
  | { readonly kind: 'gone'; readonly text: string; readonly before: number }
  | { readonly kind: 'new'; readonly text: string; readonly after: number }

/** Above it the table would cost more than it tells: everything counts as replaced. */
const MOST_CELLS = 4_000_000

export function lineDiff(before: string, after: string): readonly DiffLine[] {
  const [old, now] = [before.split('\n'), after.split('\n')]
  let start = 0
  while (start < old.length && start < now.length && old[start] === now[start]) start++
  let end = 0
  while (end < old.length - start && end < now.length - start && old.at(-1 - end) === now.at(-1 - end)) end++
  const same = (from: number, to: number, shift: number): DiffLine[] =>
    old.slice(from, to).map((text, index) => ({
      ...{ kind: 'same', text, before: from + index + 1, after: from + index + 1 + shift },
    }))
  return [
    ...same(0, start, 0),
    ...middle(old.slice(start, old.length - end), now.slice(start, now.length - end), start),
    ...same(old.length - end, old.length, now.length - old.length),
  ]
}

function middle(old: readonly string[], now: readonly string[], offset: number): readonly DiffLine[] {
  const gone = (index: number): DiffLine => ({ kind: 'gone', text: old[index]!, before: offset + index + 1 })
  const fresh = (index: number): DiffLine => ({ kind: 'new', text: now[index]!, after: offset + index + 1 })
  if (old.length * now.length > MOST_CELLS) return [...old.keys()].map(gone).concat([...now.keys()].map(fresh))
  // Cell (i, j): how many lines old[i…] and now[j…] have in common, in order.
  const width = now.length + 1
  const common = new Uint32Array((old.length + 1) * width)
  for (let i = old.length - 1; i >= 0; i--)
    for (let j = now.length - 1; j >= 0; j--)
      common[i * width + j] =
        old[i] === now[j]
          ? common[(i + 1) * width + j + 1]! + 1
          : Math.max(common[(i + 1) * width + j]!, common[i * width + j + 1]!)
  const lines: DiffLine[] = []
  let [i, j] = [0, 0]
  while (i < old.length || j < now.length) {
    if (i < old.length && j < now.length && old[i] === now[j]) {
      lines.push({ kind: 'same', text: old[i]!, before: offset + i + 1, after: offset + j + 1 })
      i++
      j++
    } else if (j >= now.length || (i < old.length && common[(i + 1) * width + j]! >= common[i * width + j + 1]!)) {
      lines.push(gone(i++))
    } else lines.push(fresh(j++))
  }
  return lines
}

/** The pieces of a diff in which something changes, each with some lines around it. */
export function hunks(diff: readonly DiffLine[], around = 3): readonly (readonly DiffLine[])[] {
  const pieces: DiffLine[][] = []
  let last = Number.NEGATIVE_INFINITY
  for (const [index, line] of diff.entries()) {
    if (line.kind === 'same') continue
    const from = Math.max(0, index - around)
    if (from > last || pieces.length === 0) pieces.push([])
    for (let at = Math.max(from, last); at < Math.min(diff.length, index + around + 1); at++)
      pieces.at(-1)!.push(diff[at]!)
    last = Math.max(last, Math.min(diff.length, index + around + 1))
  }
  return pieces
}
