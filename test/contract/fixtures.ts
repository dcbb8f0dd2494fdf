import type { Action } from '../../src/core/action.ts'
import type { AuditEvent } from '../../src/core/audit.ts'
import type { Clock } from '../../src/core/clock.ts'
import type { Grant } from '../../src/core/grant.ts'
import type { Decision, Hold } from '../../src/core/hold.ts'
import {
  newActionId,
  newConnectionId,
  newGrantId,
  newHoldId,
  newKeyBindingId,
  newSessionId,
  principalId,
} from '../../src/core/ids.ts'
import type { KeyBinding, Principal } from '../../src/core/principal.ts'
import type { SessionRecord } from '../../src/core/session.ts'

/** Makes complete records; each test says only what matters to it. */
export function fixtures(clock: Clock) {
  let people = 0
  const person = (name: string): Principal => ({
    id: principalId('https://idp.test', `${name}-${++people}`),
    issuer: 'https://idp.test',
    subject: `${name}-${people}`,
    name,
    email: people % 2 === 0 ? `${name}@example.test` : undefined,
    groups: ['sre', 'Ünïcode'],
  })
  const action = (part: Partial<Action> = {}): Action => ({
    id: newActionId(),
    kind: 'line',
    text: 'rm -rf /srv/old',
    assurance: 'stepped',
    principal: person('alice'),
    target: {
      name: 'web-1',
      protocol: 'ssh',
      host: '127.0.0.1',
      port: 22,
      login: 'deploy',
      logins: ['deploy', 'root'],
      labels: { env: 'prod' },
      hostKeys: ['ssh-ed25519 AAAA'],
      credential: 'web-1',
    },
    login: 'deploy',
    session: newSessionId(),
    interactive: true,
    address: '192.0.2.7',
    commands: [
      {
        text: 'rm -rf /srv/old',
        name: 'rm',
        start: 0,
        end: 15,
        effects: ['destroy'],
        objects: [{ kind: 'path', value: undefined }],
        because: 'rm removes files',
      },
    ],
    effects: ['destroy'],
    objects: [{ kind: 'path', value: '/srv/old' }],
    ...part,
  })
  return {
    person,
    action,
    event: (part: Partial<AuditEvent> = {}): AuditEvent => ({
      type: 'command.held',
      at: clock.now(),
      actor: person('alice').id,
      actorName: 'alice',
      session: newSessionId(),
      hold: newHoldId(),
      detail: { rule: { name: 'removes', file: 'default.yaml', line: 3 } },
      ...part,
    }),
    hold: (part: Partial<Hold> = {}): Hold => ({
      id: newHoldId(),
      action: action(),
      because: { name: 'removes', file: 'default.yaml', line: 3 },
      quorum: { reviewers: ['sre'], count: 2, distinctRoles: false, expiresAfterMs: 900_000, reasonRequired: true },
      message: undefined,
      createdAt: clock.now(),
      expiresAt: new Date(clock.now().getTime() + 900_000),
      screen: ['$ ls', 'old'],
      decisions: [],
      state: { kind: 'pending' },
      ...part,
    }),
    decision: (part: Partial<Decision> = {}): Decision => ({
      kind: 'approve',
      by: person('bob'),
      at: clock.now(),
      reason: 'agreed in the ticket',
      ...part,
    }),
    grant: (part: Partial<Grant> = {}): Grant => ({
      id: newGrantId(),
      hold: newHoldId(),
      principal: person('alice'),
      text: 'systemctl restart nginx\u202e',
      kind: 'step',
      assurance: 'stepped',
      target: 'web-1',
      login: 'deploy',
      scope: 'person',
      session: newSessionId(),
      givenAt: clock.now(),
      until: new Date(clock.now().getTime() + 3_600_000),
      because: { name: 'removes', file: 'default.yaml', line: 3 },
      policy: 'abc',
      reviewers: ['sre'],
      by: person('bob'),
      reason: 'until the deployment is done',
      uses: 0,
      lastUsedAt: undefined,
      ended: undefined,
      ...part,
    }),
    session: (part: Partial<SessionRecord> = {}): SessionRecord => ({
      id: newSessionId(),
      connection: newConnectionId(),
      principal: person('alice'),
      target: 'web-1',
      login: 'deploy',
      address: '192.0.2.7',
      clientVersion: 'OpenSSH_9.2p1',
      kind: 'shell',
      command: undefined,
      startedAt: clock.now(),
      endedAt: undefined,
      exitStatus: undefined,
      endReason: undefined,
      ...part,
    }),
    key: (part: Partial<KeyBinding> = {}): KeyBinding => ({
      id: newKeyBindingId(),
      fingerprint: `SHA256:${newKeyBindingId()}`,
      principal: person('alice'),
      boundAt: clock.now(),
      expiresAt: new Date(clock.now().getTime() + 3_600_000),
      lastUsedAt: undefined,
      address: '192.0.2.7',
      revokedAt: undefined,
      ...part,
    }),
  }
}
