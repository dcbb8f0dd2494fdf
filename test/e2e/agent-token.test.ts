/** A program at the stock ssh: its access token in the password's place, and who may decide what it asks for. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runProgram, startTestBastion, type TestBastion, until } from '../support/bastion.ts'
import { agentToken, bearerTokenFor } from '../support/idp-browser.ts'

let bastion: TestBastion

beforeAll(async () => {
  bastion = await startTestBastion()
})
afterAll(() => bastion?.close())

/** ssh(1), SSH_ASKPASS: the program that is asked for the password. */
function withToken(token: string, command: string) {
  const askpass = join(bastion.folder, 'askpass')
  writeFileSync(askpass, '#!/bin/sh\nprintf "%s\\n" "$SALLYPORT_TOKEN"\n', { mode: 0o700 })
  const env = [`SALLYPORT_TOKEN=${token}`, `SSH_ASKPASS=${askpass}`, 'SSH_ASKPASS_REQUIRE=force']
  const options = ['-o', 'PreferredAuthentications=password', '-o', 'NumberOfPasswordPrompts=1']
  return runProgram('env', [...env, 'ssh', ...bastion.sshArgs('web-1', ...options), command])
}

it('a person’s token runs what the person may run, and leaves no key behind', async () => {
  const { stdout, stderr, status } = await withToken(await bearerTokenFor(bastion.demo.issuer, 'alice'), 'echo through')
  expect({ stdout: stdout.toString(), status, stderr }).toMatchObject({ stdout: 'through\n', status: 0 })
  expect(await bastion.audit('key.bound')).toEqual([])
})

it('a token that was changed lets nobody in', async () => {
  const token = await bearerTokenFor(bastion.demo.issuer, 'alice')
  const { stdout, status } = await withToken(`${token.slice(0, -6)}AAAAAA`, 'echo through')
  expect({ stdout: stdout.toString(), status }).toEqual({ stdout: '', status: 255 })
})

it('what an agent asks for is held, named after it, and decided by somebody who is not its owner', async () => {
  const running = withToken(await agentToken(bastion.demo.issuer), 'rm -rf /srv/data/old')
  const bob = await bastion.person('bob')
  await until(async () => (await bob.json<{ holds: unknown[] }>('holds?state=pending')).holds.length === 1)
  const [held] = await bastion.demo.bastion.store.holds.list({ state: 'pending', limit: 9 })
  expect(held?.action.principal).toMatchObject({ name: 'demo-agent', owner: `${bastion.demo.issuer}#alice` })
  expect((await bob.decide(await bob.hold('rm -rf'), 'approve')).status).toBe(201)
  expect((await running).status).toBe(0)
})
