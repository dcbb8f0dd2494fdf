/** Results as a table: a row for each group, a cell for each shell. */
import type { Outcome, Result } from './outcome.ts'
import { GROUPS, type Group, SHELLS, type Shell } from './trick.ts'

/** Returns how many results of this group and shell had each outcome. */
export function count(
  results: readonly Result[],
  group: Group | undefined,
  shell: Shell,
): ReadonlyMap<Outcome, number> {
  const counts = new Map<Outcome, number>()
  for (const result of results) {
    if (result.shell !== shell || (group !== undefined && result.group !== group)) continue
    counts.set(result.outcome, (counts.get(result.outcome) ?? 0) + 1)
  }
  return counts
}

export function table(
  results: readonly Result[],
  gradeOf: (shell: Shell) => string | undefined,
  outcomes: readonly Outcome[],
): string {
  const shells = SHELLS.filter((shell) => results.some((result) => result.shell === shell))
  const shown = outcomes.filter((outcome) => results.some((result) => result.outcome === outcome))
  const cell = (group: Group | undefined, shell: Shell) => {
    const counts = count(results, group, shell)
    return shown.map((outcome) => counts.get(outcome) ?? 0).join('/')
  }
  const groups = (Object.keys(GROUPS) as Group[]).filter((group) => results.some((result) => result.group === group))
  const rows = [
    ['', ...shells.map((shell) => [shell, gradeOf(shell)].filter((word) => word !== undefined).join(' '))],
    ...groups.map((group) => [GROUPS[group], ...shells.map((shell) => cell(group, shell))]),
    ['all', ...shells.map((shell) => cell(undefined, shell))],
  ]
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  const lines = rows.map((row) =>
    row
      .map((text, column) => text.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  )
  return `${lines.join('\n')}\n\nEach cell: ${shown.join('/')}. ${results.length} plays.`
}
