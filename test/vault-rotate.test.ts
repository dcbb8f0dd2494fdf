/** Rotating a secret over a real vault: it counts once it opens what the old one did, and can be taken back. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { BastionError } from '../src/core/errors.ts'
import type { Vault } from '../src/core/ports.ts'
import { openFileVault } from '../src/vault/file-vault.ts'
import { readVaultKey } from '../src/vault/key.ts'
import { previousName, rotate, rotateBack } from '../src/vault-rotate.ts'
import { WEB_1 } from './web/world.ts'

let folder: string
let vault: Vault
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-rotate-'))
  const key = await readVaultKey({ env: undefined, file: join(folder, 'vault.key'), createIfMissing: true })
  vault = await openFileVault({ file: join(folder, 'vault.json'), key })
  await vault.put('web', Buffer.from('old'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const targets = [
  { ...WEB_1, name: 'web-1', credential: 'web', logins: ['deploy', 'root'] },
  { ...WEB_1, name: 'other', credential: 'another' },
]
const text = async (name: string) => Buffer.from(await vault.open(name)).toString()
const NEW = { secret: Buffer.from('new'), isTried: true }

describe('vault rotate', () => {
  it('tries the new one on every account that it opens, keeps the old one, and takes it back', async () => {
    const asked: string[] = []
    const tryTarget = async ({ name }: { name: string }, login: string, key: Uint8Array) =>
      void asked.push(`${login}@${name} ${Buffer.from(key)} while ${await text('web')}`)
    expect(await rotate({ vault, targets, tryTarget }, 'web', NEW)).toEqual(['deploy@web-1', 'root@web-1'])
    expect(asked).toEqual(['deploy@web-1 new while old', 'root@web-1 new while old'])
    expect([await text('web'), await text(previousName('web'))]).toEqual(['new', 'old'])
    await rotateBack({ vault }, 'web')
    expect([await text('web'), await text(previousName('web'))]).toEqual(['old', 'new'])
  })

  it('changes nothing where one target does not let it in, and names each', async () => {
    const tryTarget = async (_target: unknown, login: string) => {
      if (login === 'root') throw new BastionError('forbidden', 'It did not accept the key.')
    }
    const rotated = rotate({ vault, targets, tryTarget }, 'web', NEW)
    await expect(rotated).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('root@web-1: It did not accept the key.'),
    })
    expect(await text('web')).toBe('old')
    expect((await vault.list()).map(({ name }) => name)).toEqual(['web'])
    expect(await rotate({ vault, targets, tryTarget }, 'web', { ...NEW, isTried: false })).toEqual([])
    expect(await text('web')).toBe('new')
  })

  it('refuses what is not there, the same again, and the bastion’s own', async () => {
    const tryTarget = async () => {}
    const code = (task: Promise<unknown>) =>
      task.then(
        () => 'done',
        (error: BastionError) => error.code,
      )
    expect(await code(rotate({ vault, targets, tryTarget }, 'nothing', NEW))).toBe('not-found')
    expect(await code(rotate({ vault, targets, tryTarget }, 'web', { ...NEW, secret: Buffer.from('old') }))).toBe(
      'conflict',
    )
    expect(await code(rotate({ vault, targets, tryTarget }, 'sallyport/log', NEW))).toBe('invalid')
    expect(await code(rotateBack({ vault }, 'web'))).toBe('not-found')
  })
})
