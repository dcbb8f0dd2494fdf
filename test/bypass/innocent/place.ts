/**
 * Where innocent sessions are played: a bastion with its target under the default policy, and a twin of that target on a
 * plain sshd, which has the same name, accounts and folders. So two sessions go side by side and meet the same machine.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { StoredAuditEvent } from '../../../src/core/audit.ts'
import { startSshdTarget } from '../../../src/demo/sshd-target.ts'
import { type Person, startTestBastion, type TestBastion } from '../../support/bastion.ts'
import { openTerminal, type TestTerminal } from '../../support/terminal.ts'
import { clearAway } from '../account.ts'
import { directOptions } from '../bastion-driver.ts'
import { Hand } from '../hand.ts'
import { type Account, accountsFor, FISH, loginsFor, SETUP } from '../shells.ts'
import type { Shell } from '../trick.ts'
import { FISH_TWIN, FISH_TWIN_SETUP } from './fish-twin.ts'

/** Staging, where the policy asks about the fewest things. */
const TARGET = 'web-2'
/** As Debian's ssh_config has it: characters of several bytes need a locale that knows them. */
const LANGUAGE = ['-o', 'SendEnv=LANG']
/** Numbers of processes have five digits on both, so that a text with one in it is as long on both. */
const FIVE_DIGITS = 'echo 20000 > /proc/sys/kernel/ns_last_pid'

export interface Pair {
  readonly direct: TestTerminal
  readonly through: TestTerminal
}

/** An account that is there twice, for one session at a time. */
export interface Seat {
  readonly shell: Shell
  /** Makes both homes as new, and opens a terminal to each. */
  open(): Promise<Pair>
  /** What the log says about the session that was opened last. */
  events(): Promise<readonly StoredAuditEvent[]>
}

export interface Place {
  seats(shell: Shell): readonly Seat[]
  /** Approves what is rightly held. */
  readonly reviewer: Person
  close(): Promise<void>
}

export async function openPlace(shells: readonly Shell[], jobs: number): Promise<Place> {
  const stops: (() => Promise<unknown>)[] = []
  const close = async () => {
    for (const stop of stops.splice(0).reverse()) await stop()
  }
  try {
    const folder = mkdtempSync(join(tmpdir(), 'sallyport-innocent-'))
    stops.push(async () => rmSync(folder, { recursive: true, force: true }))
    const identity = join(folder, 'direct')
    spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'direct', '-f', identity])
    const authorizedKey = readFileSync(`${identity}.pub`, 'utf8').trim()
    const accounts = accountsFor(shells, jobs)
    const targetSetup = [...SETUP, FIVE_DIGITS]
    const bastion = await startTestBastion({ moreLogins: accounts, targetSetup, moreKeys: [authorizedKey] })
    stops.push(() => bastion.close())
    const twin = await startSshdTarget({
      name: TARGET,
      folder: join(folder, 'twin'),
      logins: [{ name: 'deploy', shell: '/bin/bash' }, ...accounts.map(onTwin)],
      authorizedKey,
      setup: [...targetSetup, FISH_TWIN_SETUP],
    })
    stops.push(() => twin.close())
    const key = await bastion.boundKey('alice')
    const toTwin = directOptions(twin.port, identity)
    const besideBastion = directOptions(bastion.demo.targets[TARGET]!.port, identity)
    const seat = (shell: Shell, login: string): Seat => {
      const hands = [toTwin, besideBastion].map(
        (options) => new Hand('ssh', [...options, `${login}@127.0.0.1`, 'exec sh']),
      )
      for (const hand of hands) stops.push(() => hand.close())
      const args = bastion.sshArgs(`${login}+${TARGET}`, '-i', key, '-o', 'LogLevel=ERROR', ...LANGUAGE)
      // The editor of busybox loses keys that it reads together with the terminal's answer (tried on 1.35), bastion or not.
      const terminal = { answers: shell !== 'busybox' }
      return {
        shell,
        async open() {
          await Promise.all(hands.map((hand) => clearAway({ shell, login, hand })))
          return {
            direct: openTerminal('ssh', [...toTwin, ...LANGUAGE, `${login}@127.0.0.1`], terminal),
            through: openTerminal('ssh', args, terminal),
          }
        },
        events: () => lastSession(bastion, login),
      }
    }
    return {
      seats: (shell) => loginsFor(shell, jobs).map((login) => seat(shell, login)),
      reviewer: await bastion.person('bob'),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

const onTwin = (account: Account): Account => (account.shell === FISH ? { ...account, shell: FISH_TWIN } : account)

async function lastSession(bastion: TestBastion, login: string): Promise<readonly StoredAuditEvent[]> {
  const { audit } = bastion.demo.bastion.store
  const opened = await audit.list({ types: ['session.opened'], limit: 1000 })
  const session = opened.find(({ detail }) => detail.login === login)?.session
  if (session === undefined) throw new Error(`The audit log has no session of ${login}.`)
  return audit.list({ session, limit: 10_000 })
}
