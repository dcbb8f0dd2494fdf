/** Plays a whole corpus against a driver. */
import type { Analysis } from '../../src/core/action.ts'
import { createAnalyser } from '../../src/shell/analyse.ts'
import { defaultCatalogue } from '../../src/shell/catalogue/catalogue.ts'
import { setOut, settle, wholeOf } from './account.ts'
import type { Driver, Seat, Verdict } from './driver.ts'
import { judge, NOTHING_RAN, type Result } from './outcome.ts'
import { play } from './play.ts'
import type { Shell, Trick } from './trick.ts'

export interface Run {
  readonly results: readonly Result[]
  /** What each terminal showed, by `shell id`: for whoever looks into one. */
  readonly screens: ReadonlyMap<string, string>
}

interface Played {
  readonly trick: Trick
  readonly canary: string
  readonly verdicts: readonly Verdict[] | undefined
}

/** Plays each trick on each of the shells that understand it. */
export async function runCorpus(
  driver: Driver,
  tricks: readonly Trick[],
  options: {
    readonly shells: readonly Shell[]
    readonly patience?: number
    readonly onResult?: (result: Result) => void
  },
): Promise<Run> {
  const analyse = createAnalyser(defaultCatalogue())
  const screens = new Map<string, string>()
  const results: Result[] = []
  const shells = options.shells.filter((shell) => driver.shells.includes(shell))
  let number = 0
  for (const shell of shells) {
    const queue = tricks.filter((trick) => trick.shells.includes(shell)).values()
    const seats = await driver.seats(shell)
    const played = await Promise.all(
      seats.map(async (seat) => {
        const mine: Played[] = []
        for (const trick of queue) {
          const word = `t${++number}`
          const canary = await setOut(seat, `canary-${word}`)
          await seat.mark()
          screens.set(`${shell} ${trick.id}`, await play(trick, seat, { canary, word }, options.patience))
          await settle(seat)
          mine.push({ trick, canary, verdicts: await seat.verdicts() })
        }
        return { seat, mine }
      }),
    )
    // Only now, so that what a trick left behind for later has had its time.
    for (const { seat, mine } of played) {
      const judged = await judgeAll(seat, mine, analyse)
      results.push(...judged.map((result) => withScreen(result, screens.get(`${shell} ${result.id}`) ?? '')))
    }
    for (const result of results.filter((found) => found.shell === shell)) options.onResult?.(result)
  }
  return { results, screens }
}

/** Where nothing was asked, the screen tells why: the shell is gone, or the key did nothing. */
function withScreen(result: Result, screen: string): Result {
  if (result.reason !== NOTHING_RAN) return result
  const last = screen.split('\n').findLast((line) => line.trim() !== '') ?? ''
  return { ...result, reason: `${NOTHING_RAN}; the screen ends in: ${last.slice(0, 120)}` }
}

async function judgeAll(
  seat: Seat,
  played: readonly Played[],
  analyse: (text: string) => Analysis,
): Promise<readonly Result[]> {
  if (played.length === 0) return []
  const whole = await wholeOf(
    seat,
    played.map(({ canary }) => canary),
  )
  return played.map(({ trick, canary, verdicts }) => ({
    id: trick.id,
    group: trick.group,
    shell: seat.shell,
    ...judge({ isCanaryWhole: whole.has(canary), canary, verdicts, analyse }),
  }))
}
