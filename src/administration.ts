/** Puts together what administrators see and change of the bastion itself. */
import { Proposals } from './approval/proposals.ts'
import type { Config } from './config.ts'
import type { Clock } from './core/clock.ts'
import type { Log, Sealer, Store, Vault } from './core/ports.ts'
import type { Principal } from './core/principal.ts'
import type { LivePolicy } from './live-policy.ts'
import { PolicyChanges } from './policy-changes.ts'
import { PolicyDesk } from './policy-desk.ts'
import type { Analyse } from './policy-surroundings.ts'
import { SecretChanges, SecretDesk } from './secret-desk.ts'
import { TargetDesk } from './target-desk.ts'
import type { Administration } from './web/administration.ts'

export interface AdministrationParts {
  readonly config: Pick<Config, 'file' | 'targets' | 'notify' | 'policyFile'>
  readonly policy: LivePolicy
  readonly vault: Vault
  readonly sealer: Sealer
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly analyse: Analyse
  readonly mayAdminister: (person: Principal) => boolean
}

export function administration(parts: AdministrationParts): Administration {
  const { config, policy, vault, store, clock, log, analyse, mayAdminister } = parts
  const targets = new TargetDesk({ ...config, vault, audit: store.audit, clock })
  const changes = new PolicyChanges(config.policyFile, policy)
  const secretParts = { ...parts, targets, audit: store.audit }
  const makers = { policy: changes, secret: new SecretChanges(secretParts) }
  const proposals = new Proposals({
    ...{ store, clock, log, mayAdminister, makers },
    stepUp: () => policy.current.changes.stepUp,
  })
  return {
    proposals,
    targets,
    policies: new PolicyDesk({
      ...{ file: config.policyFile, live: policy, changes, proposals, store, clock, analyse },
      targets: config.targets,
    }),
    secrets: new SecretDesk({ ...secretParts, proposals }),
  }
}
