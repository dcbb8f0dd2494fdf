/**
 * What every Vault must do, whatever keeps its secrets. An adapter's test calls `vaultContract` with a place: each
 * `open` of one place is another view of the same secrets, as another process would have it.
 */
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Clock } from '../../src/core/clock.ts'
import type { Vault } from '../../src/core/ports.ts'

export interface VaultPlace {
  open(): Promise<Vault>
  remove(): Promise<void>
}

export function vaultContract(name: string, newPlace: () => Promise<VaultPlace>, clock: Clock): void {
  describe(`${name} keeps the Vault contract`, () => {
    let place: VaultPlace
    let vault: Vault

    beforeEach(async () => {
      place = await newPlace()
      vault = await place.open()
    })
    afterEach(() => place.remove())

    it('is empty at first', async () => {
      expect(await vault.list()).toEqual([])
      await expect(vault.open('web-1')).rejects.toMatchObject({ name: 'BastionError', code: 'not-found' })
    })

    it('open() gives back what put() took, to others at once, and after opening it again', async () => {
      const other = await place.open()
      await vault.put('web-1', text('one'))
      expect(await vault.open('web-1')).toEqual(text('one'))
      expect(await other.open('web-1')).toEqual(text('one'))
      await other.put('web-1', text('two'))
      expect(await vault.open('web-1')).toEqual(text('two'))
      expect(await (await place.open()).open('web-1')).toEqual(text('two'))
    })

    it('keeps any bytes', async () => {
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 5000 }), async (secret) => {
          await vault.put('any', secret)
          expect(await vault.open('any')).toEqual(secret)
        }),
        { numRuns: 20 },
      )
    })

    it('put() takes the bytes before it returns, so that the caller may wipe them', async () => {
      const secret = text('wiped')
      const kept = vault.put('a', secret)
      secret.fill(0)
      await kept
      expect(await vault.open('a')).toEqual(text('wiped'))
    })

    it('list() gives names in order, with their times, and no secret', async () => {
      for (const secret of ['b', 'a/db', 'C', 'a.x', 'user@host']) await vault.put(secret, text('hidden'))
      const names = ['C', 'a.x', 'a/db', 'b', 'user@host']
      expect(await vault.list()).toEqual(names.map((secret) => ({ name: secret, updatedAt: clock.now() })))
    })

    it('put() from many sides at once loses none', async () => {
      const views = await Promise.all([1, 2, 3].map(() => place.open()))
      const names = Array.from({ length: 24 }, (_, n) => `s${n}`)
      await Promise.all(names.map((secret, n) => views[n % 3]?.put(secret, text(secret))))
      expect((await vault.list()).map((secret) => secret.name)).toEqual(names.sort())
      for (const secret of names) expect(await vault.open(secret)).toEqual(text(secret))
    })

    it.each(['', '.a', '/a', '-a', 'a b', 'a\0', 'a\n', 'ä', 'a'.repeat(129), 'a\\b', '__proto__'])(
      'put() refuses the name %j',
      async (bad) => {
        await expect(vault.put(bad, text('x'))).rejects.toMatchObject({ name: 'BastionError', code: 'invalid' })
        expect(await vault.list()).toEqual([])
      },
    )

    it('put() refuses an empty secret and one beyond 64 KiB, and keeps one of exactly that', async () => {
      for (const length of [0, 65_537]) {
        await expect(vault.put('a', new Uint8Array(length))).rejects.toMatchObject({ code: 'invalid' })
      }
      await vault.put('a', new Uint8Array(65_536).fill(7))
      expect(await vault.open('a')).toHaveLength(65_536)
    })

    it('open() takes any text for a name that is not there', async () => {
      await vault.put('a', text('x'))
      for (const name of ['constructor', '__proto__', '', '../a', 'A']) {
        await expect(vault.open(name)).rejects.toMatchObject({ code: 'not-found' })
      }
    })
  })
}

function text(value: string): Uint8Array {
  return new TextEncoder().encode(value)
}
