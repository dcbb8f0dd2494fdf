/**
 * Breaking the glass, as people live it: nobody is there to approve; alice says why in her terminal, proves in a browser who
 * she is, and her command runs; carol is told, and bob closes the review.
 */
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MAIN } from '../cli/sallyport.ts'
import { type Person, runProgram, startTestBastion, type TestBastion, until } from '../support/bastion.ts'
import { bearerTokenFor } from '../support/idp-browser.ts'
import type { TestTerminal } from '../support/terminal.ts'

let bastion: TestBastion
let alice: Person
let bob: Person
let terminal: TestTerminal
let key: string

beforeAll(async () => {
  bastion = await startTestBastion({
    policyFile: join(import.meta.dirname, '../../policies/examples/break-glass.yaml'),
  })
  ;[alice, bob] = await Promise.all([bastion.person('alice'), bastion.person('bob')])
  key = bastion.newKey('alice')
  terminal = bastion.ssh('web-1', '-i', key)
  await bastion.signIn(terminal, alice)
  await terminal.shows('$ ')
})

afterAll(async () => {
  terminal?.kill()
  await bastion?.close()
})

const own = async (text: string): Promise<string> => {
  const { holds } = await alice.json<{ holds: readonly { id: string; text: string }[] }>('holds?state=pending')
  return holds.find((hold) => hold.text.includes(text))!.id
}
const breakGlass = (hold: string, reason: string) =>
  alice.api(`holds/${hold}/glass`, { method: 'POST', body: { reason } })
const stateOf = async (hold: string) => (await bob.json<{ state: { kind: string } }>(`holds/${hold}`)).state.kind

describe('the glass', () => {
  it('is broken from a terminal with a reason and a fresh sign-in, and not with the one of this morning', async () => {
    terminal.mark()
    terminal.type('rm -rf /srv/data/old\r')
    await terminal.shows('b break glass')
    terminal.type('b')
    await terminal.shows('■ break the glass, because: ')
    terminal.type('the disk is full\r')
    const id = await own('rm -rf /srv/data/old')
    await terminal.shows(`open ${bastion.web}/holds/${id}`)

    // The provider knows her browser, which is enough to sign in and not for this.
    const refused = await breakGlass(id, 'the disk is full')
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
      401,
      'Bearer error="insufficient_user_authentication", max_age=300',
    ])
    expect(await stateOf(id)).toBe('pending')
    await alice.browser.signIn(`${bastion.web}/auth/start?fresh=1&return=/holds/${id}`, 'alice')
    const me = await alice.json<{ authentication: { at: string | null } }>('me')
    expect(Date.parse(me.authentication.at!)).toBeGreaterThan(Date.now() - 60_000)
    const broken = await breakGlass(id, 'the disk is full')
    expect(broken.status).toBe(201)
    await terminal.shows('! you broke the glass; sre or auditor has to look at it')
    await until(async () => (await stateOf(id)) === 'done')
    await terminal.shows('$ ')
    terminal.mark()
    terminal.type('ls /srv/data/old\r')
    await terminal.shows('No such file')
    const types = (await bastion.demo.bastion.store.audit.list({ hold: id as never, limit: 20 })).map(
      ({ type }) => type,
    )
    expect(types.reverse()).toEqual([
      'command.held',
      'hold.explained',
      'glass.broken',
      'command.released',
      'command.finished',
    ])
  })

  it('is broken for a command given to ssh where its stderr says', async () => {
    const pages: string[] = []
    const run = bastion.run('web-1', 'touch /srv/data/flag', {
      key,
      onStderr: [
        'If it cannot wait: break the glass at ',
        () =>
          void own('touch /srv/data/flag').then(async (id) => {
            pages.push(id)
            expect((await breakGlass(id, 'still burning')).status).toBe(201)
          }),
      ],
    })
    const { status, stderr } = await run
    expect(stderr).toContain(`${bastion.web}/holds/${pages[0]}`)
    expect([status, stderr.includes('! you broke the glass')]).toEqual([0, true])
  })

  it('leaves reviews that somebody else closes, from a terminal too, and alice never', async () => {
    const sallyport = async (who: string, ...args: string[]) => {
      const token = await bearerTokenFor(bastion.demo.config.identity.issuer, who)
      return runProgram(process.execPath, [MAIN, ...args, '--url', bastion.web], {
        env: { SALLYPORT_TOKEN: token },
      })
    }
    const { debts } = await bob.json<{ debts: readonly { hold: string; reason: string }[] }>('debts')
    expect(debts.map(({ reason }) => reason)).toEqual(['still burning', 'the disk is full'])
    const [last, first] = [debts[0]!, debts[1]!]
    const listed = await sallyport('bob', 'debts', 'list')
    expect(listed.stdout.toString()).toContain('still burning')
    const refused = await alice.api(`debts/${first.hold}/closing`, { method: 'POST', body: { word: 'it was me' } })
    expect([refused.status, await refused.text()]).toEqual([
      403,
      expect.stringContaining('You broke the glass yourself'),
    ])
    const closed = await sallyport('bob', 'debts', 'close', first.hold, '--word', 'it was full indeed')
    expect([closed.status, closed.stdout.toString()]).toEqual([0, `${first.hold}: closed.\n`])
    const carol = await bastion.person('carol')
    expect((await carol.api(`debts/${last.hold}/closing`, { method: 'POST', body: { word: 'seen' } })).status).toBe(201)
    expect((await bob.json<{ debts: readonly unknown[] }>('debts')).debts).toEqual([])
  })

  it('is nobody’s but hers to break', async () => {
    terminal.mark()
    terminal.type('rm -rf /srv/data/x\r')
    await terminal.shows('b break glass')
    const id = await own('rm -rf /srv/data/x')
    expect((await bob.api(`holds/${id}/glass`, { method: 'POST', body: { reason: 'for her' } })).status).toBe(403)
    terminal.type('\x03')
    await terminal.shows('withdrawn')
  })
})
