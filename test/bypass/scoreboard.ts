/**
 * The README's scoreboard, from what `npm run bypass -- --json` printed, once or for each shell:
 * `node test/bypass/scoreboard.ts results.json…` writes it between the two markers.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { OPEN } from './open.ts'
import type { Outcome, Result } from './outcome.ts'
import { count } from './table.ts'
import { GROUPS, type Group, SHELLS, type Shell } from './trick.ts'
import { TRICKS } from './tricks/index.ts'

export const BEGIN = '<!-- bypass:begin -->'
export const END = '<!-- bypass:end -->'
export const MIXED = 'Not all of it was played at the same commit: the board tells of more than one state of the gate.'
const README = join(import.meta.dirname, '../../README.md')

/** What one run printed. */
export interface Board {
  /** What was played: the commit, with `-dirty` where files had been changed since. */
  readonly commit?: string
  readonly results: readonly Result[]
}

/** Returns the table: a row for each group, `held / denied / seen` of each shell, and `escaped` where there is one. */
export function scoreboard(boards: readonly Board[]): string {
  const results = boards.flatMap((board) => board.results)
  const shells = SHELLS.filter((shell) => results.some((result) => result.shell === shell))
  const cell = (group: Group | undefined, shell: Shell) => {
    const counts = count(results, group, shell)
    const of = (outcome: Outcome) => counts.get(outcome) ?? 0
    const sums = `${of('held')} / ${of('denied')} / ${of('seen')}`
    return of('escaped') === 0 ? sums : `${sums}, **${of('escaped')} escaped**`
  }
  const groups = (Object.keys(GROUPS) as Group[]).filter((group) => results.some((result) => result.group === group))
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const plays = (shell: Shell) => results.filter((result) => result.shell === shell).length
  const commits = (shell?: Shell) =>
    new Set(
      boards
        .filter((board) => board.results.some((result) => shell === undefined || result.shell === shell))
        .map((board) => board.commit ?? 'unknown'),
    )
  const escaped = results.filter((result) => result.outcome === 'escaped')
  return [
    row(['held / denied / seen', ...shells]),
    row(['---', ...shells.map(() => '---')]),
    ...groups.map((group) => row([GROUPS[group], ...shells.map((shell) => cell(group, shell))])),
    row(['**all**', ...shells.map((shell) => cell(undefined, shell))]),
    row(['plays', ...shells.map((shell) => String(plays(shell)))]),
    row(['commit', ...shells.map((shell) => [...commits(shell)].join(', '))]),
    ...(commits().size < 2 ? [] : ['', MIXED]),
    ...(escaped.length === 0 ? [] : ['', 'Escaped:', '']),
    ...escaped.map(({ shell, id, reason }) => {
      const why = OPEN[shell]?.[id] ?? reason.replaceAll('\n', ' ').slice(0, 200)
      return `- \`${id}\` on ${shell}: ${why}`
    }),
  ].join('\n')
}

/** Returns how many plays the table in a README tells of, by shell. */
export function scoreboardCounts(readme: string): ReadonlyMap<Shell, number> {
  const lines = (readme.split(BEGIN)[1]?.split(END)[0] ?? '').split('\n')
  const cells = (start: string) =>
    lines
      .find((line) => line.startsWith(start))
      ?.split('|')
      .slice(2, -1)
      .map((text) => text.trim()) ?? []
  const names = cells('| held / denied / seen')
  const plays = cells('| plays')
  return new Map(names.map((name, index) => [name as Shell, Number(plays[index])]))
}

if (import.meta.main) {
  const boards = process.argv.slice(2).map((file) => JSON.parse(readFileSync(file, 'utf8')) as Board)
  const [before, rest] = readFileSync(README, 'utf8').split(BEGIN)
  const after = rest?.split(END)[1]
  if (before === undefined || after === undefined) throw new Error(`README.md lacks ${BEGIN} or ${END}.`)
  const isInCorpus = ({ id, shell }: Result) => TRICKS.some((trick) => trick.id === id && trick.shells.includes(shell))
  const current = boards.map((board) => ({ ...board, results: board.results.filter(isInCorpus) }))
  writeFileSync(README, `${before}${BEGIN}\n${scoreboard(current)}\n${END}${after}`)
}
