/** Where the vault's key may come from, and where it may not. */
import { randomBytes } from 'node:crypto'
import { chmod, chown, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readVaultKey } from '../../src/vault/key.ts'

const bytes = randomBytes(32)

describe('readVaultKey()', () => {
  let folder: string
  let file: string

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sallyport-key-'))
    file = join(folder, 'vault.key')
  })
  afterEach(() => rm(folder, { recursive: true }))

  it.each([
    ['base64', bytes.toString('base64')],
    ['base64url', bytes.toString('base64url')],
    ['hex', bytes.toString('hex')],
    ['hex in capitals', bytes.toString('hex').toUpperCase()],
    ['white space around', `  ${bytes.toString('base64')}\r\n`],
  ])('reads %s from the environment and from a file', async (_what, value) => {
    expect((await readVaultKey({ env: value, file })).export()).toEqual(bytes)
    await writeFile(file, value, { mode: 0o600 })
    expect((await readVaultKey({ env: undefined, file })).export()).toEqual(bytes)
  })

  it.each([
    ['nothing', ''],
    ['a passphrase', 'correct horse battery staple'],
    ['31 bytes', bytes.subarray(1).toString('base64')],
    ['33 bytes', Buffer.concat([bytes, bytes.subarray(0, 1)]).toString('base64')],
    ['16 bytes of hex', bytes.subarray(16).toString('hex')],
    ['hex with a slip', `${bytes.toString('hex').slice(1)}g`],
    ['base64 with a slip', `!${bytes.toString('base64').slice(1)}`],
    [
      'base64 whose last character says more than 32 bytes',
      `${Buffer.alloc(32, 1).toString('base64url').slice(0, 42)}F`,
    ],
    ['two keys', `${bytes.toString('base64')}\n${bytes.toString('base64')}`],
    ['all zeros', Buffer.alloc(32).toString('base64')],
  ])('refuses %s, and shows none of it', async (_what, value) => {
    const env = await readVaultKey({ env: value, file }).catch((error: unknown) => error)
    expect(env).toMatchObject({
      code: 'invalid',
      message: expect.stringMatching(/^SALLYPORT_VAULT_KEY .*openssl rand/),
    })
    await writeFile(file, value, { mode: 0o600 })
    const fromFile = await readVaultKey({ env: undefined, file, createIfMissing: true }).catch(
      (error: unknown) => error,
    )
    expect(fromFile).toMatchObject({ code: 'invalid', message: expect.stringContaining(file) })
    if (value !== '') expect(`${env}${fromFile}`).not.toContain(value.slice(0, 10))
    expect(await readFile(file, 'utf8')).toBe(value)
  })

  it('a key in the environment counts alone, even a wrong one beside a good file', async () => {
    await writeFile(file, bytes.toString('hex'), { mode: 0o600 })
    await expect(readVaultKey({ env: 'wrong', file })).rejects.toMatchObject({ code: 'invalid' })
  })

  it.each([0o640, 0o604, 0o620, 0o660, 0o601, 0o777])('refuses a file of mode %o, naming the fix', async (mode) => {
    await writeFile(file, bytes.toString('base64'))
    await chmod(file, mode)
    await expect(readVaultKey({ env: undefined, file })).rejects.toMatchObject({
      code: 'untrusted',
      message: expect.stringContaining(`chmod 600 ${file}`),
    })
    await chmod(file, 0o400)
    expect((await readVaultKey({ env: undefined, file })).export()).toEqual(bytes)
  })

  it('refuses a lax file behind a symbolic link', async () => {
    await writeFile(file, bytes.toString('base64'), { mode: 0o644 })
    await symlink(file, `${file}.link`)
    await expect(readVaultKey({ env: undefined, file: `${file}.link` })).rejects.toMatchObject({ code: 'untrusted' })
  })

  it.skipIf(process.getuid?.() !== 0)(
    'refuses a file of another owner, naming the fix (needs root to make one)',
    async () => {
      await writeFile(file, bytes.toString('base64'), { mode: 0o600 })
      await chown(file, 12_345, 12_345)
      await expect(readVaultKey({ env: undefined, file })).rejects.toMatchObject({
        code: 'untrusted',
        message: expect.stringContaining('chown'),
      })
    },
  )

  it('says how to make a key where there is none', async () => {
    await expect(readVaultKey({ env: undefined, file })).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringMatching(/SALLYPORT_VAULT_KEY.*umask 077.*openssl rand/),
    })
    expect(await readdir(folder)).toEqual([])
  })

  it('makes a key when asked to, once, for its owner alone', async () => {
    file = join(folder, 'state', 'vault.key')
    const source = { env: undefined, file, createIfMissing: true }
    const made = await Promise.all(Array.from({ length: 8 }, () => readVaultKey(source)))
    expect(new Set(made.map((key) => key.export().toString('hex'))).size).toBe(1)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect((await stat(join(folder, 'state'))).mode & 0o777).toBe(0o700)
    expect(await readdir(join(folder, 'state'))).toEqual(['vault.key'])
    expect((await readVaultKey({ env: undefined, file })).equals(made[0]!)).toBe(true)
  })

  it('is unavailable where the file is a folder', async () => {
    await expect(readVaultKey({ env: undefined, file: folder })).rejects.toMatchObject({ name: 'BastionError' })
  })
})
