/** What administrators see and change, for a test: a real policy file that is watched, a real vault, real proposals. */
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { administration } from '../../src/administration.ts'
import type { Clock } from '../../src/core/clock.ts'
import type { Log, Store, Vault } from '../../src/core/ports.ts'
import type { Principal } from '../../src/core/principal.ts'
import type { Target } from '../../src/core/target.ts'
import { LivePolicy } from '../../src/live-policy.ts'
import { createAnalyser } from '../../src/shell/analyse.ts'
import { defaultCatalogue } from '../../src/shell/catalogue/catalogue.ts'
import { openFileVault } from '../../src/vault/file-vault.ts'
import { readVaultKey, type VaultKey } from '../../src/vault/key.ts'
import { openSealer } from '../../src/vault/sealer.ts'
import type { Administration } from '../../src/web/administration.ts'

export const POLICY = `version: 1
roles:
  engineer: { groups: [engineering] }
  reviewer: { groups: [sre] }
  admin: { groups: [admins] }
permissions:
  administration: [admin]
rules:
  - name: look around
    who: [engineer]
    when: { effects: { only: [read] } }
    then: allow
  - name: ask before change
    who: [engineer]
    then:
      hold: { reviewers: [reviewer] }
`
const TESTS = `people:
  alice: { groups: [engineering] }
targets:
  web-1: { labels: { env: prod } }
tests:
  - { who: alice, on: web-1, run: ls, expect: allow }
  - { who: alice, on: web-1, run: rm -rf /srv/x, expect: hold }
`

export interface TestAdministration {
  readonly services: Administration
  readonly vault: Vault
  readonly vaultKey: VaultKey
  readonly policy: LivePolicy
  readonly policyFile: string
  close(): void
}

export interface TestAdministrationOptions {
  readonly folder: string
  readonly targets: readonly Target[]
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly mayAdminister: (person: Principal) => boolean
}

export async function testAdministration(options: TestAdministrationOptions): Promise<TestAdministration> {
  const { folder, targets, store, clock, log, mayAdminister } = options
  const policyFile = join(folder, 'policy.yaml')
  writeFileSync(policyFile, POLICY)
  writeFileSync(join(folder, 'policy.test.yaml'), TESTS)
  const key = await readVaultKey({ env: randomBytes(32).toString('base64'), file: '' })
  const vault = await openFileVault({ file: join(folder, 'vault.json'), key, clock })
  const parts = { file: policyFile, name: 'policy.yaml', clock, log, audit: store.audit }
  const policy = await LivePolicy.open({ ...parts, onChange: () => void services.proposals.changed() })
  const services = administration({
    config: { file: '(test)', policyFile, targets },
    ...{ policy, vault, sealer: openSealer(key, clock), store, clock, log, mayAdminister },
    analyse: createAnalyser(defaultCatalogue()),
  })
  return {
    ...{ services, vault, vaultKey: key, policy, policyFile },
    close() {
      services.proposals.stop()
      policy.close()
    },
  }
}
