/** What every PasskeyStore must do, as a part of the Store contract. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Clock } from '../../src/core/clock.ts'
import { randomText } from '../../src/core/ids.ts'
import type { PasskeyRecord } from '../../src/core/passkey.ts'
import type { Store } from '../../src/core/ports.ts'
import { fixtures } from './fixtures.ts'
import type { StorePlace } from './store.ts'

export function passkeyContract(name: string, newPlace: () => Promise<StorePlace>, clock: Clock): void {
  const make = fixtures(clock)
  const passkey = (part: Partial<PasskeyRecord> = {}): PasskeyRecord => ({
    credential: randomText(22),
    principal: make.person('bob').id,
    label: 'Läptop',
    publicKey: { kty: 'OKP', crv: 'Ed25519', x: 'AAAA' },
    site: 'bastion.example',
    counter: 0,
    registeredAt: clock.now(),
    lastUsedAt: undefined,
    revokedAt: undefined,
    ...part,
  })

  describe(`${name} keeps passkeys`, () => {
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

    it('and gives back what was put, whole and newest first, after it was opened again', async () => {
      const one = passkey({ counter: 2 ** 32 - 1, lastUsedAt: clock.now(), revokedAt: clock.now() })
      const other = passkey({ principal: one.principal })
      for (const each of [one, other, passkey()]) await store.passkeys.insert(each)
      await store.close()
      store = await place.open()
      expect(await store.passkeys.list(one.principal)).toEqual([other, one])
      expect(await store.passkeys.find(one.credential)).toEqual(one)
      expect(await store.passkeys.find('none')).toBeUndefined()
    })

    it('insert() takes a credential once, whosever it is', async () => {
      const one = passkey()
      await store.passkeys.insert(one)
      const again = passkey({ credential: one.credential })
      await expect(store.passkeys.insert(again)).rejects.toMatchObject({ code: 'conflict' })
      expect(await store.passkeys.find(one.credential)).toEqual(one)
    })

    it('use() counts what grew, once, and 0 where no counter is kept', async () => {
      const [one, plain] = [passkey({ counter: 5 }), passkey()]
      for (const each of [one, plain]) await store.passkeys.insert(each)
      const use = (credential: string, counter: number) => store.passkeys.use(credential, { counter, at: clock.now() })
      expect([await use(one.credential, 5), await use(one.credential, 0), await use(one.credential, 4)]).toEqual([
        ...[false, false, false],
      ])
      const uses = await Promise.all([use(one.credential, 6), use(one.credential, 6)])
      expect(uses.sort()).toEqual([false, true])
      expect(await store.passkeys.find(one.credential)).toEqual({ ...one, counter: 6, lastUsedAt: clock.now() })
      expect([await use(plain.credential, 0), await use(plain.credential, 0), await use('none', 0)]).toEqual([
        ...[true, true, false],
      ])
    })

    it('revoke() ends one’s own, once, and nothing uses it any more', async () => {
      const one = passkey()
      await store.passkeys.insert(one)
      const revoke = (principal: PasskeyRecord['principal']) =>
        store.passkeys.revoke(one.credential, principal, clock.now())
      expect(await revoke(make.person('erin').id)).toBe(false)
      expect([await revoke(one.principal), await revoke(one.principal)]).toEqual([true, false])
      expect(await store.passkeys.use(one.credential, { counter: 9, at: clock.now() })).toBe(false)
      expect(await store.passkeys.find(one.credential)).toEqual({ ...one, revokedAt: clock.now() })
    })

    it('a decision keeps its receipt, and one without has none', async () => {
      const assertion = { credential: 'a', authenticatorData: 'b', clientData: 'c', signature: 'd' }
      const receipt = { statement: { text: 'rm\u202e', auditHead: { size: 3 }, grant: null }, assertion }
      const hold = make.hold({ decisions: [make.decision({ receipt }), make.decision()] })
      await store.holds.insert(hold)
      expect(await store.holds.find(hold.id)).toEqual(hold)
      const waiting = make.hold()
      await store.holds.insert(waiting)
      const decision = make.decision({ receipt })
      const decided = await store.holds.addDecision(waiting.id, decision, () => undefined)
      expect(decided?.decisions).toEqual([decision])
    })
  })
}
