/**
 * Our own bastion: the demo's composition with real sshd targets on loopback, under the default policy, and nobody who
 * approves anything but shells that get a gate of their own. Its audit log says what became of each text.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Effect } from '../../src/core/action.ts'
import type { AuditType, StoredAuditEvent } from '../../src/core/audit.ts'
import { startTestBastion, type TestBastion } from '../support/bastion.ts'
import { openTerminal } from '../support/terminal.ts'
import { approveGatedShells } from './approver.ts'
import type { OtherDebian } from './debian.ts'
import { type Driver, LOCALE, type Seat, type Verdict } from './driver.ts'
import { Hand } from './hand.ts'
import { accountsFor, CANARY_ROOT, loginsFor, SETUP } from './shells.ts'
import type { Shell } from './trick.ts'

const INFERRED = 'inferred'
/**
 * Where the shell reports what it runs, tricks are played in staging: writing is free there, so that a trick may prepare
 * what it likes. Where lines are read off a screen it is production, in which the default policy holds such lines.
 */
const TARGETS = { stepped: 'web-2', inferred: 'web-1' } as const

const KINDS: Partial<Record<AuditType, Verdict['kind']>> = {
  'command.allowed': 'allowed',
  'command.held': 'held',
  'command.denied': 'denied',
  'channel.refused': 'denied',
  'gate.failed': 'broken',
}

export async function startBastionDriver(options: {
  readonly shells: readonly Shell[]
  readonly jobs: number
  readonly debian?: OtherDebian | undefined
}): Promise<Driver> {
  const keys = mkdtempSync(join(tmpdir(), 'sallyport-bypass-'))
  const direct = join(keys, 'direct')
  spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'direct', '-f', direct])
  const bastion = await startTestBastion({
    moreLogins: accountsFor(options.shells, options.jobs),
    targetSetup: [...SETUP, ...(options.debian?.setup ?? [])],
    ...(options.debian && { sshdConfig: options.debian.sshdConfig }),
    moreKeys: [readFileSync(`${direct}.pub`, 'utf8').trim()],
  })
  const hands: Hand[] = []
  const approver = await approveGatedShells(await bastion.person('bob'))
  const close = async () => {
    await approver.close()
    await Promise.all(hands.map((hand) => hand.close()))
    await bastion.close()
    rmSync(keys, { recursive: true, force: true })
  }
  try {
    const key = await bastion.boundKey('alice')
    const grades = new Map<Shell, string>()
    for (const shell of options.shells) grades.set(shell, await gradeOf(bastion, key, loginsFor(shell, 1)[0]!))
    return {
      name: 'sallyport',
      shells: options.shells,
      gradeOf: (shell) => grades.get(shell),
      async seats(shell) {
        const target = grades.get(shell) === INFERRED ? TARGETS.inferred : TARGETS.stepped
        return loginsFor(shell, options.jobs).map((login) => {
          const hand = new Hand('ssh', [
            ...directOptions(bastion.demo.targets[target]!.port, direct),
            `${login}@127.0.0.1`,
            'exec sh',
          ])
          hands.push(hand)
          return seat(bastion, { shell, login, target, key, hand })
        })
      },
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** Options of an ssh that goes to a target beside the bastion. */
export function directOptions(port: number, key: string): readonly string[] {
  return [
    ...['-F', 'none', '-p', String(port), '-i', key],
    ...['-o', 'IdentitiesOnly=yes', '-o', 'IdentityAgent=none', '-o', 'LogLevel=ERROR'],
    ...['-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null'],
  ]
}

function seat(
  bastion: TestBastion,
  at: {
    readonly shell: Shell
    readonly login: string
    readonly target: string
    readonly key: string
    readonly hand: Hand
  },
): Seat {
  const args = bastion.sshArgs(`${at.login}+${at.target}`, '-i', at.key, '-o', 'LogLevel=ERROR', ...LOCALE)
  // As `-o` everywhere, because scp has another letter for the port than ssh.
  const options = ['-o', `Port=${bastion.demo.bastion.sshPort}`, ...without(args.slice(0, -1), '-p')]
  let since = 0
  return {
    shell: at.shell,
    login: at.login,
    canaryFolder: `${CANARY_ROOT}/${at.login}`,
    hand: at.hand,
    options,
    destination: args.at(-1)!,
    open: (...more) => openTerminal('ssh', [...args.slice(0, -1), ...more, args.at(-1)!], { answers: true }),
    async mark() {
      since = (await bastion.demo.bastion.store.audit.list({ limit: 1 }))[0]?.seq ?? 0
    },
    verdicts: () => verdicts(bastion, at, since),
  }
}

function without(args: readonly string[], option: string): readonly string[] {
  const at = args.indexOf(option)
  return [...args.slice(0, at), ...args.slice(at + 2)]
}

/** What the audit log says about the sessions that this account opened after `since`. */
async function verdicts(
  bastion: TestBastion,
  { login, target }: { readonly login: string; readonly target: string },
  since: number,
): Promise<readonly Verdict[]> {
  const { audit } = bastion.demo.bastion.store
  const opened = await audit.list({ types: ['session.opened', 'session.refused'], limit: 1000 })
  const sessions = opened.filter((event) => event.seq > since && event.detail.login === login)
  // A refused channel belongs to no session, but to whom the connection is for.
  const refused = await audit.list({ types: ['channel.refused'], limit: 1000 })
  const found: StoredAuditEvent[] = refused.filter(
    (event) => event.seq > since && event.detail.userName === `${login}+${target}`,
  )
  for (const { session } of sessions) {
    if (session !== undefined) found.push(...(await audit.list({ session, limit: 10_000 })))
  }
  return found
    .toSorted((left, right) => left.seq - right.seq)
    .flatMap((event) => {
      const kind = KINDS[event.type]
      const { text, why, what, effects = [] } = event.detail
      if (kind === undefined) return []
      return [{ kind, text: String(text ?? why ?? what ?? ''), effects: effects as readonly Effect[] }]
    })
    .filter(({ text }) => text !== 'login shell')
}

/** Opens a shell and asks the audit log which gate it got. */
async function gradeOf(bastion: TestBastion, key: string, login: string): Promise<string> {
  const terminal = bastion.ssh(`${login}+${TARGETS.stepped}`, '-i', key)
  const isReleased = async () => {
    const opened = await bastion.audit('session.opened')
    const session = opened.find((event) => event.detail.login === login)?.session
    const released = await bastion.audit('command.released')
    return released.find((event) => event.session === session)?.detail.gate
  }
  try {
    await terminal.shows(/[$#>%] $/)
    const gate = await isReleased()
    if (typeof gate !== 'string') throw new Error(`The audit log does not say how ${login} is gated.`)
    return gate
  } finally {
    terminal.kill('SIGHUP')
    await terminal.exited
  }
}
