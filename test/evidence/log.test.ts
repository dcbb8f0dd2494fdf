/** The audit log's tree as a bastion writes it: signed in time, taken up after a restart, refused where it was touched. */
import { rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Store } from '../../src/core/ports.ts'
import { LOG_KEY } from '../../src/core/secret-names.ts'
import { eventHash, rowDigest } from '../../src/evidence/leaf.ts'
import { CHECKPOINT_EVERY_MS, LONGEST_UNSIGNED_MS } from '../../src/evidence/log.ts'
import { openLogCheckpoint } from '../../src/evidence/log-checkpoint.ts'
import { Tree } from '../../src/evidence/merkle.ts'
import { parseVerifier } from '../../src/evidence/note.ts'
import { eventOf, newPlace, type Place } from './parts.ts'

let place: Place
beforeEach(async () => {
  place = await newPlace()
})
afterEach(() => place.remove())

const checkpointsOf = async (store: Store, key: string) =>
  (await store.evidence.checkpoints(0, 1000)).map(({ note }) => openLogCheckpoint(note, parseVerifier(key)))

async function append(store: Store, count: number): Promise<void> {
  for (let n = 0; n < count; n++) await store.audit.append(eventOf(n))
}

/** The root as the specification has it, over everything that is stored. */
async function rootOf(store: Store, size: number): Promise<string> {
  const tree = new Tree()
  for (const row of await store.evidence.rows(0, size)) tree.append(eventHash(tree.size + 1, rowDigest(row)))
  return Buffer.from(tree.root()).toString('hex')
}

describe('the log of evidence', () => {
  it('signs what happened within ten seconds, publishes it, and closes itself at the stop', async () => {
    const { store, log, stop } = await place.open()
    await append(store, 3)
    expect(place.clock.nextInMs).toBeLessThanOrEqual(10_000)
    place.clock.advance(CHECKPOINT_EVERY_MS)
    await expect.poll(async () => (await store.evidence.lastCheckpoint())?.number).toBe(2)
    const published = () => readFile(join(place.folder, 'checkpoint'), 'utf8')
    const second = (await store.evidence.lastCheckpoint())?.note
    await expect.poll(published).toBe(second)
    expect(place.clock.nextInMs).toBeUndefined()
    await append(store, 2)
    const root = await rootOf(store, 5)
    await log.close()
    const last = await checkpointsOf(store, log.verifierKey)
    expect(last.map(({ number, size, isClosed }) => [number, size, isClosed])).toEqual([
      [1, 0, false],
      [2, 3, false],
      [3, 5, true],
    ])
    expect(Buffer.from(last[2]!.root).toString('hex')).toBe(root)
    await stop()
  })

  it('is taken up after stops and kills, at every size around the borders of tiles, with one key', async () => {
    const keys = new Set<string>()
    let size = 0
    for (const count of [1, 1, 253, 1, 1, 254, 300, 2000]) {
      const { store, log, stop } = await place.open()
      keys.add(log.verifierKey)
      place.fill(count)
      size += count
      // As a kill would: what came is there, and nobody has signed it.
      if (count % 2 === 0) await store.close()
      else await stop()
    }
    const { store, log, stop } = await place.open()
    const last = (await checkpointsOf(store, log.verifierKey)).at(-1)!
    expect([last.size, Buffer.from(last.root).toString('hex')]).toEqual([size, await rootOf(store, size)])
    expect(keys.size).toBe(1)
    expect((await place.vault.list()).map(({ name }) => name)).toEqual([LOG_KEY])
    await stop()
  })

  it.each<[string, RegExp, (place: Place) => void]>([
    [
      'its last event is gone',
      /event 5 is missing/,
      (p) => p.tamper((db) => db.exec('delete from audit where seq = 5')),
    ],
    [
      'an event was added behind its close',
      /event 6 was added/,
      (p) =>
        p.tamper((db) =>
          db.exec(
            `insert into audit select 6, type, at, actor, actor_name, session, hold, detail from audit where seq = 1`,
          ),
        ),
    ],
    [
      'its hashes were changed',
      /not those that were signed/,
      (p) => p.tamper((db) => db.exec('update log_tiles set hashes = zeroblob(160)')),
    ],
    ['its tiles are gone', /not those that were signed/, (p) => p.tamper((db) => db.exec('delete from log_tiles'))],
    ['its checkpoints are gone', /no checkpoint/, (p) => p.tamper((db) => db.exec('delete from log_checkpoints'))],
    [
      'its last checkpoint is gone',
      /older than the last/,
      (p) => p.tamper((db) => db.exec('delete from log_checkpoints where number = 2')),
    ],
    ['the whole database is gone', /no checkpoint/, (p) => rmSync(p.file)],
    ['the vault is gone', /no key/, (p) => rmSync(join(p.folder, 'vault.json'))],
  ])('is refused when %s', async (_what, message, change) => {
    const { store, stop } = await place.open()
    await append(store, 5)
    await stop()
    change(place)
    await expect(place.open()).rejects.toMatchObject({ code: 'untrusted', message: expect.stringMatching(message) })
  })

  it('lets nothing happen that it cannot sign for a minute, and goes on when it can', async () => {
    const { store, log, stop } = await place.open()
    await append(store, 2)
    place.tamper((db) => db.exec('alter table log_tiles rename to elsewhere'))
    await place.clock.step()
    await expect.poll(() => log.isHealthy).toBe(false)
    await append(store, 1)
    place.clock.advance(LONGEST_UNSIGNED_MS)
    await place.clock.waitForTimer()
    await expect(append(store, 1)).rejects.toMatchObject({ code: 'unavailable' })
    place.tamper((db) => db.exec('alter table elsewhere rename to log_tiles'))
    await place.clock.step()
    await expect.poll(() => log.isHealthy).toBe(true)
    await append(store, 1)
    await stop()
  })
})
