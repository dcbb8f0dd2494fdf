/**
 * A whole bastion for a test: the demo's composition (a real identity provider, real sshd targets, everything on
 * ephemeral loopback ports) in a folder that is removed afterwards, and people who use it.
 */
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { AuditType, StoredAuditEvent } from '../../src/core/audit.ts'
import { type Demo, type DemoOptions, startDemo } from '../../src/demo.ts'
import { openLog } from '../../src/log.ts'
import { type Browser, newBrowser } from './idp-browser.ts'
import { openTerminal, type TestTerminal } from './terminal.ts'

export interface TestBastion {
  readonly demo: Demo
  readonly folder: string
  readonly web: string
  /** Arguments of an ssh that trusts this bastion and nothing else on the machine. */
  sshArgs(destination: string, ...more: readonly string[]): readonly string[]
  /** An interactive ssh on a pseudo-terminal. */
  ssh(destination: string, ...more: readonly string[]): TestTerminal
  /** An ssh without a terminal, to its end. */
  run(destination: string, command: string, options?: RunOptions): Promise<RunResult>
  /** A browser in which `name` is signed in. */
  person(name: string): Promise<Person>
  /** Signs `person` in from the terminal that shows an invitation; afterwards the key is bound. */
  signIn(terminal: TestTerminal, person: Person): Promise<void>
  /** Makes a key pair; returns its private file. */
  newKey(name: string): string
  /** Opens an ssh with a new key, signs `name` in and ends it, so that the key goes straight in. Returns the key file. */
  boundKey(name: string): Promise<string>
  audit(...types: AuditType[]): Promise<readonly StoredAuditEvent[]>
  log(): string
  close(): Promise<void>
}

export interface RunOptions {
  readonly key?: string
  readonly input?: Uint8Array
  readonly args?: readonly string[]
  /** Called as soon as stderr holds this text. */
  readonly onStderr?: readonly [string, () => void]
}

export interface RunResult {
  readonly status: number | null
  readonly stdout: Buffer
  readonly stderr: string
}

export interface Person {
  readonly name: string
  readonly browser: Browser
  /** Calls the API as this person's browser would. */
  api(path: string, request?: { readonly method?: string; readonly body?: unknown }): Promise<Response>
  json<T>(path: string): Promise<T>
  /** Resolves to the id of the oldest hold this person may decide that contains `text`. */
  hold(text: string): Promise<string>
  decide(hold: string, decision: 'approve' | 'reject', reason?: string): Promise<Response>
}

export const DEFAULT_POLICY = resolve(import.meta.dirname, '../../policies/default.yaml')

export async function startTestBastion(options: Partial<DemoOptions> = {}): Promise<TestBastion> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'sallyport-test-'))
  const logFile = join(folder, 'bastion.log')
  const demo = await startDemo({
    policyFile: DEFAULT_POLICY,
    ports: { ssh: 0, web: 0, idp: 0 },
    log: openLog({ level: 'debug', file: logFile }),
    ...options,
    folder,
  })
  const web = demo.config.web.url!.origin
  const isOurs = options.folder === undefined
  const knownHosts = join(folder, 'known_hosts')
  writeFileSync(knownHosts, `[127.0.0.1]:${demo.bastion.sshPort} ${demo.bastion.hostKey.publicKey}\n`)

  const sshArgs = (destination: string, ...more: readonly string[]) => [
    '-F',
    'none',
    '-p',
    String(demo.bastion.sshPort),
    '-o',
    'StrictHostKeyChecking=yes',
    '-o',
    `UserKnownHostsFile=${knownHosts}`,
    // ssh takes the first value it is given of each option.
    ...more,
    '-o',
    'IdentitiesOnly=yes',
    '-o',
    'IdentityAgent=none',
    ...(more.includes('-i') ? [] : ['-o', 'IdentityFile=none']),
    `${destination}@127.0.0.1`,
  ]

  const newKey = (name: string): string => {
    const file = join(folder, `key-${name}-${crypto.randomUUID()}`)
    spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', file])
    return file
  }

  const person = async (name: string): Promise<Person> => {
    const browser = newBrowser()
    await browser.signIn(`${web}/auth/start?return=/`, name)
    const api: Person['api'] = (path, request = {}) =>
      fetch(`${web}/api/v1/${path}`, {
        method: request.method ?? 'GET',
        headers: {
          cookie: browser.cookiesFor(web),
          origin: web,
          ...(request.body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(request.body !== undefined && { body: JSON.stringify(request.body) }),
      })
    const json = async <T>(path: string): Promise<T> => {
      const response = await api(path)
      if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`)
      return (await response.json()) as T
    }
    return {
      name,
      browser,
      api,
      json,
      async hold(text) {
        const { holds } = await json<{ holds: readonly { id: string; text: string }[] }>('holds?state=pending')
        const found = holds.findLast((hold) => hold.text.includes(text))
        if (found === undefined) throw new Error(`nothing that contains ${text} waits: ${JSON.stringify(holds)}`)
        return found.id
      },
      decide: (hold, decision, reason = '') =>
        api(`holds/${hold}/decisions`, { method: 'POST', body: { decision, reason } }),
    }
  }

  const signIn = async (terminal: TestTerminal, who: Person): Promise<void> => {
    await terminal.shows('this terminal then goes on by itself')
    const { code, words } = invitationIn(terminal.text())
    await consent(who, code, words)
  }

  const bastion: TestBastion = {
    demo,
    folder,
    web,
    sshArgs,
    ssh: (destination, ...more) => openTerminal('ssh', sshArgs(destination, ...more)),
    run(destination, command, { key, args = [], ...options } = {}) {
      return runProgram('ssh', [...sshArgs(destination, ...(key ? ['-i', key] : []), ...args), command], options)
    },
    person,
    signIn,
    newKey,
    async boundKey(name) {
      const key = newKey(name)
      const terminal = bastion.ssh('web-1', '-i', key)
      await signIn(terminal, await person(name))
      await terminal.shows('$ ')
      terminal.type('exit\r')
      await terminal.exited
      return key
    },
    audit: (...types) => demo.bastion.store.audit.list({ ...(types.length > 0 && { types }), limit: 1000 }),
    log: () => readFileSync(logFile, 'utf8'),
    async close() {
      await demo.stop('the test is over')
      if (isOurs) rmSync(folder, { recursive: true, force: true })
    },
  }
  return bastion
}

export function invitationIn(screen: string): { readonly code: string; readonly words: string; readonly link: string } {
  const field = (name: string) => new RegExp(`^\\s*${name}\\s+(\\S.*)$`, 'm').exec(screen)?.[1]?.trim() ?? ''
  return { code: field('Code'), words: field('Words'), link: field('Open') }
}

interface LoginView {
  readonly waitsFor: string
  readonly verificationUrl: string
}

/** What a person does in the browser: confirms the code at the provider, waits for our page, picks the words. */
export async function consent(
  who: Person,
  code: string,
  words: string,
): Promise<{ readonly response: Response; readonly clickedAtMs: number }> {
  const view = await who.json<LoginView>(`logins/${code}`)
  if (view.waitsFor === 'identity') await who.browser.confirmDevice(view.verificationUrl, who.name)
  await until(async () => (await who.json<LoginView>(`logins/${code}`)).waitsFor !== 'identity')
  const clickedAtMs = performance.now()
  return { clickedAtMs, response: await who.api(`logins/${code}/consent`, { method: 'POST', body: { words } }) }
}

/** Asks again every 50 ms, as a page that polls does, until the answer is yes. */
export async function until(isTrue: () => Promise<boolean> | boolean, limitMs = 15_000): Promise<void> {
  const deadline = Date.now() + limitMs
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new Error(`it did not come true within ${limitMs} ms`)
    await new Promise((done) => setTimeout(done, 50))
  }
}

/** Runs a program to its end beside the bastion, which lives in this process: nothing here may block. */
export async function runProgram(
  file: string,
  args: readonly string[],
  {
    input,
    onStderr,
    env = {},
  }: Pick<RunOptions, 'input' | 'onStderr'> & { readonly env?: Readonly<Record<string, string>> } = {},
): Promise<RunResult> {
  const child = spawn(file, [...args], { env: { ...process.env, ...env } })
  const stdout: Buffer[] = []
  let stderr = ''
  child.stdout.on('data', (bytes: Buffer) => stdout.push(bytes))
  child.stderr.on('data', (bytes: Buffer) => {
    const before = stderr
    stderr += bytes.toString()
    if (onStderr && !before.includes(onStderr[0]) && stderr.includes(onStderr[0])) onStderr[1]()
  })
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  const status = await new Promise<number | null>((done) => child.once('close', done))
  return { status, stdout: Buffer.concat(stdout), stderr }
}
