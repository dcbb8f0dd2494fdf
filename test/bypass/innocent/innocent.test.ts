/**
 * An operator's work through the bastion under the default policy, beside the same work on a plain sshd: nothing is held
 * that need not be, and the screens are alike, cell by cell, after each step. Here a few of each shell; all of them with
 * SALLYPORT_LONG=1, or by `npm run bypass -- --innocents`.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Shell } from '../trick.ts'
import { openPlace, type Place } from './place.ts'
import { type Played, playAll } from './run.ts'
import { keys, line, session, title } from './session.ts'
import { SESSIONS } from './sessions/index.ts'

const isLong = process.env.SALLYPORT_LONG === '1'
const SHORT = new Set([
  'bash: a list of completions',
  'bash: a stopped job',
  'bash: a storm of resizes',
  'bash: vim',
  'zsh: history',
  'fish: line editing',
  'dash: corrections',
])
const PLAYED = isLong ? SESSIONS : SESSIONS.filter((found) => SHORT.has(title(found)))
const AT_ONCE = 4

/** Not innocent: something is held, and something has another look. The check must see both. */
const CONTROLS = [
  { shell: 'bash', ...session('a file that is removed', line('rm -f note', 'held')) },
  { shell: 'bash', ...session('who is there', keys('echo $SSH_CLIENT \r', '127.0.0.1')) },
] as const

let place: Place
let played: readonly Played[]

beforeAll(async () => {
  const sessions = [...PLAYED, ...CONTROLS]
  place = await openPlace([...new Set<Shell>(sessions.map(({ shell }) => shell))], AT_ONCE)
  played = await playAll(sessions, place)
}, 900_000)

afterAll(() => place?.close())

const faultsOf = (name: string) => played.find((found) => title(found.session) === name)?.faults

describe('an innocent session', () => {
  it.each(PLAYED.map(title))('%s', (name) => {
    expect(faultsOf(name)).toEqual([])
  })

  it('would not be one if it was held, or looked different', () => {
    expect(faultsOf(title(CONTROLS[0]))?.map(({ kind }) => kind)).toContain('verdict')
    expect(faultsOf(title(CONTROLS[1]))?.map(({ kind }) => kind)).toContain('screen')
  })

  it('is there sixty times, each of another name', () => {
    expect(new Set(SESSIONS.map(title)).size).toBe(SESSIONS.length)
    expect(SESSIONS.length).toBeGreaterThanOrEqual(60)
    if (!isLong) expect(PLAYED.map(title)).toHaveLength(SHORT.size)
  })
})
