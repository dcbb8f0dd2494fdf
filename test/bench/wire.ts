/**
 * The system's ssh on a pseudo-terminal, timed from a key to the bytes that it brings; without a terminal emulator in
 * between, which would be measured too. Two ways lead to the same account of the same sshd: the bastion, and a plain sshd
 * as a jump host.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openPty } from '../../src/pty/pty.ts'
import type { BastionProcess } from './bastion-process.ts'

const LIMIT_MS = 20_000

/** Writes an ssh_config with the hosts `through`, `plain` and what leads there; returns its file. */
export function writeSshConfig(bastion: BastionProcess): string {
  const knownHosts = join(bastion.folder, 'bench_known_hosts')
  writeFileSync(knownHosts, `${bastion.hostKeys.join('\n')}\n`)
  const host = (name: string, port: number, user: string, keyFile: string, more: readonly string[] = []) =>
    [`Host ${name}`, 'HostName 127.0.0.1', `Port ${port}`, `User ${user}`, `IdentityFile ${keyFile}`, ...more].join(
      '\n  ',
    )
  const config = join(bastion.folder, 'bench_config')
  const { sshPort, keyFile, jumpPort, targetPort, plainKeyFile } = bastion
  const all = [
    `UserKnownHostsFile ${knownHosts}`,
    'StrictHostKeyChecking yes',
    'IdentitiesOnly yes',
    'IdentityAgent none',
    'GlobalKnownHostsFile /dev/null',
    'LogLevel ERROR',
  ]
  writeFileSync(
    config,
    [
      host('through', sshPort, 'web-1', keyFile),
      host('jump', jumpPort, 'deploy', plainKeyFile),
      host('plain', targetPort, 'deploy', plainKeyFile, ['ProxyJump jump']),
      ['Host *', ...all].join('\n  '),
      '',
    ].join('\n'),
  )
  return config
}

export class Wire {
  readonly #pty: ReturnType<typeof openPty>
  #seen = ''
  #check: () => void = () => {}
  readonly exited: Promise<void>

  constructor(args: readonly string[]) {
    const env = { PATH: process.env.PATH ?? '', HOME: '/nonexistent', LANG: 'C.UTF-8' }
    this.#pty = openPty({ file: 'ssh', args, cols: 100, rows: 30, term: 'xterm-256color', cwd: '/', env })
    this.#pty.onData((data: string | Uint8Array) => {
      this.#seen += typeof data === 'string' ? data : Buffer.from(data).toString('latin1')
      this.#check()
    })
    this.exited = new Promise((resolve) => this.#pty.onExit(() => resolve()))
  }

  /** Types and resolves to the milliseconds until `what` came, of what came since. */
  type(keys: string, what: RegExp): Promise<number> {
    this.#seen = ''
    const startedMs = performance.now()
    this.#pty.write(keys)
    return this.#until(what, startedMs)
  }

  /** Resolves when `what` has come. */
  shows(what: RegExp): Promise<number> {
    return this.#until(what, performance.now())
  }

  /** Leaves the shell, which stands at a prompt; resolves when ssh is gone. */
  leave(): Promise<void> {
    this.#pty.write('exit\r')
    return this.exited
  }

  kill(): Promise<void> {
    this.#pty.kill('SIGKILL')
    return this.exited
  }

  #until(what: RegExp, startedMs: number): Promise<number> {
    const { promise, resolve, reject } = Promise.withResolvers<number>()
    const timer = setTimeout(
      () => reject(new Error(`${what} did not come: ${JSON.stringify(this.#seen.slice(-1000))}`)),
      LIMIT_MS,
    )
    this.#check = () => {
      if (!what.test(this.#seen)) return
      const ms = performance.now() - startedMs
      clearTimeout(timer)
      this.#check = () => {}
      resolve(ms)
    }
    this.#check()
    return promise
  }
}
