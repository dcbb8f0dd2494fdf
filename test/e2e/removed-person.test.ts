/** What becomes of open sessions and browsers when the identity provider takes a group or a person away. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { DEMO_PEOPLE, type DemoPerson } from '../../src/demo/identity-provider.ts'
import { startTestBastion, type TestBastion, until } from '../support/bastion.ts'

let bastion: TestBastion
const people: DemoPerson[] = [...DEMO_PEOPLE]
const regroup = (userName: string, groups: readonly string[]) => {
  const at = people.findIndex((person) => person.userName === userName)
  people[at] = { ...people[at]!, groups }
}

beforeAll(async () => {
  bastion = await startTestBastion({ people, recheckMs: 300 })
})
afterAll(() => bastion?.close())

it('who loses the group that opened the target is told so, and out of it; the way back in is shut', async () => {
  const key = await bastion.boundKey('alice')
  const terminal = bastion.ssh('web-1', '-i', key)
  await terminal.shows('$ ')
  regroup('alice', ['visitors'])
  await terminal.shows('Your groups at the identity provider changed, and you may no longer be on this target')
  await terminal.exited
  const { status, stderr } = await bastion.run('web-1', 'true', { key })
  expect(status).toBe(77)
  expect(stderr).toContain('None of your groups (visitors) has a role here')
})

it('a reviewer who loses the role can no longer decide what waits', async () => {
  const key = await bastion.boundKey('dave')
  const bob = await bastion.person('bob')
  const running = bastion.run('web-1', 'rm -rf /srv/data/old', {
    key,
    onStderr: [
      'held',
      () => {
        regroup('bob', ['visitors'])
      },
    ],
  })
  await until(async () => (await bob.json<{ roles: string[] }>('me')).roles.length === 0)
  const erin = await bastion.person('erin')
  const hold = await erin.hold('rm -rf')
  expect((await bob.decide(hold, 'approve')).status).toBe(403)
  expect((await erin.decide(hold, 'reject', 'not now')).status).toBe(201)
  expect((await running).status).toBe(77)
  regroup('bob', ['sre'])
})

it('who is removed is signed out everywhere: the shell, the browser, and the bound key', async () => {
  const key = await bastion.boundKey('dave')
  const dave = await bastion.person('dave')
  const terminal = bastion.ssh('web-1', '-i', key)
  await terminal.shows('$ ')
  expect((await dave.api('me')).status).toBe(200)
  people.splice(
    people.findIndex((person) => person.userName === 'dave'),
    1,
  )
  await terminal.shows('The identity provider no longer vouches for you, so you are signed out')
  await terminal.exited
  await until(async () => (await dave.api('me')).status === 401)
  // The key is not let in: the browser is asked for.
  const again = bastion.ssh('web-1', '-i', key)
  await again.shows('Sign in to reach web-1')
  again.kill()
  expect(await bastion.audit('sign-in.ended')).not.toHaveLength(0)
})

it('fault 46: who signs out at the provider is out of its pages and shells within five seconds', async () => {
  const [bob, elsewhere] = [await bastion.person('bob'), await bastion.person('bob')]
  const terminal = bastion.ssh('web-2', '-i', bastion.newKey('bob'))
  await bastion.signIn(terminal, bob)
  await terminal.shows('$ ')
  expect((await bob.api('me')).status).toBe(200)
  const startedMs = performance.now()
  await bob.browser.signOut(bastion.demo.issuer)
  await terminal.shows('You were signed out at the identity provider')
  expect((await bob.api('me')).status).toBe(401)
  expect(performance.now() - startedMs).toBeLessThan(5_000)
  // Another session of the provider's is another sign-in.
  expect((await elsewhere.api('me')).status).toBe(200)
})
