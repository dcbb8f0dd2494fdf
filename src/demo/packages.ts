/** Debian packages that the demo and the tests want, installed by them when they run as root and a command is missing. */
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, rmSync, writeFileSync } from 'node:fs'

/** Debian's invoke-rc.d asks this before it starts a service; 101 means no (policy-rc.d(8)). */
const POLICY_FILE = '/usr/sbin/policy-rc.d'

export interface Wanted {
  readonly command: string
  readonly package: string
}

/** Returns those whose command is in none of the usual folders. */
export function missing(wanted: readonly Wanted[]): readonly Wanted[] {
  const folders = new Set([...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/usr/bin', '/sbin', '/bin'])
  return wanted.filter(({ command }) => ![...folders].some((folder) => isExecutable(`${folder}/${command}`)))
}

/** Installs what is missing; returns what still is. No service is started: an sshd of the machine's own is nobody's wish. */
export function install(wanted: readonly Wanted[], say: (sentence: string) => void): readonly Wanted[] {
  const lacking = missing(wanted)
  if (lacking.length === 0 || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return lacking
  const names = [...new Set(lacking.map((entry) => entry.package))]
  say(`Installing from Debian: ${names.join(', ')} …`)
  const isOurs = !existsSync(POLICY_FILE)
  if (isOurs) writeFileSync(POLICY_FILE, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    const options = { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } } as const
    const apt = (...args: string[]) =>
      spawnSync('apt-get', ['-o', 'DPkg::Lock::Timeout=120', ...args], options).status === 0
    const get = () => apt('install', '-y', '--no-install-recommends', ...names)
    if (!get()) {
      apt('update')
      get()
    }
  } finally {
    if (isOurs) rmSync(POLICY_FILE, { force: true })
  }
  return missing(wanted)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
