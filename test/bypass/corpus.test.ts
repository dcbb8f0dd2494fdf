/** The corpus as data, and the README's table of it. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Result } from './outcome.ts'
import { BEGIN, END, MIXED, scoreboard, scoreboardCounts } from './scoreboard.ts'
import { fill, GROUPS, SHELLS, type Shell } from './trick.ts'
import { TRICKS } from './tricks/index.ts'

const root = join(import.meta.dirname, '../..')

describe('the corpus', () => {
  it('has at least 250 tricks, each with a name of its own', () => {
    expect(TRICKS.length).toBeGreaterThanOrEqual(250)
    expect(new Set(TRICKS.map((trick) => trick.id)).size).toBe(TRICKS.length)
  })

  it('has tricks in every group and for every shell', () => {
    expect(new Set(TRICKS.map((trick) => trick.group))).toEqual(new Set(Object.keys(GROUPS)))
    expect(new Set(TRICKS.flatMap((trick) => trick.shells))).toEqual(new Set(SHELLS))
  })

  it('aims each trick at its canary', () => {
    const blind = TRICKS.filter((trick) => !/\$[CBX]/.test(JSON.stringify(trick.steps)))
    expect(blind.map((trick) => trick.id)).toEqual([])
  })

  it('fills blanks in, and leaves the shell its own variables', () => {
    const blanks = { canary: '/c', word: 't1' }
    expect(fill('rm $C /tmp/$I $COMP_LINE $x', blanks)).toBe('rm /c /tmp/t1 $COMP_LINE $x')
    expect(Buffer.from(fill('$B', blanks), 'base64').toString()).toBe('rm -f /c')
    expect(Buffer.from(fill('$X', blanks), 'hex').toString()).toBe('rm -f /c')
  })
})

describe('the scoreboard', () => {
  const played = (shell: Shell): Result => ({
    id: 'commands/rm',
    group: 'commands',
    shell,
    outcome: 'held',
    reason: '',
  })

  it('tells for each shell at which commit it was played, and how many tricks', () => {
    const board = scoreboard([{ commit: 'aaaa', results: [played('bash'), played('zsh'), played('zsh')] }])
    expect(board).toContain('| commit | aaaa | aaaa |')
    expect(board).toContain('| plays | 1 | 2 |')
    expect(board).not.toContain(MIXED)
  })

  it('says so when it comes from more than one commit', () => {
    const old = { results: [played('zsh')] }
    const board = scoreboard([{ commit: 'aaaa', results: [played('bash'), played('zsh')] }, old])
    expect(board).toContain('| commit | aaaa | aaaa, unknown |')
    expect(board).toContain(MIXED)
    expect([...scoreboardCounts(`${BEGIN}\n${board}\n${END}`)]).toEqual([
      ['bash', 1],
      ['zsh', 2],
    ])
  })
})

describe('the scoreboard in the README', () => {
  it('tells of as many plays as the corpus has now, for each shell that it tells of', () => {
    const readme = readFileSync(join(root, 'README.md'), 'utf8')
    expect(readme).toContain(BEGIN)
    expect(readme).toContain(END)
    const counts = scoreboardCounts(readme)
    for (const [shell, plays] of counts) {
      expect([shell, plays]).toEqual([shell, TRICKS.filter((trick) => trick.shells.includes(shell)).length])
    }
  })
})
