/** Targets that are tried and secrets that are rotated, against SSH servers that really take one key each. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../src/core/clock.ts'
import type { Store } from '../src/core/ports.ts'
import type { Principal } from '../src/core/principal.ts'
import type { Target } from '../src/core/target.ts'
import { openPty } from '../src/pty/pty.ts'
import { newKeyPair } from '../src/ssh/host-key.ts'
import { type LocalTarget, startLocalTarget } from '../src/ssh/local-target.ts'
import { openSqliteStore } from '../src/store/sqlite/store.ts'
import { TargetDesk } from '../src/target-desk.ts'
import { openFileVault } from '../src/vault/file-vault.ts'
import { type TestAdministration, testAdministration } from './support/administration.ts'
import { keptLog } from './support/store.ts'
import { NOWHERE, person } from './web/world.ts'

const rita = person('rita', 'Rita', 'admins')
const olga = person('olga', 'Olga', 'admins')
const approve = { kind: 'approve', reason: '' } as const
const clock = { now: () => new Date('2026-03-01T09:30:00.125Z'), after: systemClock.after }
const oldKey = newKeyPair('old')
const newKey = newKeyPair('new')
const hostKey = newKeyPair('host')

let folder: string
let store: Store
let log: ReturnType<typeof keptLog>
let here: TestAdministration
let servers: LocalTarget[]

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-secrets-'))
  store = await openSqliteStore({ file: join(folder, 'state.db') })
  log = keptLog()
  servers = []
})
afterEach(async () => {
  here.close()
  for (const server of servers) await server.close()
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Takes this key and no other. */
async function target(name: string, publicKey: string, part: Partial<Target> = {}): Promise<Target> {
  const server = await startLocalTarget({
    ...{ privateHostKey: hostKey.privateKey, authorizedKey: publicKey, home: folder, openTerminal: openPty },
  })
  servers.push(server)
  return { ...NOWHERE, name, port: server.port, hostKeys: [hostKey.publicKey], credential: 'web', ...part }
}

async function over(...targets: readonly Target[]): Promise<void> {
  const mayAdminister = ({ groups }: Principal) => groups.includes('admins')
  here = await testAdministration({ folder, targets, store, clock, log, mayAdminister })
  await here.vault.put('web', Buffer.from(oldKey.privateKey))
}

const trial = async (name = 'web-1') => {
  const { outcome, message } = await here.services.targets.test(rita, name, 'deploy')
  return [outcome, message]
}
const rotate = (secret = newKey.privateKey) =>
  here.services.secrets.proposeRotation(rita, { name: 'web', secret, reason: 'a year old' })
const inVault = async () => Buffer.from(await here.vault.open('web')).toString()

describe('a target', () => {
  it('is tried by a real connection: its answer, its host key, and whether the key opens it', async () => {
    await over(
      await target('web-1', oldKey.publicKey),
      await target('other-key', newKey.publicKey),
      await target('other-host', oldKey.publicKey, { hostKeys: [newKey.publicKey] }),
      { ...NOWHERE, name: 'nowhere', credential: 'web', hostKeys: [hostKey.publicKey] },
      { ...NOWHERE, name: 'no-pin', credential: 'web', hostKeys: [] },
      { ...NOWHERE, name: 'no-secret', credential: 'gone' },
    )
    expect(await trial()).toEqual(['opened', expect.stringContaining('the key opens deploy')])
    expect(await trial('other-key')).toEqual(['refused', expect.stringContaining('did not accept')])
    expect(await trial('other-host')).toEqual(['wrong-host', expect.stringContaining('not the pinned one')])
    expect(await trial('nowhere')).toEqual(['unreachable', expect.stringContaining('does not answer')])
    expect(await trial('no-pin')).toEqual(['wrong-host', expect.stringContaining('No host key is pinned')])
    expect(await trial('no-secret')).toEqual(['no-key', expect.stringContaining('no secret of that name')])
    await here.vault.put('web', Buffer.from('hunter2'))
    expect(await trial()).toEqual(['no-key', expect.stringContaining('no private key')])
    await expect(trial('never')).rejects.toMatchObject({ code: 'not-found' })
    await expect(here.services.targets.test(rita, 'web-1', 'root')).rejects.toMatchObject({ code: 'not-found' })
    const tested = await store.audit.list({ types: ['target.tested'], limit: 20 })
    expect(tested.map(({ detail }) => detail.outcome)).toEqual([
      ...['no-key', 'no-key', 'wrong-host', 'unreachable', 'wrong-host', 'refused', 'opened'],
    ])
  })

  it('is shown with where it stands, what opens it and since when; never with the secret', async () => {
    const web = await target('web-1', oldKey.publicKey)
    await over(web, { ...web, name: 'web-2', credential: 'gone' })
    const file = join(folder, 'sallyport.yaml')
    writeFileSync(file, 'targets:\n  web-2: {}\n  # and\n  web-1: {}\n')
    const desk = new TargetDesk({ file, targets: [web], vault: here.vault, audit: store.audit, clock })
    expect((await desk.list())[0]?.place).toEqual({ file, line: 4 })
    const [one, two] = await here.services.targets.list()
    expect([one?.place, one?.credentialAt, two?.credentialAt]).toEqual([undefined, clock.now(), undefined])
    expect(one?.hostKeys[0]).toMatch(/^SHA256:[\w+/]{43}$/)
  })
})

describe('a secret', () => {
  it('goes in once, under a name that is free and not the bastion’s own', async () => {
    await over(await target('web-1', oldKey.publicKey))
    const { secrets } = here.services
    // Two at once: the second finds the first.
    const results = await Promise.allSettled([secrets.add(rita, 'hook', 'one'), secrets.add(olga, 'hook', 'two')])
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
    expect(Buffer.from(await here.vault.open('hook')).toString()).toBe('one')
    await expect(secrets.add(rita, 'sallyport/x', 'x')).rejects.toMatchObject({ code: 'invalid' })
    await expect(secrets.add(rita, 'a b', 'x')).rejects.toMatchObject({ code: 'invalid' })
    expect(await secrets.list()).toEqual([
      { name: 'hook', updatedAt: clock.now(), usedBy: [], isOwn: false },
      { name: 'web', updatedAt: clock.now(), usedBy: ['web-1'], isOwn: false },
    ])
    const [event] = await store.audit.list({ types: ['vault.changed'], limit: 5 })
    expect(event).toMatchObject({ actor: rita.id, detail: { name: 'hook', change: 'added' } })
  })

  it('is replaced when a second administrator approves, and was tried before; it stands in no file until then', async () => {
    await over(await target('web-1', newKey.publicKey))
    const proposal = await rotate(newKey.privateKey.trimEnd())
    expect(proposal.change).toMatchObject({ trials: [{ target: 'web-1', login: 'deploy', outcome: 'opened' }] })
    expect(await inVault()).toBe(oldKey.privateKey)
    await expect(here.services.proposals.decide(proposal.id, rita, approve)).rejects.toMatchObject({
      code: 'forbidden',
    })
    const line = newKey.privateKey.split('\n')[2]!
    for (const name of readdirSync(folder)) {
      if (name !== 'home') expect(readFileSync(join(folder, name)).includes(line)).toBe(false)
    }
    const applied = await here.services.proposals.decide(proposal.id, olga, approve)
    expect([applied.state.kind, applied.sealed]).toEqual(['applied', undefined])
    expect((await inVault()).trimEnd()).toBe(newKey.privateKey.trimEnd())
    expect(await trial()).toEqual(['opened', expect.anything()])
    const log = JSON.stringify(await store.audit.list({ limit: 100 }))
    expect(log).toContain('"rotated"')
    expect(log).not.toContain(line)
  })

  it('is not replaced where that would shut out an account which the old one opens', async () => {
    await over(await target('web-1', oldKey.publicKey), await target('web-2', newKey.publicKey))
    const proposal = await rotate()
    expect(proposal.change).toMatchObject({ trials: [{ outcome: 'refused' }, { outcome: 'opened' }] })
    await expect(here.services.proposals.decide(proposal.id, olga, approve)).rejects.toThrow('deploy@web-1')
    const { state, sealed } = await here.services.proposals.find(proposal.id)
    expect([state.kind, sealed]).toEqual(['failed', undefined])
    expect(await inVault()).toBe(oldKey.privateKey)
  })

  it('is not replaced where it is no key, not there, or was changed meanwhile', async () => {
    await over(await target('web-1', newKey.publicKey))
    await expect(rotate('hunter2')).rejects.toMatchObject({ code: 'invalid' })
    const { secrets } = here.services
    const never = { name: 'never', secret: 'x', reason: 'r' }
    await expect(secrets.proposeRotation(rita, never)).rejects.toMatchObject({ code: 'not-found' })
    const own = { ...never, name: 'sallyport/audit-log-key' }
    await expect(secrets.proposeRotation(rita, own)).rejects.toMatchObject({ code: 'invalid' })
    const proposal = await rotate()
    const moved = { ...clock, now: () => new Date(clock.now().getTime() + 1000) }
    const vault = await openFileVault({ file: join(folder, 'vault.json'), key: here.vaultKey, clock: moved })
    await vault.put('web', Buffer.from('by hand'))
    await expect(here.services.proposals.decide(proposal.id, olga, approve)).rejects.toMatchObject({ code: 'conflict' })
    expect((await here.services.proposals.find(proposal.id)).state.kind).toBe('stale')
    expect(await inVault()).toBe('by hand')
  })
})
