import { describe, expect, it } from 'vitest'
import { watchSide } from '../../../src/session/stepped/side-watch.ts'
import { ManualClock } from '../../support/manual-clock.ts'

/** A listener on the target that answers its probes for as long as it is not silent. */
function watched() {
  const clock = new ManualClock()
  const cut = new AbortController()
  const state = { lost: 0, probes: 0, isSilent: false }
  const side = {
    closed: cut.signal,
    probe() {
      state.probes++
      return state.isSilent ? new Promise<void>(() => {}) : Promise.resolve()
    },
  }
  const stop = watchSide(side, clock, () => state.lost++)
  return { clock, cut, state, stop }
}

describe('watchSide()', () => {
  it('loses a side that is cut, once', async () => {
    const { clock, cut, state } = watched()
    cut.abort()
    expect(state.lost).toBe(1)
    await clock.advance(60_000)
    expect(state).toMatchObject({ lost: 1, probes: 0 })
  })

  it('loses a side that was cut before', () => {
    const cut = new AbortController()
    cut.abort()
    let lost = 0
    watchSide({ closed: cut.signal, probe: async () => {} }, new ManualClock(), () => lost++)
    expect(lost).toBe(1)
  })

  it('keeps one that answers, however long', async () => {
    const { clock, state } = watched()
    for (let round = 0; round < 20; round++) await clock.advance(5_000)
    expect(state).toMatchObject({ lost: 0, probes: 20 })
  })

  it('loses one that falls silent, ten seconds after it was asked', async () => {
    const { clock, state } = watched()
    await clock.advance(5_000)
    state.isSilent = true
    await clock.advance(5_000)
    await clock.advance(9_999)
    expect(state.lost).toBe(0)
    await clock.advance(1)
    expect(state.lost).toBe(1)
  })

  it('is over when it is stopped, in the middle of a probe too', async () => {
    const { clock, cut, state, stop } = watched()
    await clock.advance(4_999)
    stop()
    cut.abort()
    await clock.advance(60_000)
    expect(state).toMatchObject({ lost: 0, probes: 0 })
    const other = watched()
    other.state.isSilent = true
    await other.clock.advance(5_000)
    other.stop()
    await other.clock.advance(60_000)
    expect(other.state).toMatchObject({ lost: 0, probes: 1 })
  })
})
