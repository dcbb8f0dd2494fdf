import { describe, expect, it } from 'vitest'
import type { BulkOutcomes } from '../../src/web/routes/bulk-decisions.ts'
import { setUp } from './setup.ts'
import { type HoldOptions, PEOPLE, type PersonName } from './world.ts'

const setup = setUp()
const TEXT = 'systemctl restart nginx'

async function held(who: PersonName, options: HoldOptions = {}) {
  const session = await setup.world.openSession(PEOPLE[who])
  return setup.world.hold(session, { text: TEXT, ...options })
}

async function decide(who: PersonName, holds: readonly string[], more: Record<string, unknown> = {}) {
  const body = { decision: 'approve', reason: 'agreed in 4711', text: TEXT, holds, ...more }
  return (await setup.as(who)).json<BulkOutcomes>('/api/v1/holds/decisions', { method: 'POST', body })
}
const stateOf = async (id: string) => (await setup.world.desk.find(id as never)).state.kind

describe('POST /holds/decisions', () => {
  it('decides each by itself: its own audit event, its own gate, the one reason with each', async () => {
    const waits = [await held('alice'), await held('dave'), await held('dave', { quorum: { count: 2 } })]
    const { body } = await decide('bob', [...waits.map(({ hold }) => hold.id), waits[0]!.hold.id])
    expect(body.outcomes.map(({ hold, why }) => [hold?.state.kind, why])).toEqual([
      ...[
        ['approved', null],
        ['approved', null],
        ['pending', null],
      ],
    ])
    expect(await waits[0]!.outcome).toMatchObject({ kind: 'cleared' })
    expect(await waits[1]!.outcome).toMatchObject({ kind: 'cleared' })
    const events = await setup.world.events('hold.approved')
    expect(new Set(events.map(({ hold }) => hold)).size).toBe(3)
    for (const { detail, actor } of events) expect([detail.reason, actor]).toEqual(['agreed in 4711', PEOPLE.bob.id])
  })

  it('never decides what says anything else than what was shown, be it by one character that shows nothing', async () => {
    const same = await held('alice')
    const others = [await held('dave', { text: `${TEXT}\u200b` }), await held('dave', { text: `${TEXT} ` })]
    const { body } = await decide('bob', [...others.map(({ hold }) => hold.id), same.hold.id])
    expect(body.outcomes.map(({ why }) => why)).toEqual([
      ...[expect.stringContaining('another command'), expect.stringContaining('another command'), null],
    ])
    for (const { hold } of others) expect(await stateOf(hold.id)).toBe('pending')
  })

  it('fault 43: tells of each that is not theirs, signed, gone or never was why it was not decided', async () => {
    const own = await held('bob')
    const signed = await held('alice', { quorum: { sign: 'passkey' } })
    const stepped = await held('alice', { quorum: { stepUp: { maxAgeMs: 60_000, acr: ['mfa'] } } })
    const gone = await held('alice')
    gone.withdraw('pressed Ctrl-C')
    await gone.outcome
    const good = await held('alice')
    const asked = [own, signed, stepped, gone, good].map(({ hold }) => hold.id)
    const { body } = await decide('bob', [...asked, 'hnothing'])
    expect(body.outcomes.map(({ why }) => why)).toEqual([
      expect.stringContaining('asked for this command yourself'),
      expect.stringMatching(/passkey/i),
      expect.stringContaining('sign-in that is fresh'),
      expect.stringContaining('no longer waiting: withdrawn'),
      null,
      expect.stringContaining('no such request'),
    ])
    // Of his own, and of the one that he did not sign.
    expect(await setup.world.events('decision.refused')).toHaveLength(2)
    const stranger = await decide('dave', [signed.hold.id])
    expect(stranger.body.outcomes[0]).toMatchObject({ hold: null, why: expect.stringContaining('not yours to see') })
  })

  it('rejects with a reason, and takes fifty at once and no more', async () => {
    const waits = [await held('alice'), await held('dave')]
    const ids = waits.map(({ hold }) => hold.id)
    const silent = await decide('bob', ids, { decision: 'reject', reason: ' ' })
    expect(silent.body.outcomes.map(({ why }) => why)).toEqual(['Say why you reject it.', 'Say why you reject it.'])
    await decide('bob', ids, { decision: 'reject' })
    expect(await waits[1]!.outcome).toMatchObject({ kind: 'refused', how: 'rejected' })
    expect((await decide('bob', [])).status).toBe(400)
    expect(
      (
        await decide(
          'bob',
          Array.from({ length: 51 }, (_, index) => `h${index}`),
        )
      ).status,
    ).toBe(400)
  })
})
