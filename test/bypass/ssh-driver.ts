/**
 * Anything that stock ssh reaches: another bastion, or a plain sshd. What it says of a trick is what its canary says.
 * The accounts must be throwaway ones: their homes are emptied before each trick.
 */
import { openTerminal } from '../support/terminal.ts'
import { type Driver, LOCALE } from './driver.ts'
import { Hand } from './hand.ts'
import type { Shell } from './trick.ts'

export interface SshPlace {
  readonly host: string
  readonly port: number
  /** Each an account for one trick at a time, with the login shell `shell`. */
  readonly users: Readonly<Partial<Record<Shell, readonly string[]>>>
  readonly identity?: string | undefined
  /** Further options of ssh, as `Name=value`. */
  readonly options?: readonly string[]
  /** Where canaries may be made on the target. */
  readonly canaryRoot: string
  /**
   * A command of this machine's that gives a POSIX shell on the target without going through the bastion, as the account
   * `$USER_NAME`; without it, ssh to the host itself is that way.
   */
  readonly checkCommand?: string | undefined
}

export function sshDriver(place: SshPlace): Driver {
  const options = [
    ...['-F', 'none', '-o', `Port=${place.port}`, '-o', 'LogLevel=ERROR', ...LOCALE],
    ...(place.options ?? []).flatMap((option) => ['-o', option]),
    ...(place.identity === undefined ? [] : ['-i', place.identity, '-o', 'IdentitiesOnly=yes']),
    ...['-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null'],
  ]
  const hands: Hand[] = []
  const handFor = (user: string, destination: string) => {
    const hand =
      place.checkCommand === undefined
        ? new Hand('ssh', [...options, destination, 'exec sh'])
        : new Hand('env', [`USER_NAME=${user}`, 'sh', '-c', place.checkCommand])
    hands.push(hand)
    return hand
  }
  return {
    name: `ssh ${place.host}`,
    shells: Object.keys(place.users) as Shell[],
    gradeOf: () => undefined,
    async seats(shell) {
      return (place.users[shell] ?? []).map((user) => {
        const destination = `${user}@${place.host}`
        return {
          shell,
          login: user,
          canaryFolder: `${place.canaryRoot}/${user}`,
          hand: handFor(user, destination),
          options,
          destination,
          open: (...more) => openTerminal('ssh', [...options, ...more, destination], { answers: true }),
          mark: async () => {},
          verdicts: async () => undefined,
        }
      })
    },
    async close() {
      await Promise.all(hands.map((hand) => hand.close()))
    },
  }
}
