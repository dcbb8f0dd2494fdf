/**
 * The ssh driver against a plain sshd, which stops nothing: a few tricks of every kind must escape there, or the harness
 * proves nothing where they are stopped. `npm run bypass -- --driver plain` plays them all.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Driver } from './driver.ts'
import { startPlainDriver } from './plain-driver.ts'
import { runCorpus } from './run.ts'
import { SHELLS } from './trick.ts'
import { TRICKS } from './tricks/index.ts'

const CHOSEN = ['commands/rm', 'history/recall', 'jobs/background', 'channels/exec']

let driver: Driver

beforeAll(async () => {
  driver = await startPlainDriver({ shells: SHELLS, jobs: 2 })
})

afterAll(() => driver?.close())

describe('a plain sshd', () => {
  it('is no obstacle to any trick, on any shell', async () => {
    const tricks = TRICKS.filter((trick) => CHOSEN.includes(trick.id))
    expect(tricks).toHaveLength(CHOSEN.length)
    const { results, screens } = await runCorpus(driver, tricks, { shells: SHELLS })
    const stopped = results.filter((result) => result.outcome !== 'escaped')
    expect(stopped.map(({ shell, id }) => `${shell} ${id}\n${screens.get(`${shell} ${id}`)}`)).toEqual([])
    expect(results.length).toBeGreaterThan(CHOSEN.length * 3)
  })
})
