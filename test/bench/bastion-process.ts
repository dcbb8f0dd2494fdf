/**
 * A bastion with its targets in a process of its own, so that whoever measures neither shares its event loop nor is in
 * its memory. The parent gets where everything is, and asks for what the process uses.
 */
import { type ChildProcess, fork, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AuditType } from '../../src/core/audit.ts'
import { startTestBastion, type TestBastion, until } from '../support/bastion.ts'

/** Of the process after a collection, in bytes. */
export interface Use {
  readonly rss: number
  readonly heap: number
  /** Buffers: what ssh2 and sockets hold. */
  readonly external: number
}

export interface BastionProcess {
  readonly folder: string
  readonly web: string
  readonly sshPort: number
  /** A bound key of alice's. */
  readonly keyFile: string
  /** A key that opens the targets beside the bastion. */
  readonly plainKeyFile: string
  /** `[host]:port type base64`, of the bastion and of every target. */
  readonly hostKeys: readonly string[]
  readonly targetPort: number
  readonly jumpPort: number
  /** The Cookie header of bob's browser, a reviewer's. */
  readonly reviewerCookie: string
  /** What is used when so many sessions are open; waits until it is that many. */
  use(sessions: number): Promise<Use>
  stop(): Promise<void>
}

type Facts = Omit<BastionProcess, 'use' | 'stop'>
type Message =
  | { readonly kind: 'facts'; readonly facts: Facts }
  | { readonly kind: 'use'; readonly use: Use }
  | { readonly kind: 'failed'; readonly why: string }

export async function startBastionProcess(options: { readonly policyFile?: string } = {}): Promise<BastionProcess> {
  const child = fork(import.meta.filename, [options.policyFile ?? ''], { execArgv: ['--expose-gc'] })
  const first = await messageOf(child)
  if (first.kind !== 'facts') throw new Error(first.kind === 'failed' ? first.why : 'the bastion spoke out of turn')
  return {
    ...first.facts,
    async use(sessions) {
      child.send({ sessions })
      const answer = await messageOf(child)
      if (answer.kind !== 'use') throw new Error('the bastion spoke out of turn')
      return answer.use
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const exited = new Promise((resolve) => child.once('exit', resolve))
      child.send('stop')
      await exited
    },
  }
}

function messageOf(child: ChildProcess): Promise<Message> {
  const { promise, resolve, reject } = Promise.withResolvers<Message>()
  const onExit = (code: number | null) => reject(new Error(`the bastion ended with ${code}`))
  child.once('exit', onExit)
  child.once('message', (message) => {
    child.off('exit', onExit)
    resolve(message as Message)
  })
  return promise
}

/** Collected until a collection finds nothing more: what is left is held by something. */
function used(): Use {
  let heap = Number.POSITIVE_INFINITY
  for (let round = 0; round < 10; round++) {
    global.gc?.()
    const { heapUsed } = process.memoryUsage()
    if (heapUsed > heap * 0.999) break
    heap = heapUsed
  }
  const { rss, heapUsed, external } = process.memoryUsage()
  return { rss, heap: heapUsed, external }
}

async function openSessions(bastion: TestBastion): Promise<number> {
  const count = async (type: AuditType) => (await bastion.audit(type)).length
  return (await count('session.opened')) - (await count('session.closed'))
}

async function serve(policyFile: string): Promise<void> {
  const { promise: stopped, resolve: stop } = Promise.withResolvers<void>()
  process.on('disconnect', stop)
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-bench-'))
  const plainKeyFile = join(folder, 'plain-key')
  spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', plainKeyFile])
  const bastion = await startTestBastion({
    folder,
    moreKeys: [readFileSync(`${plainKeyFile}.pub`, 'utf8').trim()],
    moreLogins: [
      { name: 'zoe', shell: '/usr/bin/zsh' },
      { name: 'fia', shell: '/usr/bin/fish' },
    ],
    ...(policyFile !== '' && { policyFile }),
  })
  try {
    const keyFile = await bastion.boundKey('alice')
    const { demo } = bastion
    const hostKeys = Object.values(demo.targets).map((target) => `[127.0.0.1]:${target.port} ${target.hostKey}`)
    hostKeys.push(readFileSync(join(folder, 'known_hosts'), 'utf8').trim())
    const facts: Facts = {
      folder,
      web: bastion.web,
      sshPort: demo.bastion.sshPort,
      keyFile,
      plainKeyFile,
      hostKeys,
      targetPort: demo.targets['web-1']!.port,
      jumpPort: demo.targets['web-2']!.port,
      reviewerCookie: (await bastion.person('bob')).browser.cookiesFor(bastion.web),
    }
    process.on('message', (message) => {
      if (message === 'stop') return stop()
      const { sessions } = message as { readonly sessions: number }
      void until(async () => (await openSessions(bastion)) === sessions).then(() =>
        process.send?.({ kind: 'use', use: used() }),
      )
    })
    process.send?.({ kind: 'facts', facts })
    await stopped
  } finally {
    await bastion.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

if (import.meta.main) {
  await serve(process.argv[2] ?? '').catch((error) => {
    process.send?.({ kind: 'failed', why: String(error instanceof Error ? error.stack : error) })
  })
  process.disconnect?.()
}
