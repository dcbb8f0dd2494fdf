/** What `sallyport doctor` finds, with a real vault, real ports and a server in the identity provider's place. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Diagnosis, diagnose } from '../src/doctor.ts'
import { openSqliteStore } from '../src/store/sqlite/store.ts'
import { openFileVault } from '../src/vault/file-vault.ts'
import { readVaultKey } from '../src/vault/key.ts'

let folder: string
let stop: (() => Promise<unknown>)[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-doctor-'))
})
afterEach(async () => {
  for (const each of stop) await each()
  stop = []
  rmSync(folder, { recursive: true, force: true })
})

async function listen(answer: RequestListener): Promise<number> {
  const server = createServer(answer)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  stop.push(() => new Promise((done) => server.close(done)))
  return (server.address() as AddressInfo).port
}

async function healthy(provider: (issuer: string) => RequestListener = good, more = '') {
  let issuer = ''
  const port = await listen((request, response) => provider(issuer)(request, response))
  issuer = `http://127.0.0.1:${port}`
  const key = await readVaultKey({ env: undefined, file: join(folder, 'vault.key'), createIfMissing: true })
  await (await openFileVault({ file: join(folder, 'vault.json'), key })).put('web-1', Buffer.from('no private key'))
  writeFileSync(join(folder, 'policy.yaml'), readFileSync('policies/default.yaml'))
  const hostKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBXqOSxvsTLF+ycwQdCqnZRNyKkmh5a6A5EGw0DNLm1E'
  writeFileSync(
    join(folder, 'sallyport.yaml'),
    `
identity: { issuer: "${issuer}", client-id: sallyport }
policy: policy.yaml
vault: { file: vault.json, key-file: vault.key }
${more || 'ssh: { listen: "127.0.0.1:0" }\nweb: { listen: "127.0.0.1:0" }'}
targets:
  web-1: { host: 127.0.0.1, port: ${port}, logins: [deploy], credential: web-1, host-keys: ["${hostKey}"] }
`,
  )
}

const good =
  (issuer: string): RequestListener =>
  (_request, response) =>
    response.end(JSON.stringify({ issuer }))

async function found(options = { targets: false }): Promise<Readonly<Record<string, Diagnosis>>> {
  const all = await diagnose(join(folder, 'sallyport.yaml'), {}, options)
  return Object.fromEntries(all.map((each) => [each.what, each]))
}

describe('sallyport doctor', () => {
  it('is content where serve would be, and has looked at each part', async () => {
    await healthy()
    const all = await found()
    expect(Object.keys(all)).toEqual([
      ...['configuration', 'ssh port', 'web port', 'identity provider', 'vault', 'database', 'recordings'],
    ])
    expect(Object.values(all).filter(({ state }) => state !== 'ok')).toEqual([])
    // Looking makes nothing.
    expect(existsSync(join(folder, 'state'))).toBe(false)
    mkdirSync(join(folder, 'state'))
    await (await openSqliteStore({ file: join(folder, 'state', 'sallyport.db') })).close()
    expect((await found()).database).toMatchObject({ state: 'ok', message: expect.stringContaining('0 events') })
  })

  it('tells of a port that is taken, and of one that cannot be had', async () => {
    const taken = await listen((_request, response) => response.end())
    await healthy(good, `ssh: { listen: "127.0.0.1:${taken}" }\nweb: { listen: "192.0.2.1:1" }`)
    const all = await found()
    expect(all['ssh port']).toMatchObject({ state: 'warn', message: expect.stringContaining('taken') })
    expect(all['web port']).toMatchObject({ state: 'fail', message: expect.stringContaining('EADDRNOTAVAIL') })
  })

  it('tells of a provider that is another, that is down, and whose clock is not ours', async () => {
    await healthy(() => (_request, response) => response.end('{"issuer":"https://other.example"}'))
    expect((await found())['identity provider']).toMatchObject({ state: 'fail' })
    for (const [ms, state] of [
      [-20_000, 'warn'],
      [20_000, 'warn'],
      [-120_000, 'fail'],
      [120_000, 'fail'],
    ] as const) {
      await healthy((issuer) => (_request, response) => {
        response.setHeader('date', new Date(Date.now() + ms).toUTCString())
        response.end(JSON.stringify({ issuer }))
      })
      expect((await found()).clock).toMatchObject({ state, message: expect.stringContaining('NTP') })
    }
    for (const each of stop) await each()
    stop = []
    expect((await found())['identity provider']).toMatchObject({
      state: 'fail',
      message: expect.stringContaining('does not answer'),
    })
  })

  it('tells of what is in the way of vault, database and recordings', async () => {
    await healthy()
    chmodSync(join(folder, 'vault.key'), 0o600)
    mkdirSync(join(folder, 'state'))
    writeFileSync(join(folder, 'state', 'sallyport.db'), 'this is no database')
    writeFileSync(join(folder, 'vault.json'), '{}')
    const all = await found()
    expect(all.vault?.state).toBe('fail')
    expect(all.database?.state).toBe('fail')
  })

  it('connects to targets where asked, and says who does not let it in', async () => {
    await healthy()
    const all = await found({ targets: true })
    expect(all['target deploy@web-1']).toMatchObject({ state: 'fail', message: expect.stringContaining('web-1') })
  })

  it('tells of nothing else where the configuration cannot be read', async () => {
    writeFileSync(join(folder, 'sallyport.yaml'), 'nonsense: 1\n')
    expect(Object.keys(await found())).toEqual(['configuration'])
  })
})
