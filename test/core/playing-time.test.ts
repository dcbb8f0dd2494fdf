import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LONGEST_WAIT, PlayingTime } from '../../src/core/playing-time.ts'

const gaps = fc.array(fc.integer({ min: 1, max: 60_000_000 }), { minLength: 1, maxLength: 30 })

/** Events after these gaps in microseconds, and the pauses among them. */
function timesOf(micros: readonly number[]) {
  let at = 0
  const events = micros.map((gap) => {
    at += gap
    return { seconds: at / 1_000_000, length: gap / 1_000_000 }
  })
  return { events, time: new PlayingTime(events.filter(({ length }) => length > LONGEST_WAIT)) }
}

describe('playing time', () => {
  it('leaves two seconds of each pause, to the microsecond, and finds the way back', () => {
    fc.assert(
      fc.property(gaps, (micros) => {
        const { events, time } = timesOf(micros)
        let expected = 0
        for (const [at, { seconds }] of events.entries()) {
          expected += Math.min(micros[at] ?? 0, LONGEST_WAIT * 1_000_000)
          expect(time.played(seconds)).toBe(expected / 1_000_000)
          expect(time.recorded(expected / 1_000_000)).toBe(seconds)
        }
      }),
    )
  })

  it('shows what stood there in the middle of a pause, and not what came behind it', () => {
    const { events, time } = timesOf([1_000_000, 45_000_000, 1_000_000])
    expect(time.played(20)).toBeLessThan(time.played(events[1]?.seconds ?? 0))
    expect(time.played(2.5)).toBe(2.5)
    expect(new PlayingTime([]).played(20)).toBe(20)
  })
})
