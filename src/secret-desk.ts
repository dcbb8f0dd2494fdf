/**
 * Secrets as administrators see them: their names, and what uses them; never what they are. A new one goes straight into the
 * vault. One that is there is replaced only when a second administrator approves, and not where that would shut out an
 * account which the old one opens.
 */
import type { ChangeMaker, Proposals } from './approval/proposals.ts'
import type { NotifyRoute } from './config.ts'
import type { Clock } from './core/clock.ts'
import { BastionError } from './core/errors.ts'
import type { AuditLog, Sealer, Vault } from './core/ports.ts'
import type { Principal } from './core/principal.ts'
import type { Change, Proposal, ProposalDecision } from './core/proposal.ts'
import { isOwnSecret } from './core/secret-names.ts'
import type { Target } from './core/target.ts'
import type { TargetDesk } from './target-desk.ts'
import { checkSecret } from './vault/file-vault.ts'
import type { SecretServices, ShownSecret } from './web/administration.ts'

export interface SecretParts {
  readonly vault: Vault
  readonly sealer: Sealer
  readonly targets: Pick<TargetDesk, 'tryAll'>
  readonly audit: AuditLog
  readonly clock: Clock
}

export interface SecretDeskParts extends SecretParts {
  readonly config: { readonly targets: readonly Target[]; readonly notify?: readonly NotifyRoute[] }
  readonly proposals: Proposals
}

const sealedName = (proposal: string) => `proposal:${proposal}`

export class SecretDesk implements SecretServices {
  readonly #parts: SecretDeskParts
  /** One at a time: of two that add the same name the second has to see the first. */
  #adding: Promise<unknown> = Promise.resolve()

  constructor(parts: SecretDeskParts) {
    this.#parts = parts
  }

  async list(): Promise<readonly ShownSecret[]> {
    const { targets, notify = [] } = this.#parts.config
    return (await this.#parts.vault.list()).map(({ name, updatedAt }) => ({
      ...{ name, updatedAt, isOwn: isOwnSecret(name) },
      usedBy: [
        ...targets.filter(({ credential }) => credential === name).map((target) => target.name),
        ...notify.filter(({ secret }) => secret === name).map((route) => `notify ${route.name}`),
      ],
    }))
  }

  add(by: Principal, name: string, secret: string): Promise<void> {
    const added = this.#adding.then(() => this.#add(by, name, secret))
    this.#adding = added.catch(() => {})
    return added
  }

  async proposeRotation(
    by: Principal,
    { name, secret, reason }: { readonly name: string; readonly secret: string; readonly reason: string },
  ): Promise<Proposal> {
    const { vault, sealer, targets, proposals } = this.#parts
    demandNotOwn(name)
    const before = (await vault.list()).find((each) => each.name === name)
    if (before === undefined) throw new BastionError('not-found', 'The vault has no secret of that name.')
    const bytes = bytesOf(secret)
    const trials = await targets.tryAll(name, bytes)
    if (trials.some(({ outcome }) => outcome === 'no-key'))
      throw new BastionError(
        'invalid',
        'This is no private key that can be used: it is another text, or has a passphrase.',
      )
    return proposals.propose({ kind: 'secret', name, base: before.updatedAt.toISOString(), trials }, by, {
      reason,
      sealed: (id) => sealer.seal(sealedName(id), bytes),
    })
  }

  async #add(by: Principal, name: string, secret: string): Promise<void> {
    const { vault } = this.#parts
    demandNotOwn(name)
    if ((await vault.list()).some((each) => each.name === name))
      throw new BastionError('conflict', 'There is a secret of that name; rotate it instead.')
    const bytes = bytesOf(secret)
    // Before it is recorded: what will not be put there has not changed anything.
    checkSecret(name, bytes)
    await recordChange(this.#parts, by, { name, change: 'added' })
    await vault.put(name, bytes)
  }
}

export class SecretChanges implements ChangeMaker {
  readonly #parts: SecretParts

  constructor(parts: SecretParts) {
    this.#parts = parts
  }

  async staleness(change: Change): Promise<string | undefined> {
    if (change.kind !== 'secret') return 'This is no change of a secret.'
    const now = (await this.#parts.vault.list()).find(({ name }) => name === change.name)
    return now?.updatedAt.toISOString() === change.base
      ? undefined
      : 'The secret was changed in the vault since this was made; rotate it anew.'
  }

  async make({ id, change, sealed, decision }: Proposal & { readonly decision: ProposalDecision }): Promise<void> {
    const { vault, sealer } = this.#parts
    if (change.kind !== 'secret' || sealed === undefined)
      throw new BastionError('invalid', 'This is no change of a secret.')
    const secret = sealer.open(sealedName(id), sealed)
    await this.#demandNobodyShutOut(change.name, secret)
    const why = await this.staleness(change)
    if (why !== undefined) throw new BastionError('conflict', why)
    await recordChange(this.#parts, decision.by, { name: change.name, change: 'rotated', proposal: id })
    await vault.put(change.name, secret)
  }

  async isMade({ id, change, sealed }: Proposal): Promise<boolean> {
    if (change.kind !== 'secret' || sealed === undefined) return false
    const { vault, sealer } = this.#parts
    return Buffer.from(sealer.open(sealedName(id), sealed)).equals(await vault.open(change.name))
  }

  /** Accounts that are not reached with either say nothing. */
  async #demandNobodyShutOut(name: string, secret: Uint8Array): Promise<void> {
    const { vault, targets } = this.#parts
    const refused = (await targets.tryAll(name, secret)).filter(({ outcome }) => outcome !== 'opened')
    if (refused.length === 0) return
    const opened = (await targets.tryAll(name, await vault.open(name))).filter(({ outcome }) => outcome === 'opened')
    const shutOut = refused.filter((trial) =>
      opened.some(({ target, login }) => target === trial.target && login === trial.login),
    )
    if (shutOut.length === 0) return
    const accounts = shutOut.map(({ target, login }) => `${login}@${target}`).join(', ')
    throw new BastionError(
      'conflict',
      `The old key opens ${accounts} and the new one does not, so the old one stays. Put the new public key there first.`,
    )
  }
}

function recordChange({ audit, clock }: SecretParts, by: Principal, detail: Record<string, unknown>): Promise<unknown> {
  return audit.append({
    ...{ type: 'vault.changed', at: clock.now(), actor: by.id, actorName: by.name },
    ...{ session: undefined, hold: undefined, detail },
  })
}

function demandNotOwn(name: string): void {
  if (isOwnSecret(name))
    throw new BastionError('invalid', 'Names that begin with “sallyport/” are the bastion’s own; choose another.')
}

/** A key that was pasted without its last line's end is read by nobody. */
function bytesOf(secret: string): Uint8Array {
  return Buffer.from(/-----END [A-Z ]+-----$/.test(secret) ? `${secret}\n` : secret)
}
