import { describe, expect, it } from 'vitest'
import { Player } from '../../src/cli/player.ts'
import type { CastEvent } from '../../src/core/cast.ts'
import { ManualClock } from '../support/manual-clock.ts'

const EVENTS: readonly CastEvent[] = [
  { kind: 'output', seconds: 1, text: 'one' },
  { kind: 'marker', seconds: 1.5, label: 'held' },
  { kind: 'output', seconds: 3, text: '\x1b[6ntwo' },
  { kind: 'output', seconds: 63, text: 'three' },
]

function playing(options: { speed?: number; idleSeconds?: number } = {}) {
  const clock = new ManualClock()
  let shown = ''
  const write = async (text: string) => {
    shown += text
  }
  const player = new Player({ clock, write, speed: 1, idleSeconds: undefined, ...options })
  const events = async function* () {
    yield* EVENTS
  }
  const done = player.play(events())
  return { clock, player, done, shown: () => shown.replace(/\x1b\[0m.*$/s, ''), all: () => shown }
}

describe('a recording played on a terminal', () => {
  it('comes at its own pace, without what would ask the terminal, and leaves the terminal as it was', async () => {
    const { clock, done, shown, all } = playing()
    expect(await clock.step()).toBe(1000)
    expect(await clock.step()).toBe(500)
    expect(shown()).toBe('one')
    expect(await clock.step()).toBe(1500)
    expect(await clock.step()).toBe(60_000)
    await done
    expect(shown()).toBe('onetwothree')
    expect(all()).toContain('\x1b[?25h')
    expect(all()).toContain('\x1b[?1049l')
  })

  it('is faster, and waits no longer than asked', async () => {
    const { clock, done, shown } = playing({ speed: 2, idleSeconds: 2 })
    expect([await clock.step(), await clock.step(), await clock.step(), await clock.step()]).toEqual([
      500, 250, 750, 1000,
    ])
    await done
    expect(shown()).toBe('onetwothree')
  })

  it('pauses in the middle of a wait, goes on with the rest of it, and changes its speed there', async () => {
    const { clock, player, done, shown } = playing()
    await clock.waitForTimer()
    clock.advance(400)
    player.press('pause')
    await Promise.resolve()
    clock.advance(3_600_000)
    expect(shown()).toBe('')
    player.press('faster')
    player.press('pause')
    expect(await clock.step()).toBe(300)
    await clock.waitForTimer()
    expect(shown()).toBe('one')
    player.press('slower')
    await clock.waitForTimer()
    player.press('quit')
    await done
  })

  it('ends at once where it is told to, also while it pauses', async () => {
    const { clock, player, done, shown, all } = playing()
    await clock.waitForTimer()
    player.press('pause')
    player.press('quit')
    await done
    expect(shown()).toBe('')
    expect(all()).toContain('\x1b[0m')
  })
})
