/** What the web needs of the bastion to show and change the bastion itself: its policy, its targets, its secrets. */
import type { Proposals } from '../approval/proposals.ts'
import type { Principal } from '../core/principal.ts'
import type { Proposal, Trial } from '../core/proposal.ts'
import type { Target } from '../core/target.ts'
import type { StepUp } from '../core/verdict.ts'
import type { BacktestReport } from '../policy/backtest.ts'

export interface Administration {
  readonly proposals: Proposals
  readonly policies: PolicyServices
  readonly targets: TargetServices
  readonly secrets: SecretServices
}

export interface PolicyServices {
  /** Rejects with `unavailable` where the file cannot be read. */
  read(): Promise<ShownPolicy>
  /** JSON Schema, draft 7. */
  schema(): unknown
  check(text: string): Promise<CheckedPolicy>
  /** Rejects with `invalid` for a text that is no policy, `too-many` while another one runs. */
  backtest(text: string, days: number): Promise<Backtested>
  /** Rejects with `invalid`, `forbidden`, `conflict` (the file is not what `base` says) or `too-many`. */
  propose(
    by: Principal,
    change: { readonly text: string; readonly base: string; readonly reason: string },
  ): Promise<Proposal>
}

export interface ShownPolicy {
  readonly file: string
  /** What the file says, and its digest; `inForce` is another where what the file says was refused. */
  readonly text: string
  readonly digest: string
  readonly inForce: string
  /** Both of the policy in force. */
  readonly stepUp: StepUp | undefined
  readonly rules: readonly { readonly name: string; readonly line: number; readonly answer: string }[]
}

interface Remark {
  readonly line: number
  readonly message: string
}

export interface CheckedPolicy {
  /** Empty: it could be used. */
  readonly problems: readonly (Remark & { readonly column: number })[]
  /** What is probably not meant. */
  readonly findings: readonly Remark[]
  /** Undefined where there are problems, or no tests. */
  readonly tests: PolicyTests | undefined
}

export interface PolicyTests {
  readonly file: string
  readonly passed: number
  readonly failed: readonly {
    readonly line: number
    readonly who: string
    readonly on: string
    readonly run: string | null
    readonly rule: string
    readonly differences: readonly { readonly what: string; readonly expected: string; readonly actual: string }[]
  }[]
  /** Of the test file itself. */
  readonly problems: readonly Remark[]
}

export interface Backtested extends BacktestReport {
  readonly from: Date
  readonly to: Date
  readonly days: number
  readonly leftOut: Readonly<Record<string, number>>
}

export interface TargetServices {
  list(): Promise<readonly ShownTarget[]>
  /** Connects with the key in the vault. Rejects with `not-found` (no such target or account) or `too-many`. */
  test(by: Principal, name: string, login: string): Promise<Trial>
}

export interface ShownTarget {
  readonly target: Target
  /** `SHA256:…` of each pinned key. */
  readonly hostKeys: readonly string[]
  /** Where it stands in the configuration; undefined where that is not a file. */
  readonly place: { readonly file: string; readonly line: number } | undefined
  /** When the secret that opens it was put into the vault; undefined where it is not there. */
  readonly credentialAt: Date | undefined
}

export interface SecretServices {
  list(): Promise<readonly ShownSecret[]>
  /** Rejects with `conflict` where there is one of that name, `invalid` for a name or a text that will not do. */
  add(by: Principal, name: string, secret: string): Promise<void>
  /** Tries the new one, and proposes it. Rejects with `not-found`, and as `PolicyServices.propose` does. */
  proposeRotation(
    by: Principal,
    change: { readonly name: string; readonly secret: string; readonly reason: string },
  ): Promise<Proposal>
}

export interface ShownSecret {
  readonly name: string
  readonly updatedAt: Date
  /** Targets that it opens, and routes of notifications that it signs or opens. */
  readonly usedBy: readonly string[]
  readonly isOwn: boolean
}
