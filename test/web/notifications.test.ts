import { expect, it } from 'vitest'
import { newHoldId } from '../../src/core/ids.ts'
import { setUp } from './setup.ts'

const setup = setUp()

it('tells administrators the counts of each route, and the dead letters, newest first', async () => {
  const hold = newHoldId()
  for (const why of ['the receiver answered 503', 'the receiver answered 410: it is gone']) {
    await setup.world.store.audit.append({
      ...{ type: 'notification.failed', at: setup.clock.now(), hold },
      ...{ actor: undefined, actorName: undefined, session: undefined },
      detail: { route: 'pager', notice: 'hold.created', message: 'msg_1', attempts: 6, why },
    })
    setup.clock.advance(1000)
  }
  const { status, body } = await (await setup.as('rita')).json('/api/v1/notifications')
  expect(status).toBe(200)
  const letter = { route: 'pager', notice: 'hold.created', hold, attempts: 6 }
  expect(body).toEqual({
    routes: [{ route: 'pager', delivered: 7, failed: 8, dead: 1, quiet: 2, waiting: 0 }],
    dead: [
      { ...letter, at: '2026-11-24T20:00:01.000Z', why: 'the receiver answered 410: it is gone' },
      { ...letter, at: '2026-11-24T20:00:00.000Z', why: 'the receiver answered 503' },
    ],
  })
  expect((await (await setup.as('carol')).send('/api/v1/notifications')).status).toBe(403)
})
