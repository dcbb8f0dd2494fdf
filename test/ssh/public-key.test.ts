import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import ssh2 from 'ssh2'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadHostKey, newKeyPair } from '../../src/ssh/host-key.ts'
import { fingerprint, isProved, parseOfferedKey } from '../../src/ssh/public-key.ts'
import { parseUserName } from '../../src/ssh/user-name.ts'
import { newKey } from './parts.ts'

describe('parseUserName()', () => {
  it.each([
    ['web-1', { target: 'web-1', login: undefined }],
    ['deploy@web-1', { target: 'web-1', login: 'deploy' }],
    ['deploy+web-1', { target: 'web-1', login: 'deploy' }],
    ['deploy%web-1', { target: 'web-1', login: 'deploy' }],
    ['me@corp.example@web-1', { target: 'web-1', login: 'me@corp.example' }],
    ['a+b%c@web.1_x', { target: 'web.1_x', login: 'a+b%c' }],
    ['', undefined],
    ['@web-1', undefined],
    ['deploy@', undefined],
    ['-oProxyCommand=x@web-1', undefined],
    ['deploy@-web', undefined],
    ['deploy@web/../x', undefined],
    ['deploy@web-1\n', undefined],
    ['de ploy@web-1', undefined],
    ['deploy@wéb', undefined],
    ['deploy\u001b[2J@web-1', undefined],
    [`${'a'.repeat(64)}@web-1`, undefined],
    [`deploy@${'a'.repeat(64)}`, undefined],
  ])('reads “%s”', (name, expected) => {
    expect(parseUserName(name)).toEqual(expected)
  })

  it('never gives a target or a login that a shell or a path would read in another way', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        const destination = parseUserName(name)
        if (destination === undefined) return
        expect(destination.target).toMatch(/^[\w.][\w.-]*$/)
        expect(destination.login ?? 'x').toMatch(/^\w[\w.@+%-]*$/)
      }),
    )
  })
})

describe('parseOfferedKey() and isProved()', () => {
  it('fault 10: nothing that a client sends throws', () => {
    const kinds = ['ssh-ed25519', 'ssh-rsa', 'ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp521', 'ssh-dss']
    const key = newKey()
    const mutated = fc
      .tuple(fc.nat(key.blob.length - 1), fc.nat(255))
      .map(([at, byte]) => Buffer.from(key.blob.map((old, index) => (index === at ? byte : old))))
    const any = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes))
    fc.assert(
      fc.property(fc.constantFrom(...kinds), fc.oneof(mutated, any), any, (algo, data, signature) => {
        const parsed = parseOfferedKey({ algo, data })
        if (parsed !== undefined) expect(isProved(parsed, { signature, blob: data, hashAlgo: undefined })).toBe(false)
      }),
    )
  })

  it('makes keys that can be read again, each time', () => {
    // ssh2 makes one in some two hundred that it cannot read itself.
    for (let count = 0; count < 1500; count++)
      expect(ssh2.utils.parseKey(newKeyPair('').privateKey)).not.toBeInstanceOf(Error)
  })

  it('prints a fingerprint as ssh-keygen does', () => {
    const { publicKey } = newKeyPair('')
    const { stdout } = spawnSync('ssh-keygen', ['-lf', '-'], { input: `${publicKey}\n`, encoding: 'utf8' })
    expect(stdout).toContain(fingerprint(Buffer.from(publicKey.split(' ')[1]!, 'base64')))
  })
})

describe('loadHostKey()', () => {
  let folder: string
  let file: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sallyport-hostkey-'))
    file = join(folder, 'keys', 'ssh_host_ed25519_key')
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))
  const load = () => loadHostKey(join(folder, 'keys'))
  const put = (text: string, mode = 0o600) => {
    mkdirSync(join(folder, 'keys'), { recursive: true })
    writeFileSync(file, text, { mode })
  }

  it('makes a key for its owner alone, once', async () => {
    const first = await load()
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(await load()).toEqual(first)
    expect(first.publicKey).toMatch(/^ssh-ed25519 [A-Za-z0-9+/=]+$/)
    expect(first.fingerprint).toMatch(/^SHA256:/)
  })

  it('refuses one that others may read, and says what to do', async () => {
    await load()
    chmodSync(file, 0o644)
    await expect(load()).rejects.toThrow(`chmod 600 ${file}`)
  })

  it.each([
    ['is empty', ''],
    ['is not a key', 'hello'],
    ['is a public key', ssh2.utils.generateKeyPairSync('ed25519').public],
    [
      'has a passphrase',
      ssh2.utils.generateKeyPairSync('ed25519', { passphrase: 'x', cipher: 'aes256-ctr', rounds: 1 }).private,
    ],
  ])('refuses a file that %s, and leaves it as it is', async (_, text) => {
    put(text)
    await expect(load()).rejects.toMatchObject({ code: 'invalid', message: expect.stringContaining(file) })
    expect(readFileSync(file, 'utf8')).toBe(text)
  })

  it('does not make another key in the place of one that cannot be read', async () => {
    mkdirSync(file, { recursive: true })
    await expect(load()).rejects.toMatchObject({ code: 'invalid', message: expect.stringContaining('cannot be read') })
  })
})
