/**
 * How an approved change of the policy comes into force: the file is replaced, and read again as if somebody had edited
 * it on disk. The file stays the truth: where it is not what the proposal was made from, nothing is written. Beside it, in
 * `<file>.changes`, a line for each change says who wrote it and who approved it.
 */
import { createHash } from 'node:crypto'
import { appendFile, readFile, realpath, stat } from 'node:fs/promises'
import type { ChangeMaker } from './approval/proposals.ts'
import { BastionError } from './core/errors.ts'
import type { Change, Proposal, ProposalDecision } from './core/proposal.ts'
import type { LivePolicy } from './live-policy.ts'
import { parsePolicy } from './policy/policy.ts'
import { replaceFile } from './replace-file.ts'

export const CHANGED_ON_DISK =
  'The policy file was changed on disk since this was made, and the file is what counts; make the change anew from what it says now.'

export function digestOf(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex')
}

/** `file` where it really lies: a link to it stays one. */
export class PolicyChanges implements ChangeMaker {
  readonly #file: string
  readonly #policy: Pick<LivePolicy, 'current' | 'reload'>

  constructor(file: string, policy: Pick<LivePolicy, 'current' | 'reload'>) {
    this.#file = file
    this.#policy = policy
  }

  async read(): Promise<string> {
    return readFile(this.#file, 'utf8').catch((error: unknown) => {
      throw new BastionError('unavailable', 'The policy file cannot be read.', error)
    })
  }

  async staleness(change: Change): Promise<string | undefined> {
    if (change.kind !== 'policy') return 'This is no change of the policy.'
    return digestOf(await this.read()) === change.base ? undefined : CHANGED_ON_DISK
  }

  async make(proposal: Proposal & { readonly decision: ProposalDecision }): Promise<void> {
    const { change } = proposal
    if (change.kind !== 'policy') throw new BastionError('invalid', 'This is no change of the policy.')
    // It was made by what the bastion understood then; a newer version may refuse it.
    if (parsePolicy({ text: change.text, file: change.file }).kind === 'broken')
      throw new BastionError('invalid', 'The proposed policy has mistakes; make the change anew.')
    await this.#write(proposal, change)
    const isRead = await this.#policy.reload()
    if (isRead && this.#policy.current.digest === change.digest) return
    throw new BastionError(
      'unavailable',
      'The policy file was written, but is not in force: the bastion’s log says why. Mend it on disk.',
    )
  }

  async isMade({ change }: Proposal): Promise<boolean> {
    return change.kind === 'policy' && this.#policy.current.digest === change.digest
  }

  async #write(
    { id, by, reason, decision }: Proposal & { readonly decision: ProposalDecision },
    change: Extract<Change, { kind: 'policy' }>,
  ): Promise<void> {
    try {
      const file = await realpath(this.#file)
      const { mode } = await stat(file)
      const line = JSON.stringify({
        ...{ at: decision.at.toISOString(), proposal: id, before: change.base, digest: change.digest },
        author: { id: by.id, name: by.name, reason },
        approver: { id: decision.by.id, name: decision.by.name, reason: decision.reason },
      })
      await appendFile(`${file}.changes`, `${line}\n`, { mode: 0o644, flush: true })
      // As late as can be: what somebody saved in this very moment is not written over.
      const why = await this.staleness(change)
      if (why !== undefined) throw new BastionError('conflict', why)
      await replaceFile(file, change.text, { aside: `${file}.${id}.tmp`, mode: mode & 0o777 })
    } catch (error) {
      if (error instanceof BastionError) throw error
      throw new BastionError(
        'unavailable',
        'The policy file cannot be written; may the bastion write to its folder? It is as it was.',
        error,
      )
    }
  }
}
