/** The login shells under test on a target of our own, and accounts that have them. */
import type { Shell } from './trick.ts'

/** Debian has no busybox under the name `ash`; a login shell is told its applet by its name. */
const ASH = '/run/sallyport/ash'
export const FISH = '/usr/bin/fish'
const PATHS: Readonly<Record<Shell, string>> = {
  bash: '/bin/bash',
  zsh: '/usr/bin/zsh',
  fish: FISH,
  dash: '/bin/dash',
  busybox: ASH,
}
export const CANARY_ROOT = '/srv/canary'
/** For a target's set-up script. */
export const SETUP: readonly string[] = [
  `ln -sf "$(command -v busybox)" ${ASH}`,
  `mkdir -p ${CANARY_ROOT}`,
  `chmod 1777 ${CANARY_ROOT}`,
  // Accounts that may become root, whose home is not the machine's.
  'cp /etc/sudoers /run/sallyport/sudoers',
  "echo 'ALL ALL=(ALL:ALL) NOPASSWD: ALL' >> /run/sallyport/sudoers",
  'mount --bind /run/sallyport/sudoers /etc/sudoers',
  'mount -t tmpfs -o mode=700 none /root',
  'cp /etc/skel/.bashrc /etc/skel/.profile /root',
]

export interface Account {
  readonly name: string
  readonly shell: string
}

export function loginsFor(shell: Shell, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${shell}${index + 1}`)
}

export function accountsFor(shells: readonly Shell[], count: number): readonly Account[] {
  return shells.flatMap((shell) => loginsFor(shell, count).map((name) => ({ name, shell: PATHS[shell] })))
}
