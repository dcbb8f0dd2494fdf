/** The vault as an encrypted file: the contract, and that nothing of the file can be read, changed or rolled about. */
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../src/core/clock.ts'
import type { Vault } from '../../src/core/ports.ts'
import { openFileVault } from '../../src/vault/file-vault.ts'
import { readVaultKey, type VaultKey } from '../../src/vault/key.ts'
import { mountTinyDisk, noTinyDisk } from '../contract/tiny-disk.ts'
import { vaultContract } from '../contract/vault.ts'

const PUTTER = fileURLToPath(new URL('./putter.ts', import.meta.url))
/** Stands still; only a wait for another's lock takes real time, and milliseconds of it. */
const clock = { now: () => new Date('2026-03-01T09:30:00.125Z'), after: systemClock.after }
const newKey = (): Promise<VaultKey> => readVaultKey({ env: randomBytes(32).toString('base64'), file: '' })
const text = (value: string) => new TextEncoder().encode(value)
const untrusted = { name: 'BastionError', code: 'untrusted' }

vaultContract(
  'an encrypted file',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sallyport-vault-'))
    const key = await newKey()
    return {
      open: () => openFileVault({ file: join(folder, 'state', 'vault.json'), key, clock }),
      remove: () => rm(folder, { recursive: true }),
    }
  },
  clock,
)

describe('openFileVault()', () => {
  let folder: string
  let file: string
  let key: VaultKey
  let vault: Vault

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sallyport-vault-'))
    file = join(folder, 'vault.json')
    key = await newKey()
    vault = await openFileVault({ file, key, clock })
  })
  afterEach(() => rm(folder, { recursive: true }))

  it('makes its files for their owner alone, and leaves no other behind', async () => {
    await vault.put('a', text('x'))
    await vault.put('b', text('y'))
    expect((await readdir(folder)).sort()).toEqual(['vault.json', 'vault.json.lock'])
    for (const path of [file, `${file}.lock`]) expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect((await stat(`${file}.lock`)).size).toBe(0)
  })

  it('writes no secret in the clear, and never the same bytes for the same secret', async () => {
    const secret = 'correct horse battery staple'
    const files: string[] = []
    for (let n = 0; n < 3; n++) {
      await vault.put('web-1', text(secret))
      files.push(await readFile(file, 'utf8'))
    }
    for (const encoding of ['utf8', 'base64', 'base64url', 'hex'] as const) {
      expect(files.join()).not.toContain(Buffer.from(secret).toString(encoding).slice(0, 12))
    }
    expect(new Set(files.map((one) => /"box": "(.*)"/.exec(one)?.[1])).size).toBe(3)
    expect(new Set(files.map((one) => /"nonce": "(.*)"/.exec(one)?.[1])).size).toBe(3)
  })

  it('refuses another key with a sentence that says so, and leaves the file as it is', async () => {
    await vault.put('a', text('x'))
    const before = await readFile(file)
    const wrong = { ...untrusted, message: expect.stringMatching(/another key.*SALLYPORT_VAULT_KEY/s) }
    await expect(openFileVault({ file, key: await newKey(), clock })).rejects.toMatchObject(wrong)
    expect(await readFile(file)).toEqual(before)
  })

  it('fault 38: refuses the file when any one byte of it is changed', async () => {
    await vault.put('web-1', text('first'))
    await vault.put('web-2', text('second'))
    const good = await readFile(file)
    for (let at = 0; at < good.length; at++) {
      const bad = Buffer.from(good)
      bad[at] = (bad[at] ?? 0) ^ (1 << (at % 8))
      await writeFile(file, bad)
      const error = await vault.open('web-1').catch((caught: unknown) => caught)
      expect(error, `byte ${at}`).toMatchObject({
        name: 'BastionError',
        code: expect.stringMatching(/untrusted|invalid/),
      })
    }
    await writeFile(file, good)
    expect(await vault.open('web-1')).toEqual(text('first'))
  })

  it('fault 38: refuses any edit of the file: bytes changed, cut out, put in, doubled', async () => {
    for (const name of ['a', 'b', 'c']) await vault.put(name, text(`secret ${name}`))
    const good = await readFile(file)
    const place = fc.integer({ min: 0, max: good.length })
    await fc.assert(
      fc.asyncProperty(place, place, fc.uint8Array({ maxLength: 40 }), async (one, two, put) => {
        const bad = Buffer.concat([good.subarray(0, Math.min(one, two)), put, good.subarray(Math.max(one, two))])
        fc.pre(!bad.equals(good))
        await writeFile(file, bad)
        await expect(vault.list()).rejects.toMatchObject({ code: expect.stringMatching(/untrusted|invalid/) })
        await expect(openFileVault({ file, key, clock })).rejects.toMatchObject({ name: 'BastionError' })
      }),
      { numRuns: 150 },
    )
  })

  interface Envelope {
    secrets: Record<string, string>[]
    [field: string]: unknown
  }

  it.each<[string, (envelope: Envelope, old: Envelope) => void]>([
    ['an entry dropped', (envelope) => envelope.secrets.pop()],
    ['all entries dropped', (envelope) => envelope.secrets.splice(0)],
    ['an entry doubled', (envelope) => envelope.secrets.push({ ...envelope.secrets[0] })],
    ['entries in another order', (envelope) => envelope.secrets.reverse()],
    [
      'two entries swapped under their names',
      ({ secrets: [a, b] }) => ([a!.box, b!.box, a!.nonce, b!.nonce] = [b!.box!, a!.box!, b!.nonce!, a!.nonce!]),
    ],
    ['an entry renamed', ({ secrets: [a] }) => (a!.name = 'aa')],
    ['an entry made younger', ({ secrets: [a] }) => (a!.updatedAt = '2027-01-01T00:00:00.000Z')],
    ['an entry brought back from an older file', (envelope, old) => (envelope.secrets[0] = old.secrets[0]!)],
    ['the list brought back under the new sum', (envelope, old) => (envelope.secrets = old.secrets)],
    ['a field more', (envelope) => (envelope.note = 'harmless')],
    ['a field more in an entry', ({ secrets: [a] }) => (a!.note = 'harmless')],
    ['no sum', (envelope) => delete envelope.mac],
    ['another format', (envelope) => (envelope.format = 'other')],
    ['no version', (envelope) => delete envelope.version],
    ['an older version', (envelope) => (envelope.version = 0)],
  ])('fault 38: refuses %s', async (_what, change) => {
    await vault.put('a', text('old'))
    await vault.put('b', text('other'))
    const old = JSON.parse(await readFile(file, 'utf8')) as Envelope
    await vault.put('a', text('new'))
    const envelope = JSON.parse(await readFile(file, 'utf8')) as Envelope
    change(envelope, old)
    const changed = `${JSON.stringify(envelope, undefined, 2)}\n`
    await writeFile(file, changed)
    for (const call of [() => vault.open('a'), () => vault.list(), () => vault.put('c', text('x'))]) {
      await expect(call()).rejects.toMatchObject(untrusted)
    }
    expect(await readFile(file, 'utf8')).toBe(changed)
  })

  it('refuses a vault of a newer version, an empty file, and one that is far too long', async () => {
    await vault.put('a', text('x'))
    const good = await readFile(file, 'utf8')
    await writeFile(file, good.replace('"version": 1', '"version": 2'))
    await expect(vault.open('a')).rejects.toMatchObject({ code: 'invalid', message: expect.stringContaining('newer') })
    await writeFile(file, '')
    await expect(vault.open('a')).rejects.toMatchObject(untrusted)
    await truncate(file, 200 * 1024 * 1024)
    await expect(vault.open('a')).rejects.toMatchObject(untrusted)
  })

  it('shows no secret in an error, an inspection or JSON of what it handles', async () => {
    await vault.put('a', text('hunter2-hunter2'))
    await truncate(file, 300)
    const error = await vault.open('a').catch((caught: unknown) => caught)
    const { inspect } = await import('node:util')
    const shown = [inspect(error, { depth: 9 }), inspect(vault, { depth: 9 }), inspect(key), JSON.stringify(key)].join()
    expect(shown).not.toContain('hunter2')
    expect(shown).not.toContain(key.export().toString('hex'))
    expect(shown).not.toContain(key.export().toString('base64'))
  })

  it('several processes putting at once lose none', async () => {
    const keyFile = join(folder, 'key')
    const shared = await readVaultKey({ env: undefined, file: keyFile, createIfMissing: true })
    const prefixes = ['p', 'q', 'r']
    const children = prefixes.map((prefix) =>
      spawn(process.execPath, [PUTTER, file, keyFile, prefix], { stdio: 'inherit' }),
    )
    const ends = await Promise.all(children.map((child) => once(child, 'exit')))
    expect(ends.map(([status]) => status)).toEqual([0, 0, 0])
    const names = (await (await openFileVault({ file, key: shared, clock })).list()).map((secret) => secret.name)
    expect(names).toEqual(prefixes.flatMap((prefix) => Array.from({ length: 10 }, (_, n) => `${prefix}${n}`)))
  })

  it('put() waits for the lock by the clock, gives up with a sentence, and does not need it to read', async () => {
    await vault.put('a', text('x'))
    const holder = new DatabaseSync(`${file}.lock`)
    holder.exec('begin exclusive')
    let waits = 0
    const after = (_ms: number, task: () => void) => {
      waits++
      setImmediate(task)
      return () => undefined
    }
    const waiting = await openFileVault({ file, key, clock: { ...clock, after } })
    await expect(waiting.put('b', text('y'))).rejects.toMatchObject({ code: 'unavailable' })
    expect(waits).toBeGreaterThan(100)
    expect(await waiting.open('a')).toEqual(text('x'))
    holder.close()
    await waiting.put('b', text('y'))
    expect(await vault.open('b')).toEqual(text('y'))
  })

  it.skipIf(noTinyDisk !== undefined)(
    `put() on a full disk is storage-full and leaves the vault as it was (${noTinyDisk ?? 'tmpfs'})`,
    async () => {
      const disk = mountTinyDisk(128)
      try {
        const onDisk = await openFileVault({ file: join(disk.folder, 'vault.json'), key, clock })
        await onDisk.put('a', text('x'))
        await disk.fill()
        await expect(onDisk.put('b', new Uint8Array(20_000).fill(1))).rejects.toMatchObject({ code: 'storage-full' })
        expect((await readdir(disk.folder)).sort()).toEqual(['filler', 'vault.json', 'vault.json.lock'])
        expect(await onDisk.open('a')).toEqual(text('x'))
        await disk.free()
        await onDisk.put('b', text('y'))
        expect(await onDisk.open('b')).toEqual(text('y'))
      } finally {
        disk.unmount()
      }
    },
  )
})
