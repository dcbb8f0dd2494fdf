/** `sallyport login`, `logout` and `whoami` as the real program, against a whole bastion and its identity provider. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { KeptToken } from '../../src/cli/token-file.ts'
import { runProgram, startTestBastion, type TestBastion } from '../support/bastion.ts'
import { bearerTokenFor, newBrowser } from '../support/idp-browser.ts'
import { MAIN } from './sallyport.ts'

let bastion: TestBastion
let state: string

beforeAll(async () => {
  bastion = await startTestBastion({ builtInTargets: true })
  state = mkdtempSync(join(tmpdir(), 'sallyport-state-'))
}, 60_000)
afterAll(async () => {
  rmSync(state, { recursive: true, force: true })
  await bastion?.close()
})
beforeEach(() => rmSync(join(state, 'sallyport'), { recursive: true, force: true }))

const surroundings = () => ({ XDG_STATE_HOME: state, SALLYPORT_URL: bastion.web, SALLYPORT_TOKEN: '' })
const run = async (words: readonly string[], env: Readonly<Record<string, string>> = {}) => {
  const result = await runProgram(process.execPath, [MAIN, ...words], { env: { ...surroundings(), ...env } })
  return { ...result, stdout: result.stdout.toString() }
}
const file = () => join(state, 'sallyport', `${encodeURIComponent(bastion.web)}.json`)
const kept = () => JSON.parse(readFileSync(file(), 'utf8')) as KeptToken
const change = (to: Partial<KeptToken>) => writeFileSync(file(), JSON.stringify({ ...kept(), ...to }))

/** Runs `login`, and does in a browser what it asks for. */
async function logIn(name: string, answer: 'confirm' | 'deny' = 'confirm') {
  const child = spawn(process.execPath, [MAIN, 'login'], { env: { ...process.env, ...surroundings() } })
  let stderr = ''
  let stdout = ''
  child.stdout.on('data', (bytes: Buffer) => {
    stdout += bytes
  })
  const asked = new Promise<string>((resolve) => {
    child.stderr.on('data', (bytes: Buffer) => {
      stderr += bytes
      const link = /Open {2}(\S+)[\s\S]*just now\./.exec(stderr)?.[1]
      if (link !== undefined) resolve(link)
    })
  })
  const closed = once(child, 'close')
  const link = await Promise.race([asked, closed.then(() => '')])
  if (link !== '') await (answer === 'confirm' ? newBrowser().confirmDevice(link, name) : newBrowser().denyDevice(link))
  const [status] = await closed
  return { status, stdout, stderr }
}

it('login keeps a token for its owner alone, and whoami says whose it is', async () => {
  const { status, stdout, stderr } = await logIn('bob')
  expect({ status, stdout }).toEqual({ status: 0, stdout: `You are signed in to ${bastion.web}.\n` })
  expect(stderr).toMatch(/Code {2}[A-Z]{4}-[A-Z]{4}\n/)
  expect(statSync(file()).mode & 0o777).toBe(0o600)
  expect(statSync(join(state, 'sallyport')).mode & 0o777).toBe(0o700)
  expect(readdirSync(join(state, 'sallyport'))).toHaveLength(1)
  expect((await run(['whoami'])).stdout).toBe(`bob (bob at ${bastion.demo.issuer}): sre\n`)
  expect((await run(['holds', 'list'])).stdout).toBe('Nothing waits.\n')

  const token = await bearerTokenFor(bastion.demo.issuer, 'alice')
  expect((await run(['whoami'], { SALLYPORT_TOKEN: token })).stdout, 'it goes before').toMatch(/^alice /)

  chmodSync(file(), 0o640)
  expect(await run(['whoami'])).toMatchObject({ status: 1, stderr: expect.stringContaining('is open to others') })
}, 60_000)

it('an expired token is asked for anew, once for two programs at a time, and kept', async () => {
  await logIn('bob')
  const before = kept()
  change({ expiresAt: new Date(0).toISOString() })
  const both = await Promise.all([run(['whoami']), run(['--json', 'whoami'])])
  expect(both.map(({ status, stderr }) => ({ status, stderr }))).toEqual([
    { status: 0, stderr: '' },
    { status: 0, stderr: '' },
  ])
  const after = kept()
  expect(after.accessToken).not.toBe(before.accessToken)
  expect(after.refreshToken).not.toBe(before.refreshToken)
  expect(Date.parse(after.expiresAt)).toBeGreaterThan(Date.now())
  expect(statSync(file()).mode & 0o777).toBe(0o600)
}, 60_000)

it('logout gives the token back to the provider and forgets it', async () => {
  await logIn('bob')
  const before = readFileSync(file(), 'utf8')
  const { stdout } = await run(['--json', 'logout'])
  expect(JSON.parse(stdout)).toEqual({ bastion: bastion.web, wasSignedIn: true, isRevoked: true })
  expect(existsSync(file())).toBe(false)
  expect(await run(['whoami'])).toMatchObject({
    status: 77,
    stderr: expect.stringContaining(`You are not signed in to ${bastion.web}. Run: sallyport login`),
  })
  // Whoever had copied the file has a refresh token that is no good any more.
  writeFileSync(file(), before, { mode: 0o600 })
  change({ expiresAt: new Date(0).toISOString() })
  expect(await run(['whoami'])).toMatchObject({ status: 77, stderr: expect.stringContaining('The sign-in to') })
}, 60_000)

it('keeps nothing where the person said no', async () => {
  expect(await logIn('bob', 'deny')).toMatchObject({ status: 77, stdout: '' })
  expect(existsSync(file())).toBe(false)
}, 60_000)

it('gives no bastion a token for another one, and none to an address without TLS', async () => {
  const server = createServer(async (_request, response) => {
    const answer = await fetch(`${bastion.web}/api/v1/sign-in`)
    response.setHeader('content-type', 'application/json').end(await answer.text())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const elsewhere = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  expect(await run(['login', '--url', elsewhere])).toMatchObject({
    status: 1,
    stderr: expect.stringContaining(`${elsewhere} asks for a token for ${bastion.web}`),
  })
  server.close()
  expect(await run(['login', '--url', 'http://192.0.2.1:8080'])).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('A token goes to an https:// address only'),
  })
  expect(existsSync(join(state, 'sallyport'))).toBe(false)
}, 60_000)
