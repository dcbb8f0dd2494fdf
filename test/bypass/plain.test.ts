/**
 * The ssh driver against a plain sshd, which stops nothing: there every trick must escape. One that does not is no trick,
 * and proves nothing where it is stopped. Here a few of every kind; all of them with SALLYPORT_LONG=1, or by
 * `npm run bypass -- --driver plain`.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Driver } from './driver.ts'
import { startPlainDriver } from './plain-driver.ts'
import { runCorpus } from './run.ts'
import { SHELLS } from './trick.ts'
import { TRICKS } from './tricks/index.ts'

const CHOSEN = ['commands/rm', 'history/recall', 'jobs/background', 'channels/exec']

const isLong = process.env.SALLYPORT_LONG === '1'
/** The limits of a step are for a machine that has nothing else to do. */
const PATIENCE = isLong ? 3 : 1

let driver: Driver

beforeAll(async () => {
  driver = await startPlainDriver({ shells: SHELLS, jobs: isLong ? 4 : 2 })
})

afterAll(() => driver?.close())

describe('a plain sshd', () => {
  it('is no obstacle to any trick, on any shell', async () => {
    const tricks = TRICKS.filter((trick) => isLong || CHOSEN.includes(trick.id))
    expect(tricks).toHaveLength(isLong ? TRICKS.length : CHOSEN.length)
    const { results, screens } = await runCorpus(driver, tricks, { shells: SHELLS, patience: PATIENCE })
    const stopped = results.filter((result) => result.outcome !== 'escaped')
    expect(stopped.map(({ shell, id }) => `${shell} ${id}\n${screens.get(`${shell} ${id}`)}`)).toEqual([])
    expect(results.length).toBeGreaterThan(CHOSEN.length * 3)
  }, 7_200_000)
})
