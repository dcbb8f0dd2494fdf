/** People, actions and verdicts for the tests of the desks. */
import type { Outcome, Waiting } from '../../src/approval/desk.ts'
import { Desk } from '../../src/approval/desk.ts'
import type { Action } from '../../src/core/action.ts'
import type { Hold } from '../../src/core/hold.ts'
import { newActionId, newHoldId, newSessionId, principalId } from '../../src/core/ids.ts'
import type { Store } from '../../src/core/ports.ts'
import type { Principal } from '../../src/core/principal.ts'
import type { GrantLimit, Quorum, Verdict } from '../../src/core/verdict.ts'
import type { ManualClock } from '../support/manual-clock.ts'
import { type KeptLog, keptLog } from '../support/store.ts'

export const ISSUER = 'https://id.example'
/** Of the policy that the tests speak of. */
export const POLICY_DIGEST = 'd1'
/** What the rule of the tests lets be granted, where it lets anything. */
export const LIMIT: GrantLimit = { longestMs: 3_600_000, scope: 'person', policy: POLICY_DIGEST }
export const RULE = { name: 'risky', file: 'policy.yaml', line: 7 }

export function person(subject: string, over: Partial<Principal> = {}): Principal {
  const issuer = over.issuer ?? ISSUER
  return {
    id: principalId(issuer, subject),
    issuer,
    subject,
    name: subject,
    email: `${subject}@example.org`,
    groups: ['sre'],
    ...over,
  }
}

export const alice = person('alice', { groups: ['engineering'] })
export const bob = person('bob')
export const erin = person('erin')

/** A person's groups are the roles. */
export const groupsAreRoles = (who: Principal): readonly string[] => who.groups

export function action(over: Partial<Action> = {}): Action {
  return {
    id: newActionId(),
    kind: 'exec',
    text: 'rm -rf /srv/old',
    assurance: 'exact',
    commands: [],
    effects: ['destroy'],
    objects: [],
    principal: alice,
    target: {
      name: 'web-1',
      protocol: 'ssh',
      host: '127.0.0.1',
      port: 22,
      login: 'deploy',
      logins: ['deploy'],
      labels: {},
      hostKeys: [],
      credential: 'web-1',
    },
    login: 'deploy',
    session: newSessionId(),
    interactive: false,
    address: '192.0.2.1',
    ...over,
  }
}

export function hold(quorum: Partial<Quorum> = {}): Extract<Verdict, { kind: 'hold' }> {
  return {
    kind: 'hold',
    because: RULE,
    message: undefined,
    quorum: {
      reviewers: ['sre'],
      count: 1,
      distinctRoles: false,
      expiresAfterMs: 900_000,
      reasonRequired: false,
      ...quorum,
    },
  }
}

/** A hold as it is kept, that nobody has said anything on. */
export function kept(at: Date, part: Pick<Hold, 'action' | 'state'>): Hold {
  const { because, quorum, message } = hold()
  return {
    id: newHoldId(),
    because,
    quorum,
    message,
    createdAt: at,
    expiresAt: at,
    screen: [],
    decisions: [],
    explanations: [],
    ...part,
  }
}

export interface DeskUnderTest {
  readonly desk: Desk
  readonly log: KeptLog
  /** Submits an action that must be held. */
  held(quorum?: Partial<Quorum>, over?: Partial<Action>): Promise<Waiting>
}

export function deskOver(store: Store, clock: ManualClock): DeskUnderTest {
  const log = keptLog()
  const desk = new Desk({ store, clock, log, rolesOf: groupsAreRoles, policyDigest: () => POLICY_DIGEST })
  return {
    desk,
    log,
    async held(quorum, over) {
      const waiting = await desk.submit(action(over), hold(quorum), ['$ '])
      if (waiting.kind !== 'waiting') throw new Error(`it was ${waiting.kind}`)
      return waiting
    },
  }
}

export const approve = { kind: 'approve', reason: '' } as const
export const reject = { kind: 'reject', reason: 'not today' } as const

/** How a wait ended, in one word. */
export function word(outcome: Outcome): string {
  return outcome.kind === 'cleared' ? 'approved' : outcome.how
}
