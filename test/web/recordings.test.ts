import { describe, expect, it } from 'vitest'
import { BastionError } from '../../src/core/errors.ts'
import type { SessionView } from '../../src/web/views/session.ts'
import { EXAMPLE_CAST } from './example-cast.ts'
import { setUp } from './setup.ts'
import { PEOPLE, type PersonName } from './world.ts'

const setup = setUp()

interface Recordings {
  readonly recordings: readonly { readonly session: SessionView; readonly sizeBytes: number }[]
}

async function status(who: PersonName, session: string): Promise<number> {
  const response = await (await setup.as(who)).send(`/api/v1/recordings/${session}/cast`)
  await response.body?.cancel()
  return response.status
}

describe('fault 36: a recording', () => {
  it('is for its owner, for auditors, and for the reviewers of its holds', async () => {
    const { world } = setup
    const held = await world.openSession(PEOPLE.alice)
    await world.hold(held)
    const quiet = await world.openSession(PEOPLE.alice)
    for (const session of [held, quiet]) await world.record(session, EXAMPLE_CAST)
    const seen = async (who: PersonName) => [await status(who, held.id), await status(who, quiet.id)]
    expect(await seen('alice')).toEqual([200, 200])
    expect(await seen('carol')).toEqual([200, 200])
    expect(await seen('bob')).toEqual([200, 403])
    expect(await seen('erin')).toEqual([200, 403])
    expect(await seen('dave')).toEqual([403, 403])
    // Who may end sessions need not see what is in them.
    expect(await seen('rita')).toEqual([403, 403])
  })

  it('is not for a reviewer of another role, nor for one who has lost the role', async () => {
    const { world } = setup
    const session = await world.openSession(PEOPLE.alice)
    await world.hold(session, { quorum: { reviewers: ['dba'] } })
    await world.record(session, EXAMPLE_CAST)
    expect(await status('bob', session.id)).toBe(403)
    world.roles.set('sre', ['dba'])
    expect(await status('bob', session.id)).toBe(200)
    world.roles.set('sre', [])
    expect(await status('bob', session.id)).toBe(403)
  })

  it('is listed only for who may watch it', async () => {
    const { world } = setup
    const held = await world.openSession(PEOPLE.alice)
    await world.hold(held)
    const own = await world.openSession(PEOPLE.bob)
    for (const session of [held, own]) await world.record(session, EXAMPLE_CAST)
    await world.openSession(PEOPLE.alice)
    const listed = async (who: PersonName) => {
      const { body } = await (await setup.as(who)).json<Recordings>('/api/v1/recordings')
      expect(body.recordings.every(({ sizeBytes }) => sizeBytes === EXAMPLE_CAST.length)).toBe(true)
      return body.recordings.map(({ session }) => session.id).sort()
    }
    expect(await listed('alice')).toEqual([held.id])
    expect(await listed('bob')).toEqual([held.id, own.id].sort())
    expect(await listed('carol')).toEqual([held.id, own.id].sort())
    expect(await listed('dave')).toEqual([])
    expect(await listed('rita')).toEqual([])
  })

  it('comes byte for byte, as far as it is written, as a file', async () => {
    const { world } = setup
    const session = await world.openSession(PEOPLE.alice)
    const writer = await world.blobs.create(world.services.recordingName(session.id))
    await writer.append(new TextEncoder().encode('{"version":3}\n[0.1,"o","hal'))
    const alice = await setup.as('alice')
    const response = await alice.send(`/api/v1/recordings/${session.id}/cast`)
    expect(await response.text()).toBe('{"version":3}\n[0.1,"o","hal')
    expect(response.headers.get('content-type')).toBe('application/x-asciicast')
    expect(response.headers.get('content-disposition')).toBe(`attachment; filename="${session.id}.cast"`)
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
    await writer.append(new TextEncoder().encode('lo"]\n'))
    expect(await (await alice.send(`/api/v1/recordings/${session.id}/cast`)).text()).toBe(
      '{"version":3}\n[0.1,"o","hallo"]\n',
    )
    await writer.close()
  })

  it('leaves an audit event for each view and each refusal, before its first byte', async () => {
    const { world } = setup
    const session = await world.openSession(PEOPLE.alice)
    await world.record(session, EXAMPLE_CAST)
    await status('carol', session.id)
    await status('dave', session.id)
    const events = await world.events('recording.viewed', 'recording.refused')
    expect(events.map(({ type, actorName, session: about }) => [type, actorName, about])).toEqual([
      ['recording.refused', 'Dave Dunn', session.id],
      ['recording.viewed', 'Carol Cole', session.id],
    ])
  })

  it('is not shown when that event cannot be kept', async () => {
    const { world } = setup
    const session = await world.openSession(PEOPLE.alice)
    await world.record(session, EXAMPLE_CAST)
    const carol = await setup.as('carol')
    const full = () => Promise.reject(new BastionError('storage-full', 'No space is left for evidence.'))
    Object.assign(world.services, { store: { ...world.store, audit: { ...world.store.audit, append: full } } })
    const response = await carol.send(`/api/v1/recordings/${session.id}/cast`)
    expect(response.status).toBe(507)
    expect(await response.json()).toEqual({
      error: { code: 'storage-full', message: 'No space is left for evidence.' },
    })
  })

  it('that was never written is 404, and no view is noted', async () => {
    const session = await setup.world.openSession(PEOPLE.alice)
    expect(await status('alice', session.id)).toBe(404)
    expect(await status('alice', 'snothing')).toBe(404)
    expect(await setup.world.events('recording.viewed')).toEqual([])
  })
})
