/**
 * What every BlobStore must do, wherever it keeps blobs. An adapter's test calls `blobContract` with a place: each
 * `open` of one place is another view of the same blobs.
 */
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { BlobStore } from '../../src/core/ports.ts'

export interface BlobPlace {
  open(): BlobStore | Promise<BlobStore>
  /** Waits until what was written is where it stays. */
  settle?(): Promise<void>
  remove(): Promise<void>
}

export const GOOD_NAMES = [
  'a',
  '0',
  'a.cast',
  'a-b/c.d/e',
  '2026/03/01/s0123.cast',
  'a/.b',
  'a/-',
  'a.',
  `a/${'b'.repeat(255)}`,
]

// biome-ignore format: one kind of trick to a line
export const BAD_NAMES = [
  '', '.', '..', '/', '/etc/passwd', './a', '../a', '.a', '-a',
  'a/..', 'a/../b', 'a/../../b', 'a..b', 'a/..b', 'a/b..',
  'a//b', 'a/', 'a/.', 'a/./b',
  'A', 'a b', 'a\\b', 'a\0b', 'a\nb', 'a\n', 'ä', 'a:b', 'a%2e%2e/b', 'a/~', 'a*', '\u202ea', 'a\u0301',
  'a'.repeat(256), `${'a/'.repeat(600)}a`,
]

export function blobContract(name: string, newPlace: () => Promise<BlobPlace>): void {
  describe(`${name} keeps the BlobStore contract`, () => {
    let place: BlobPlace
    let blobs: BlobStore

    beforeEach(async () => {
      place = await newPlace()
      blobs = await place.open()
    })
    afterEach(() => place.remove())

    const write = async (name: string, text: string): Promise<void> => {
      const writer = await blobs.create(name)
      await writer.append(Buffer.from(text))
      await writer.close()
      await place.settle?.()
    }

    it.each(GOOD_NAMES)('takes the name %s', async (good) => {
      await write(good, 'x')
      expect(await readAll(blobs, good)).toEqual(Buffer.from('x'))
      expect(await blobs.list('')).toEqual([good])
    })

    it.each(BAD_NAMES)('fault 34: refuses the name %j for everything', async (bad) => {
      const invalid = { name: 'BastionError', code: 'invalid' }
      await expect(blobs.create(bad)).rejects.toMatchObject(invalid)
      await expect(blobs.read(bad)).rejects.toMatchObject(invalid)
      await expect(blobs.size(bad)).rejects.toMatchObject(invalid)
      expect(await blobs.list('')).toEqual([])
    })

    it('create() refuses a name that exists, and leaves what is there', async () => {
      await write('a/b', 'first')
      await expect(blobs.create('a/b')).rejects.toMatchObject({ name: 'BastionError', code: 'conflict' })
      expect(await readAll(blobs, 'a/b')).toEqual(Buffer.from('first'))
    })

    it('create() of one name many times at once has one winner', async () => {
      const other = await place.open()
      const tries = await Promise.allSettled(
        Array.from({ length: 20 }, (_, n) => (n % 2 ? blobs : other).create('race/a')),
      )
      const won = tries.filter((one) => one.status === 'fulfilled')
      expect(won).toHaveLength(1)
      for (const one of won) await one.value.close()
    })

    it('create() makes an empty blob that is there at once', async () => {
      const writer = await blobs.create('a/b')
      expect(await blobs.size('a/b')).toBe(0)
      expect(await readAll(blobs, 'a/b')).toEqual(Buffer.alloc(0))
      await writer.close()
    })

    it('read() and size() refuse what is not there, a folder among it', async () => {
      await write('a/b', 'x')
      for (const missing of ['b', 'a', 'a/c', 'a/b/c']) {
        await expect(blobs.read(missing)).rejects.toMatchObject({ name: 'BastionError', code: 'not-found' })
        await expect(blobs.size(missing)).rejects.toMatchObject({ name: 'BastionError', code: 'not-found' })
      }
    })

    it('append() is found by another reader once it resolves, before close()', async () => {
      const writer = await blobs.create('live')
      for (const [n, text] of ['one', 'two', 'three'].entries()) {
        await writer.append(Buffer.from(text))
        expect((await readAll(await place.open(), 'live')).toString()).toBe(
          ['one', 'two', 'three'].slice(0, n + 1).join(''),
        )
      }
      expect(await blobs.size('live')).toBe(11)
      await writer.append(new Uint8Array())
      await writer.close()
      expect(await blobs.size('live')).toBe(11)
    })

    it('append() keeps the order of the calls, whoever waits', async () => {
      const sizes = fc.array(fc.integer({ min: 0, max: 3000 }), { maxLength: 30 })
      let round = 0
      await fc.assert(
        fc.asyncProperty(sizes, async (lengths) => {
          const parts = lengths.map((length, n) => Buffer.alloc(length, n))
          const blob = `order/${round++}`
          const writer = await blobs.create(blob)
          await Promise.all(parts.map((part) => writer.append(part)))
          await writer.close()
          expect((await readAll(blobs, blob)).equals(Buffer.concat(parts))).toBe(true)
        }),
        { numRuns: 20 },
      )
    })

    it('close() waits for what was asked before, and ends the blob', async () => {
      const writer = await blobs.create('a')
      const asked = [writer.append(Buffer.from('1')), writer.append(Buffer.from('2'))]
      await writer.close()
      await Promise.all(asked)
      expect((await readAll(blobs, 'a')).toString()).toBe('12')
      await writer.close()
      await expect(writer.append(Buffer.from('3'))).rejects.toMatchObject({ name: 'BastionError' })
      expect((await readAll(blobs, 'a')).toString()).toBe('12')
    })

    it('read() gives a large blob in bounded pieces, may be left early, and may be done again', async () => {
      const bytes = Buffer.from(Array.from({ length: 300_001 }, (_, n) => n % 251))
      const writer = await blobs.create('large')
      await writer.append(bytes)
      await writer.close()
      const stream = await blobs.read('large')
      for await (const chunk of stream) {
        expect(chunk.length).toBeLessThanOrEqual(64 * 1024)
        break
      }
      const chunks: Uint8Array[] = []
      for await (const chunk of stream) chunks.push(chunk)
      expect(Buffer.concat(chunks).equals(bytes)).toBe(true)
      expect(Math.max(...chunks.map((chunk) => chunk.length))).toBeLessThanOrEqual(64 * 1024)
    })

    it('list() gives the names that start with the prefix, in order', async () => {
      const names = ['b', 'a/z', 'a/b/c', 'a/b-c', 'ab', 'a.b', 'a/b/d/e', '0/1']
      for (const one of names) await write(one, '')
      const sorted = [...names].sort()
      for (const prefix of ['', 'a', 'a/', 'a/b', 'a/b/', 'a/b/d', 'ab', '0/1', 'c', 'a/b/c/d', 'b/', 'a.']) {
        expect(await blobs.list(prefix), prefix).toEqual(sorted.filter((one) => one.startsWith(prefix)))
      }
    })

    it('fault 34: list() refuses a prefix that leads elsewhere', async () => {
      for (const prefix of ['..', '../', '/', '/etc', 'a/../', 'a/..', 'a//', './', 'a/./b', 'A', '*', 'a\0']) {
        await expect(blobs.list(prefix), prefix).rejects.toMatchObject({ name: 'BastionError', code: 'invalid' })
      }
    })
  })
}

export async function readAll(blobs: BlobStore, name: string): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of await blobs.read(name)) chunks.push(chunk)
  return Buffer.concat(chunks)
}
