import { describe, expect, it } from 'vitest'
import { isSameAddress } from '../../src/web/client-address.ts'
import type { KeyView } from '../../src/web/routes/keys.ts'
import type { LoginView } from '../../src/web/routes/logins.ts'
import { setUp } from './setup.ts'
import { PEOPLE } from './world.ts'

const setup = setUp()
const PATH = '/api/v1/logins/WDJB-MJHT'

describe('fault 7: letting a terminal in', () => {
  it('shows who asks, and the words only when there is something to consent to', async () => {
    const { attempt, confirm } = await setup.world.login('WDJB-MJHT')
    const alice = await setup.as('alice')
    const before = (await alice.json<LoginView>(PATH)).body
    expect(before).toMatchObject({
      target: 'web-1',
      login: 'deploy',
      address: '127.0.0.1',
      waitsFor: 'identity',
      choices: [],
    })
    expect(before.browserAddress).toBeNull()
    await confirm(PEOPLE.alice)
    const after = (await alice.json<LoginView>('/api/v1/logins/wdjbmjht')).body
    expect(after.waitsFor).toBe('consent')
    expect(after.choices).toHaveLength(3)
    expect(after.choices).toContain(attempt.words)
  })

  it('needs the click, the right person and the right words', async () => {
    const { attempt, confirm } = await setup.world.login('WDJB-MJHT')
    const consent = { method: 'POST', body: { words: attempt.words } }
    const [alice, dave] = [await setup.as('alice'), await setup.as('dave')]
    expect((await alice.send(`${PATH}/consent`, consent)).status).toBe(409)
    await confirm(PEOPLE.alice)
    expect((await dave.json<LoginView>(PATH)).body).toMatchObject({ waitsFor: 'other-person', choices: [] })
    expect((await dave.send(`${PATH}/consent`, consent)).status).toBe(403)
    expect((await alice.send(`${PATH}/consent`, consent)).status).toBe(204)
    await expect(attempt.outcome).resolves.toMatchObject({ kind: 'approved', principal: { name: 'Alice Ames' } })
    // One code, one use.
    expect((await alice.send(`${PATH}/consent`, consent)).status).toBe(404)
  })

  it('is over after one wrong pick', async () => {
    const { attempt, confirm } = await setup.world.login('WDJB-MJHT')
    await confirm(PEOPLE.alice)
    const alice = await setup.as('alice')
    expect((await alice.send(`${PATH}/consent`, { method: 'POST', body: { words: 'wrong words' } })).status).toBe(403)
    expect((await alice.send(`${PATH}/consent`, { method: 'POST', body: { words: attempt.words } })).status).toBe(404)
    await expect(attempt.outcome).resolves.toMatchObject({ kind: 'denied' })
  })

  it('fault 14: does not let anybody guess codes', async () => {
    await setup.world.login('WDJB-MJHT')
    const dave = await setup.as('dave')
    const statuses: number[] = []
    for (let guess = 0; guess < 12; guess += 1)
      statuses.push((await dave.send(`/api/v1/logins/AAAA-${1000 + guess}`)).status)
    expect(statuses.slice(0, 10).every((status) => status === 404)).toBe(true)
    expect(statuses.slice(10)).toEqual([429, 429])
    expect((await dave.send(PATH)).status).toBe(429)
    expect((await (await setup.as('alice')).send(PATH)).status).toBe(200)
  })

  it('takes only what can be a code', async () => {
    const alice = await setup.as('alice')
    for (const code of ['a b', '%00', 'x'.repeat(40), '<b>']) {
      expect((await alice.send(`/api/v1/logins/${encodeURIComponent(code)}`)).status).toBe(400)
    }
  })
})

describe('isSameAddress()', () => {
  it.each([
    ['127.0.0.1', '::1', true],
    ['::ffff:127.0.0.1', '127.0.0.7', true],
    ['::ffff:10.0.0.1', '10.0.0.1', true],
    ['10.0.0.1', '10.0.0.2', false],
    ['127.0.0.1', '10.0.0.1', false],
    ['2001:db8::1', '2001:db8::2', false],
    ['nonsense', '127.0.0.1', false],
  ])('%s and %s: %s', (one, other, same) => {
    expect(isSameAddress(one, other)).toBe(same)
  })
})

describe('keys', () => {
  it('are a person’s own, with what has become of each', async () => {
    const { world, clock } = setup
    const at = (hours: number) => new Date(clock.now().getTime() + hours * 3_600_000)
    await world.bindKey(PEOPLE.alice, { fingerprint: 'SHA256:live', expiresAt: at(1) })
    await world.bindKey(PEOPLE.alice, { fingerprint: 'SHA256:old', expiresAt: at(-1) })
    await world.bindKey(PEOPLE.alice, { fingerprint: 'SHA256:gone', revokedAt: at(-1) })
    await world.bindKey(PEOPLE.dave, { fingerprint: 'SHA256:daves' })
    const { body } = await (await setup.as('alice')).json<{ keys: readonly KeyView[] }>('/api/v1/keys')
    expect(Object.fromEntries(body.keys.map(({ fingerprint, state }) => [fingerprint, state]))).toEqual({
      'SHA256:live': 'in-force',
      'SHA256:old': 'expired',
      'SHA256:gone': 'revoked',
    })
  })

  it('are revoked by their owner, once', async () => {
    const key = await setup.world.bindKey(PEOPLE.alice)
    const path = `/api/v1/keys/${key.id}`
    const [alice, carol] = [await setup.as('alice'), await setup.as('carol')]
    expect((await carol.send(path, { method: 'DELETE' })).status).toBe(404)
    expect((await alice.send(path, { method: 'DELETE' })).status).toBe(204)
    expect((await alice.send(path, { method: 'DELETE' })).status).toBe(404)
  })
})
