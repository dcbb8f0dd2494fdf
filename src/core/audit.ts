import type { HoldId, PrincipalId, SessionId } from './ids.ts'

/** What happened, in the past tense. Appended before its effect: if it cannot be written, the effect does not happen. */
export type AuditType =
  | 'bastion.started'
  | 'bastion.stopped'
  | 'policy.loaded'
  | 'policy.refused'
  | 'login.started'
  | 'login.approved'
  | 'login.denied'
  | 'login.failed'
  | 'key.bound'
  | 'key.used'
  | 'key.revoked'
  | 'token.used'
  | 'passkey.registered'
  | 'passkey.revoked'
  | 'sign-in.changed'
  | 'sign-in.ended'
  | 'web.signed-in'
  | 'web.signed-out'
  | 'session.opened'
  | 'session.refused'
  | 'session.killed'
  | 'session.closed'
  | 'channel.refused'
  | 'upstream.opened'
  | 'upstream.refused'
  | 'command.allowed'
  | 'command.held'
  | 'command.denied'
  | 'command.released'
  | 'command.finished'
  | 'hold.explained'
  | 'hold.asked'
  | 'hold.approved'
  | 'hold.rejected'
  | 'hold.expired'
  | 'hold.withdrawn'
  | 'hold.revoked'
  | 'hold.escalated'
  | 'grant.given'
  | 'grant.used'
  | 'grant.revoked'
  | 'grant.ended'
  | 'glass.broken'
  | 'debt.overdue'
  | 'debt.closed'
  | 'proposal.made'
  | 'proposal.approved'
  | 'proposal.rejected'
  | 'proposal.withdrawn'
  | 'proposal.expired'
  | 'proposal.stale'
  | 'proposal.applied'
  | 'proposal.failed'
  | 'target.tested'
  | 'decision.refused'
  | 'gate.failed'
  | 'gate.left'
  | 'gate.returned'
  | 'line.entered'
  | 'output.masked'
  | 'recording.started'
  | 'recording.stored'
  | 'recording.sealed'
  | 'recording.closed'
  | 'recording.failed'
  | 'recording.viewed'
  | 'recording.refused'
  | 'recording.exported'
  | 'bundle.signed'
  | 'audit.exported'
  | 'spool.delayed'
  | 'spool.slowed'
  | 'spool.stopped'
  | 'spool.recovered'
  | 'recording.searched'
  | 'notification.failed'
  | 'vault.changed'

export interface AuditEvent {
  readonly type: AuditType
  readonly at: Date
  /** Who caused it; undefined where it was the bastion itself or somebody not yet known. */
  readonly actor: PrincipalId | undefined
  /** For people to read. */
  readonly actorName: string | undefined
  readonly session: SessionId | undefined
  readonly hold: HoldId | undefined
  /** JSON data; never a secret. */
  readonly detail: Readonly<Record<string, unknown>>
}

/** As it is kept: `seq` counts from 1 without gaps. */
export interface StoredAuditEvent extends AuditEvent {
  readonly seq: number
}
