/**
 * A grant, as people live it: alice's command is held, bob approves it for ten minutes, and it runs again without being
 * held; nothing else does, and not for anybody else; revoking it, and a change of the policy, end it.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MAIN } from '../cli/sallyport.ts'
import {
  DEFAULT_POLICY,
  type Person,
  runProgram,
  startTestBastion,
  type TestBastion,
  until,
} from '../support/bastion.ts'
import { bearerTokenFor } from '../support/idp-browser.ts'
import type { TestTerminal } from '../support/terminal.ts'

const TEXT = 'touch /srv/data/flag'
let bastion: TestBastion
let folder: string
let policyFile: string
let alice: Person
let bob: Person
let dave: Person
let terminal: TestTerminal
let daveKey: string

interface Grant {
  readonly id: string
  readonly text: string
  readonly until: string
  readonly uses: number
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-grants-'))
  policyFile = join(folder, 'policy.yaml')
  writeFileSync(policyFile, readFileSync(DEFAULT_POLICY))
  bastion = await startTestBastion({ policyFile })
  ;[alice, bob, dave] = await Promise.all([bastion.person('alice'), bastion.person('bob'), bastion.person('dave')])
  daveKey = await bastion.boundKey('dave')
  terminal = bastion.ssh('web-1', '-i', bastion.newKey('alice'))
  await bastion.signIn(terminal, alice)
  await terminal.shows('$ ')
})

afterAll(async () => {
  terminal?.kill()
  await bastion?.close()
  rmSync(folder, { recursive: true, force: true })
})

const grants = async (who: Person) => (await who.json<{ grants: readonly Grant[] }>('grants')).grants

async function approveFor(text: string, scope: 'session' | 'person'): Promise<void> {
  const id = await bob.hold(text)
  const body = { decision: 'approve', reason: '', grant: { minutes: 10, scope } }
  expect((await bob.api(`holds/${id}/decisions`, { method: 'POST', body })).status).toBe(201)
}

/** Types it and expects that it waits; takes it back. */
async function isHeld(text: string): Promise<void> {
  terminal.mark()
  terminal.type(`${text}\r`)
  await terminal.shows(`■ held: ${text}`)
  terminal.type('\x03')
  await terminal.shows('withdrawn')
  await terminal.shows('$ ')
}

describe('a grant', () => {
  it('is offered for what only writes, and told in the terminal with the approval', async () => {
    terminal.mark()
    terminal.type(`${TEXT} && echo first done\r`)
    await terminal.shows(`■ held: ${TEXT}`)
    const hold = await bob.json<{ grantable: unknown }>(`holds/${await bob.hold(TEXT)}`)
    expect(hold.grantable).toEqual({ longestMinutes: 60, scopes: ['session', 'person'] })
    await approveFor(TEXT, 'person')
    await terminal.shows('✓ approved by bob')
    await terminal.shows(/The same command on web-1 is not held again until \d\d:\d\d UTC \(g\w{8}\)/)
    await terminal.shows('\nfirst done')
  })

  it('lets the same command run again at once, and says by whose word', async () => {
    const [grant] = await grants(alice)
    terminal.mark()
    terminal.type(`${TEXT} && echo second done\r`)
    await terminal.shows(`✓ allowed by bob’s grant until ${grant!.until.slice(11, 16)} UTC (${grant!.id})`)
    await terminal.shows('\nsecond done')
    expect((await grants(bob))[0]).toMatchObject({ id: grant!.id, text: TEXT, uses: 1 })
    const events = await bastion.audit('grant.given', 'grant.used', 'command.released')
    // Newest first: what the grant released, its use, what the approval released, the grant.
    const order = ['command.released', 'grant.used', 'command.released', 'grant.given']
    expect(events.map(({ type }) => type).slice(0, 4)).toEqual(order)
    expect(events[0]?.detail).toMatchObject({ grant: grant!.id, text: TEXT })
  })

  it('covers no other text, and nobody else', async () => {
    await isHeld(`${TEXT}2`)
    const result = bastion.run('web-1', TEXT, {
      key: daveKey,
      onStderr: ['request', () => void bob.hold(TEXT).then((id) => bob.decide(id, 'reject', 'not you'))],
    })
    expect(await result).toMatchObject({ status: 77, stderr: expect.stringContaining('rejected by bob: not you') })
    expect(await grants(dave)).toEqual([])
  })

  it('is given, listed and ended from a command line as well', async () => {
    const token = await bearerTokenFor(bastion.demo.issuer, 'bob')
    const sallyport = (...args: readonly string[]) =>
      runProgram(process.execPath, [MAIN, ...args, '--url', bastion.web], { env: { SALLYPORT_TOKEN: token } })
    terminal.mark()
    terminal.type('touch /srv/data/other\r')
    await terminal.shows('■ held: touch /srv/data/other')
    const id = await bob.hold('touch /srv/data/other')
    expect(await sallyport('holds', 'approve', id, '--for', '2h', '--scope', 'person')).toMatchObject({ status: 1 })
    terminal.mark()
    const given = await sallyport('holds', 'approve', id, '--for', '20m', '--scope', 'person')
    expect(given.stdout.toString()).toContain('and the same command for 20 min (see: grants list)')
    await terminal.shows('$ ')
    const { stdout } = await sallyport('grants', 'list', '--json')
    const listed = (JSON.parse(stdout.toString()) as { readonly grants: readonly Grant[] }).grants
    const grant = listed.find(({ text }) => text === 'touch /srv/data/other')
    expect(await sallyport('grants', 'revoke', grant?.id ?? '')).toMatchObject({ status: 0 })
    await isHeld('touch /srv/data/other')
  })

  it('is held again once bob has revoked it; dave cannot', async () => {
    const [grant] = await grants(alice)
    expect((await dave.api(`grants/${grant!.id}`, { method: 'DELETE' })).status).toBe(404)
    expect((await bob.api(`grants/${grant!.id}`, { method: 'DELETE' })).status).toBe(204)
    await isHeld(TEXT)
    expect(await grants(alice)).toEqual([])
  })

  it('for the session is not good in another session of hers', async () => {
    terminal.mark()
    terminal.type(`${TEXT}\r`)
    await terminal.shows('■ held')
    await approveFor(TEXT, 'session')
    await terminal.shows('The same command in this session is not held again')
    await terminal.shows('$ ')
    terminal.mark()
    terminal.type(`${TEXT} && echo again\r`)
    await terminal.shows('allowed by bob’s grant')
    await terminal.shows('\nagain')
    expect(await grants(alice)).toHaveLength(1)
  })

  it('ends when the policy changes', async () => {
    writeFileSync(policyFile, `${readFileSync(policyFile, 'utf8')}\n# changed\n`)
    await bastion.demo.bastion.reloadPolicy()
    await isHeld(TEXT)
    await until(async () => (await bastion.audit('grant.ended')).length === 1)
    expect(await grants(alice)).toEqual([])
  })

  it('leaves a marker in the recording', async () => {
    terminal.type('exit\r')
    await terminal.exited
    const carol = await bastion.person('carol')
    const { sessions } = await carol.json<{ sessions: { id: string; person: { name: string }; kind: string }[] }>(
      'sessions',
    )
    const session = sessions.find(({ person, kind }) => person.name === 'alice' && kind === 'shell')!
    const cast = await (await carol.api(`recordings/${session.id}/cast`)).text()
    expect(cast).toMatch(/"m","granted by bob \(g\w{8}\): touch \/srv\/data\/flag"/)
  })
})
