/** What every SignInStore must do, as a part of the Store contract. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Clock } from '../../src/core/clock.ts'
import { newSignInId } from '../../src/core/ids.ts'
import type { Store } from '../../src/core/ports.ts'
import type { SignInRecord } from '../../src/core/principal.ts'
import { fixtures } from './fixtures.ts'
import type { StorePlace } from './store.ts'

export function signInContract(name: string, newPlace: () => Promise<StorePlace>, clock: Clock): void {
  const make = fixtures(clock)
  const signIn = (part: Partial<SignInRecord> = {}): SignInRecord => ({
    id: newSignInId(),
    principal: make.person('alice'),
    sid: 'provider-session',
    refresh: '["sealed"]',
    startedAt: clock.now(),
    checkedAt: clock.now(),
    ended: undefined,
    ...part,
  })

  describe(`${name} keeps sign-ins`, () => {
    let place: StorePlace
    let store: Store
    beforeEach(async () => {
      place = await newPlace()
      store = await place.open()
    })
    afterEach(async () => {
      await store.close()
      await place.remove()
    })

    it('and gives back what was put, whole, after it was opened again', async () => {
      const ended = { at: clock.now(), reason: 'signed out\u202e' }
      const all = [signIn(), signIn({ sid: undefined, refresh: undefined }), signIn({ ended })]
      for (const each of all) await store.signIns.insert(each)
      await store.close()
      store = await place.open()
      for (const each of all) expect(await store.signIns.find(each.id)).toEqual(each)
      expect(await store.signIns.find(newSignInId())).toBeUndefined()
    })

    it('checked() renews one that goes on, and none that has ended or is not there', async () => {
      const [one, other] = [signIn(), signIn({ ended: { at: clock.now(), reason: 'over' } })]
      for (const each of [one, other]) await store.signIns.insert(each)
      const now = {
        principal: { ...one.principal, groups: [] },
        refresh: '["new"]',
        checkedAt: new Date(clock.now().getTime() + 1),
      }
      expect(await store.signIns.checked(one.id, now)).toBe(true)
      expect(await store.signIns.find(one.id)).toEqual({ ...one, ...now })
      expect(await store.signIns.checked(other.id, now)).toBe(false)
      expect(await store.signIns.find(other.id)).toEqual(other)
      expect(await store.signIns.checked(newSignInId(), now)).toBe(false)
    })

    it('end() ends one once, and forgets its refresh token', async () => {
      const one = signIn()
      await store.signIns.insert(one)
      const ended = { at: clock.now(), reason: 'removed' }
      const answers = await Promise.all(Array.from({ length: 10 }, () => store.signIns.end(one.id, ended)))
      expect(answers.filter(Boolean)).toHaveLength(1)
      expect(await store.signIns.find(one.id)).toEqual({ ...one, refresh: undefined, ended })
      expect(await store.signIns.end(newSignInId(), ended)).toBe(false)
    })

    it('live() finds those of a person, of a session of the provider, and of nobody else', async () => {
      const one = signIn()
      const again = signIn({ principal: one.principal, sid: 'other' })
      const elsewhere = { ...one.principal, issuer: 'https://other.test', id: 'https://other.test#x' as never }
      const over = signIn({ principal: one.principal, ended: { at: clock.now(), reason: 'over' } })
      for (const each of [one, again, over, signIn({ principal: elsewhere }), signIn({ sid: undefined })])
        await store.signIns.insert(each)
      const ids = async (of: Parameters<Store['signIns']['live']>[0]) =>
        (await store.signIns.live(of)).map(({ id }) => id).sort()
      const { issuer, subject } = one.principal
      expect(await ids({ issuer, subject })).toEqual([one.id, again.id].sort())
      expect(await ids({ issuer, sid: 'other' })).toEqual([again.id])
      expect(await ids({ issuer, subject, sid: 'provider-session' })).toEqual([one.id])
      expect(await ids({ issuer: 'https://nobody.test', subject })).toEqual([])
    })

    it('with the key that one of them bound', async () => {
      const key = make.key({ signIn: newSignInId() })
      await store.keys.insert(key)
      expect(await store.keys.findLive(key.fingerprint, clock.now())).toEqual(key)
    })
  })
}
