/** Where tricks are played: our own bastion (bastion-driver.ts), or whatever stock ssh reaches (ssh-driver.ts). */
import type { Effect } from '../../src/core/action.ts'
import type { TestTerminal } from '../support/terminal.ts'
import type { Hand } from './hand.ts'
import type { Shell } from './trick.ts'

/** Options of ssh: the person's locale goes along, as with the ssh_config of most systems. */
export const LOCALE = ['-o', 'SendEnv=LANG'] as const

/** What the bastion says it did about a text. */
export interface Verdict {
  /** `broken`: the gate itself said no, or was given up. */
  readonly kind: 'allowed' | 'held' | 'denied' | 'broken'
  readonly text: string
  readonly effects: readonly Effect[]
}

/** An account on the target, for one trick at a time. */
export interface Seat {
  readonly shell: Shell
  readonly login: string
  /** Where the canaries of this account lie on the target. */
  readonly canaryFolder: string
  readonly hand: Hand
  /** Opens an interactive session; with `more` options of ssh. */
  open(...more: readonly string[]): TestTerminal
  /** Options of ssh and scp that lead to the same place without a question, and the destination for them. */
  readonly options: readonly string[]
  readonly destination: string
  /** Notes where the log stands, so that what comes from now on belongs to the next trick. */
  mark(): Promise<void>
  /** What has been said of this account's texts since the mark; undefined where nobody tells. */
  verdicts(): Promise<readonly Verdict[] | undefined>
}

export interface Driver {
  readonly name: string
  /** The shells that it has accounts with. */
  readonly shells: readonly Shell[]
  /** Seats with this shell, for that many tricks at once or fewer. */
  seats(shell: Shell): Promise<readonly Seat[]>
  /** How the bastion gates this shell, in its own word; undefined where nobody tells. */
  gradeOf(shell: Shell): string | undefined
  close(): Promise<void>
}
