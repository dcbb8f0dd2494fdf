/**
 * What every ObjectStore must do, wherever it keeps objects. An adapter's test calls `objectContract` with a place: each
 * `open` of one place is another view of the same objects.
 */
import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type BastionError, codeOf } from '../../src/core/errors.ts'
import type { ObjectStore } from '../../src/core/ports.ts'
import { BAD_NAMES, GOOD_NAMES as BLOB_NAMES } from './blob.ts'

/** Servers that keep objects as files need some of a file name's 255 bytes for themselves. */
const GOOD_NAMES = BLOB_NAMES.map((name) => name.slice(0, 200))

export interface ObjectPlace {
  open(): ObjectStore
  remove(): Promise<void>
}

export function objectContract(name: string, newPlace: () => Promise<ObjectPlace>): void {
  describe(`${name} keeps the ObjectStore contract`, () => {
    let place: ObjectPlace
    let objects: ObjectStore

    beforeEach(async () => {
      place = await newPlace()
      objects = place.open()
    })
    afterEach(() => place.remove())

    const read = async (name: string, most = 1 << 20) => Buffer.from(await objects.read(name, most))
    const code = (task: Promise<unknown>) =>
      task.then(
        () => undefined,
        (error: BastionError) => codeOf(error),
      )

    it('takes good names, and gives back the very bytes', async () => {
      for (const [n, good] of GOOD_NAMES.entries()) await objects.create(`n${n}/${good}`, Buffer.from(good))
      for (const [n, good] of GOOD_NAMES.entries()) expect((await read(`n${n}/${good}`)).toString()).toBe(good)
    })

    it('fault 34: refuses bad names for everything', async () => {
      for (const bad of BAD_NAMES) {
        expect(await code(objects.create(bad, Buffer.from('x'))), bad).toBe('invalid')
        expect(await code(objects.read(bad, 10)), bad).toBe('invalid')
      }
      for (const prefix of ['..', '/', 'a/..', 'a//', 'A', '*']) {
        expect(await code(objects.list(prefix)), prefix).toBe('invalid')
      }
      expect(await objects.list('')).toEqual([])
    })

    it('keeps chunks of every size up to 256 KiB', async () => {
      for (const size of [0, 1, 1023, 65_536, 262_143, 262_144]) {
        const bytes = randomBytes(size)
        await objects.create(`size/${size}`, bytes)
        expect((await read(`size/${size}`)).equals(bytes), String(size)).toBe(true)
      }
    })

    it('create() of the same bytes again is no error; of others a conflict that changes nothing', async () => {
      await objects.create('a/1', Buffer.from('first'))
      await place.open().create('a/1', Buffer.from('first'))
      expect(await code(place.open().create('a/1', Buffer.from('other')))).toBe('conflict')
      expect(await code(place.open().create('a/1', Buffer.from('first and more')))).toBe('conflict')
      expect(await code(place.open().create('a/1', Buffer.from('fir')))).toBe('conflict')
      expect((await read('a/1')).toString()).toBe('first')
    })

    it('read() reads no more than it is asked for, and knows what is not there', async () => {
      await objects.create('a/1', Buffer.from('0123456789'))
      await objects.create('a/0', Buffer.alloc(0))
      expect((await read('a/1', 4)).toString()).toBe('0123')
      expect((await read('a/1', 10)).toString()).toBe('0123456789')
      expect((await read('a/0', 4)).length).toBe(0)
      for (const missing of ['a', 'a/2', 'a/1/b'])
        expect(await code(objects.read(missing, 4)), missing).toBe('not-found')
    })

    it('list() gives names and sizes under a prefix, in order', async () => {
      const names = ['b/1', 'a/z', 'a/b/c', 'a/b-c', 'ab', 'a.b', 'a/b/d/e', '0/1']
      for (const one of names) await objects.create(one, Buffer.alloc(one.length))
      const sorted = [...names].sort()
      for (const prefix of ['', 'a', 'a/', 'a/b', 'a/b/', 'a/b/d', 'ab', '0/1', 'c', 'a.']) {
        expect(await objects.list(prefix), prefix).toEqual(
          sorted.filter((one) => one.startsWith(prefix)).map((one) => ({ name: one, bytes: one.length })),
        )
      }
    })

    it('gives up where it is told to, and takes the bytes the next time', async () => {
      const told = AbortSignal.abort(new Error('told to'))
      await expect(objects.create('a/1', Buffer.from('x'), told)).rejects.toThrow()
      await objects.create('a/1', Buffer.from('x'))
      expect((await read('a/1')).toString()).toBe('x')
    })
  })
}
