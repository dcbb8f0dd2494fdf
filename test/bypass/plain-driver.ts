/**
 * A plain sshd of our own, with no bastion before it, as the ssh driver sees it. Here every trick must escape: one that
 * does not is no trick, and proves nothing where it is stopped.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startSshdTarget } from '../../src/demo/sshd-target.ts'
import type { OtherDebian } from './debian.ts'
import type { Driver } from './driver.ts'
import { accountsFor, CANARY_ROOT, loginsFor, SETUP } from './shells.ts'
import { sshDriver } from './ssh-driver.ts'
import type { Shell } from './trick.ts'

export async function startPlainDriver(options: {
  readonly shells: readonly Shell[]
  readonly jobs: number
  readonly debian?: OtherDebian | undefined
}): Promise<Driver> {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-plain-'))
  const identity = join(folder, 'key')
  spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'plain', '-f', identity])
  const target = await startSshdTarget({
    name: 'plain',
    folder: join(folder, 'target'),
    logins: accountsFor(options.shells, options.jobs),
    authorizedKey: readFileSync(`${identity}.pub`, 'utf8').trim(),
    setup: [...SETUP, ...(options.debian?.setup ?? [])],
    sshdConfig: options.debian?.sshdConfig ?? ['Subsystem sftp internal-sftp'],
  })
  const driver = sshDriver({
    host: '127.0.0.1',
    port: target.port,
    identity,
    users: Object.fromEntries(options.shells.map((shell) => [shell, loginsFor(shell, options.jobs)])),
    canaryRoot: CANARY_ROOT,
  })
  return {
    ...driver,
    name: 'plain sshd',
    async close() {
      await driver.close()
      await target.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
