import { describe, expect, it } from 'vitest'
import { DutyKeeper } from '../../src/session/duties.ts'
import { ManualClock } from '../support/manual-clock.ts'

const MINUTE = 60_000

function keeper(idleMinutes: number | undefined, longestMinutes: number | undefined) {
  const clock = new ManualClock()
  const ends: string[] = []
  const duties = new DutyKeeper(clock, (reason) => ends.push(reason))
  duties.keep({
    idleTimeoutMs: idleMinutes === undefined ? undefined : idleMinutes * MINUTE,
    maxDurationMs: longestMinutes === undefined ? undefined : longestMinutes * MINUTE,
  })
  return { clock, ends, duties }
}

describe('DutyKeeper', () => {
  it('ends a session that lies idle, and says why', () => {
    const { clock, ends } = keeper(10, undefined)
    clock.advance(10 * MINUTE)
    expect(ends).toEqual(['Nothing happened for 10 min, so the session was closed, as the policy says. Connect again.'])
  })

  it('counts from the last activity', () => {
    const { clock, ends, duties } = keeper(10, undefined)
    for (let n = 0; n < 6; n++) {
      clock.advance(9 * MINUTE)
      duties.noticeActivity()
    }
    expect(ends).toEqual([])
    clock.advance(10 * MINUTE)
    expect(ends).toHaveLength(1)
  })

  it('ends a session that lasts too long, however busy it is', () => {
    const { clock, ends, duties } = keeper(10, 60)
    for (let n = 0; n < 12; n++) {
      clock.advance(5 * MINUTE)
      duties.noticeActivity()
    }
    expect(ends).toEqual(['The session has lasted 60 min, which is as long as the policy allows. Connect again.'])
  })

  it('does nothing where the rule lays nothing on it, or when it is stopped', () => {
    const free = keeper(undefined, undefined)
    free.clock.advance(1000 * MINUTE)
    expect(free.ends).toEqual([])
    const stopped = keeper(1, 1)
    stopped.duties.stop()
    stopped.clock.advance(1000 * MINUTE)
    expect(stopped.ends).toEqual([])
  })

  it('counts from the opening when it is told new duties', () => {
    const { clock, ends, duties } = keeper(undefined, 60)
    clock.advance(50 * MINUTE)
    duties.keep({ idleTimeoutMs: undefined, maxDurationMs: 60 * MINUTE })
    clock.advance(10 * MINUTE)
    expect(ends).toHaveLength(1)
  })
})
