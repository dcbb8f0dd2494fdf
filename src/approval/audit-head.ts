/**
 * How the log stands, in a size and one hash: what a signature says it was given after. Whoever signs thereby vouches for
 * the newest event, as it then read; that each event stands on the one before it is the log's own matter.
 */
import { createHash } from 'node:crypto'
import type { StoredAuditEvent } from '../core/audit.ts'
import { type AuditHead, canonical } from './receipt.ts'

export function auditHeadOf(newest: StoredAuditEvent | undefined): AuditHead {
  if (newest === undefined) return { size: 0, hash: '' }
  const { seq, type, at, actor = null, actorName = null, session = null, hold = null, detail } = newest
  const event = { seq, type, at: at.toISOString(), actor, actorName, session, hold, detail }
  return { size: seq, hash: createHash('sha256').update(canonical(event)).digest('hex') }
}
