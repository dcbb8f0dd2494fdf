import { describe, expect, it } from 'vitest'
import { BastionError } from '../../src/core/errors.ts'
import { type PollAnswer, pollUntilGranted } from '../../src/identity/device-poll.ts'
import { ManualClock } from '../support/manual-clock.ts'

type Kind = PollAnswer<string>['kind']

/** Runs the loop against a list of answers (the last one again and again) and notes how long it waited before each. */
async function run(kinds: readonly Kind[], lifetimeMs = 300_000) {
  const clock = new ManualClock(new Date(0))
  const abort = new AbortController()
  const waits: number[] = []
  let asked = 0
  const ask = async (): Promise<PollAnswer<string>> => {
    const kind = kinds[Math.min(asked, kinds.length - 1)] ?? 'pending'
    asked += 1
    if (kind === 'granted') return { kind, value: 'token' }
    if (kind === 'unreachable') return { kind, cause: new Error('connection refused') }
    return { kind }
  }
  const options = { clock, signal: abort.signal, intervalMs: 5000, expiresAt: new Date(lifetimeMs) }
  let isOver = false
  const outcome = pollUntilGranted(ask, options).then(
    (value) => ({ value, code: undefined }),
    (error: unknown) => ({ value: undefined, code: error instanceof BastionError ? error.code : String(error) }),
  )
  const ended = outcome.then(() => {
    isOver = true
  })
  while (!isOver) {
    await Promise.race([clock.waitForTimer(), ended])
    if (clock.nextInMs !== undefined) waits.push(await clock.step())
  }
  return { ...(await outcome), waits: waits.map((ms) => ms / 1000), asked }
}

describe('pollUntilGranted()', () => {
  it('waits the interval before every question', async () => {
    expect(await run(['pending', 'pending', 'granted'])).toEqual({
      value: 'token',
      code: undefined,
      waits: [5, 5, 5],
      asked: 3,
    })
  })

  it('waits five seconds more after each slow_down, and keeps to it', async () => {
    expect((await run(['slow-down', 'pending', 'slow-down', 'pending', 'granted'])).waits).toEqual([5, 10, 10, 15, 15])
  })

  it('outlives a provider that was away for a while, asking less and less often', async () => {
    const { value, waits } = await run(['pending', 'unreachable', 'unreachable', 'unreachable', 'pending', 'granted'])
    expect(value).toBe('token')
    expect(waits).toEqual([5, 5, 10, 20, 30, 5])
  })

  it('gives up with "unavailable" when the provider stays away', async () => {
    const { code, waits } = await run(['pending', 'unreachable'])
    expect(code).toBe('unavailable')
    expect(waits).toEqual([5, 5, 10, 20, 30])
  })

  it('ends with "unauthenticated" when the code expires, without waiting beyond that', async () => {
    expect(await run(['pending'], 12_000)).toMatchObject({ code: 'unauthenticated', waits: [5, 5, 2], asked: 2 })
  })

  it('says "unavailable" when the code expired because the provider was away', async () => {
    expect(await run(['unreachable'], 12_000)).toMatchObject({ code: 'unavailable', waits: [5, 7], asked: 1 })
  })

  it('ends at once when aborted while it waits, and leaves no timer behind', async () => {
    const clock = new ManualClock()
    const abort = new AbortController()
    const polling = pollUntilGranted(() => Promise.reject(new Error('must not be asked')), {
      clock,
      signal: abort.signal,
      intervalMs: 5000,
      expiresAt: new Date(clock.now().getTime() + 60_000),
    })
    abort.abort()
    await expect(polling).rejects.toMatchObject({ code: 'unauthenticated' })
    expect(clock.nextInMs).toBeUndefined()
  })

  it('ends at once when aborted while a question is on its way, and ignores a grant that comes later', async () => {
    const clock = new ManualClock()
    const abort = new AbortController()
    const late = Promise.withResolvers<PollAnswer<string>>()
    const asked = Promise.withResolvers<void>()
    const polling = pollUntilGranted(
      () => {
        asked.resolve()
        return late.promise
      },
      { clock, signal: abort.signal, intervalMs: 5000, expiresAt: new Date(clock.now().getTime() + 60_000) },
    )
    await clock.step()
    await asked.promise
    abort.abort()
    await expect(polling).rejects.toMatchObject({ code: 'unauthenticated' })
    late.resolve({ kind: 'granted', value: 'token' })
    await expect(polling).rejects.toMatchObject({ code: 'unauthenticated' })
  })
})
