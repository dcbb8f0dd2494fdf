/**
 * Another Debian behind the sshd of a target, so that the corpus meets the shells of other years: 11 has bash 5.1,
 * zsh 5.8 and fish 3.1, `sid` the newest of each. Made once by debootstrap(8) and kept; needs root and Debian's packages.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, renameSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { install } from '../../src/demo/packages.ts'

export const DEBIANS = ['bullseye', 'trixie', 'sid'] as const
export type Debian = (typeof DEBIANS)[number]

/** What the corpus needs there: the shells, and perl or python to reach the gate's side channel. */
const PACKAGES = ['bash', 'zsh', 'fish', 'perl-base', 'procps', 'passwd']
/** A root-owned path whose every part only root may write, as sshd_config(5) wants it of ChrootDirectory. */
const INSIDE = '/run/sallyport/debian'

export interface OtherDebian {
  /** For a target's set-up script. */
  readonly setup: readonly string[]
  readonly sshdConfig: readonly string[]
}

/** Returns how to set a target up so that its accounts live in that Debian. Making it takes minutes, the first time. */
export function inDebian(suite: Debian): OtherDebian {
  const root = made(suite)
  return {
    setup: [
      `mkdir ${INSIDE}`,
      `mount --bind ${root} ${INSIDE}`,
      // The target's own accounts and places; its root stays as debootstrap made it.
      ...['/dev', '/proc', '/home', '/srv', '/tmp', '/etc/passwd', '/etc/group', '/etc/shadow'].map(
        (path) => `mount --rbind ${path} ${INSIDE}${path}`,
      ),
      `mount -t tmpfs -o mode=700 none ${INSIDE}/root`,
    ],
    sshdConfig: [`ChrootDirectory ${INSIDE}`, 'Subsystem sftp internal-sftp'],
  }
}

function made(suite: Debian): string {
  const root = resolve(import.meta.dirname, '../../.test/debian', suite)
  if (existsSync(root)) return root
  install([{ command: 'debootstrap', package: 'debootstrap' }], (sentence) => console.error(sentence))
  console.error(`Making a Debian ${suite} under .test/debian …`)
  const half = join(root, '..', `${suite}.half`)
  rmSync(half, { recursive: true, force: true })
  const run = spawnSync('debootstrap', ['--variant=minbase', `--include=${PACKAGES.join(',')}`, suite, half], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if (run.status !== 0) throw new Error(`debootstrap could not make a Debian ${suite}; its log is in ${half}.`)
  renameSync(half, root)
  return root
}
