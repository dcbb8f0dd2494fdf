/**
 * Domain to row and back: the border of the store. What is written is first read back through the same parser, because
 * a hold that cannot be read again could never be decided; what cannot be read is reported as damaged, never guessed.
 */
import type { Insertable, Selectable } from 'kysely'
import { ASSURANCES } from '../core/action.ts'
import type { AuditEvent, AuditType, StoredAuditEvent } from '../core/audit.ts'
import { BastionError } from '../core/errors.ts'
import type { Grant, GrantEnd } from '../core/grant.ts'
import type { Decision, Explanation, Hold, HoldState } from '../core/hold.ts'
import type { GrantId, HoldId, KeyBindingId, PrincipalId, SessionId, SignInId } from '../core/ids.ts'
import type { KeyBinding, SignInRecord } from '../core/principal.ts'
import type { SessionRecord } from '../core/session.ts'
import { GRANT_SCOPES, type Quorum } from '../core/verdict.ts'
import { date, fields, id, integer, list, Mismatch, maybe, oneOf, type Parse, text } from './parse.ts'
import type {
  AuditTable,
  DecisionTable,
  GrantTable,
  HoldTable,
  KeyBindingTable,
  SessionTable,
  SignInTable,
} from './schema.ts'
import * as shapes from './shapes.ts'

export function auditRow(event: AuditEvent): Insertable<Omit<AuditTable, 'seq'>> {
  return {
    type: event.type,
    at: timeText(event.at),
    actor: event.actor ?? null,
    actor_name: event.actorName ?? null,
    session: event.session ?? null,
    hold: event.hold ?? null,
    detail: json(fields, event.detail, 'audit.detail'),
  }
}

export function auditEvent(row: Selectable<AuditTable>): StoredAuditEvent {
  return reading('audit event', () => ({
    seq: integer(row.seq, 'seq'),
    type: id<AuditType>(row.type, 'type'),
    at: date(row.at, 'at'),
    actor: maybe(id<PrincipalId>)(row.actor, 'actor'),
    actorName: maybe(text)(row.actor_name, 'actor_name'),
    session: maybe(id<SessionId>)(row.session, 'session'),
    hold: maybe(id<HoldId>)(row.hold, 'hold'),
    detail: parseJson(fields, row.detail, 'detail'),
  }))
}

export function holdRow(hold: Hold): Insertable<HoldTable> {
  return {
    id: hold.id,
    session: hold.action.session,
    action: json(shapes.action, hold.action, 'hold.action'),
    because: json(shapes.ruleRef, hold.because, 'hold.because'),
    quorum: quorumText(hold.quorum),
    message: hold.message ?? null,
    created_at: timeText(hold.createdAt),
    expires_at: timeText(hold.expiresAt),
    screen: json(list(text), hold.screen, 'hold.screen'),
    explanations: explanationsText(hold.explanations),
    escalated_at: hold.escalatedAt === undefined ? null : timeText(hold.escalatedAt),
    ...stateColumns(hold.state),
  }
}

export function explanationsText(explanations: readonly Explanation[]): string {
  return json(shapes.explanations, explanations, 'hold.explanations')
}

export function quorumText(quorum: Quorum): string {
  return json(shapes.quorum, quorum, 'hold.quorum')
}

export function stateColumns(state: HoldState): Pick<HoldTable, 'state_kind' | 'state'> {
  return { state_kind: state.kind, state: json(shapes.holdState, state, 'hold.state') }
}

export function holdOf(row: Selectable<HoldTable>, decisions: readonly Selectable<DecisionTable>[]): Hold {
  return reading('hold', () => {
    const state = parseJson(shapes.holdState, row.state, 'state')
    if (state.kind !== row.state_kind) throw new Mismatch('state_kind', state.kind)
    return {
      id: id<HoldId>(row.id, 'id'),
      action: parseJson(shapes.action, row.action, 'action'),
      because: parseJson(shapes.ruleRef, row.because, 'because'),
      quorum: parseJson(shapes.quorum, row.quorum, 'quorum'),
      message: maybe(text)(row.message, 'message'),
      createdAt: date(row.created_at, 'created_at'),
      expiresAt: date(row.expires_at, 'expires_at'),
      screen: parseJson(list(text), row.screen, 'screen'),
      explanations: parseJson(shapes.explanations, row.explanations, 'explanations'),
      ...(row.escalated_at !== null && { escalatedAt: date(row.escalated_at, 'escalated_at') }),
      decisions: decisions.map(decisionOf),
      state,
    }
  })
}

export function decisionRow(hold: HoldId, decision: Decision): Insertable<DecisionTable> {
  return {
    hold,
    principal: decision.by.id,
    kind: decision.kind,
    decided_by: json(shapes.principal, decision.by, 'decision.by'),
    at: timeText(decision.at),
    reason: decision.reason,
    receipt: decision.receipt === undefined ? null : json(shapes.receipt, decision.receipt, 'decision.receipt'),
  }
}

function decisionOf(row: Selectable<DecisionTable>): Decision {
  const by = parseJson(shapes.principal, row.decided_by, 'decided_by')
  if (by.id !== row.principal) throw new Mismatch('principal', 'the id of decided_by')
  return {
    kind: oneOf('approve', 'reject', 'break-glass')(row.kind, 'kind'),
    by,
    at: date(row.at, 'at'),
    reason: text(row.reason, 'reason'),
    ...(row.receipt !== null && { receipt: parseJson(shapes.receipt, row.receipt, 'receipt') }),
  }
}

export function grantRow(grant: Grant): Insertable<GrantTable> {
  return {
    id: grant.id,
    hold: grant.hold,
    principal_id: grant.principal.id,
    principal: json(shapes.principal, grant.principal, 'grant.principal'),
    text: grant.text,
    kind: grant.kind,
    assurance: grant.assurance,
    target: grant.target,
    login: grant.login,
    scope: grant.scope,
    session: grant.session,
    given_at: timeText(grant.givenAt),
    until_at: timeText(grant.until),
    because: json(shapes.ruleRef, grant.because, 'grant.because'),
    policy: grant.policy,
    reviewers: json(list(text), grant.reviewers, 'grant.reviewers'),
    given_by: json(shapes.principal, grant.by, 'grant.by'),
    reason: grant.reason,
    uses: grant.uses,
    last_used_at: grant.lastUsedAt === undefined ? null : timeText(grant.lastUsedAt),
    ...grantEndColumns(grant.ended),
  }
}

export function grantEndColumns(
  end: GrantEnd | undefined,
): Pick<Selectable<GrantTable>, 'ended_at' | 'ended_by' | 'end_reason'> {
  if (end === undefined) return { ended_at: null, ended_by: null, end_reason: null }
  const by = end.by === undefined ? null : json(shapes.principal, end.by, 'grant.ended.by')
  return { ended_at: timeText(end.at), ended_by: by, end_reason: end.reason }
}

export function grantOf(row: Selectable<GrantTable>): Grant {
  return reading('grant', () => {
    const principal = parseJson(shapes.principal, row.principal, 'principal')
    if (principal.id !== row.principal_id) throw new Mismatch('principal_id', 'the id of principal')
    return {
      id: id<GrantId>(row.id, 'id'),
      hold: id<HoldId>(row.hold, 'hold'),
      principal,
      text: text(row.text, 'text'),
      kind: oneOf('shell', 'exec', 'line', 'step')(row.kind, 'kind'),
      assurance: oneOf(...ASSURANCES)(row.assurance, 'assurance'),
      target: text(row.target, 'target'),
      login: text(row.login, 'login'),
      scope: oneOf(...GRANT_SCOPES)(row.scope, 'scope'),
      session: id<SessionId>(row.session, 'session'),
      givenAt: date(row.given_at, 'given_at'),
      until: date(row.until_at, 'until_at'),
      because: parseJson(shapes.ruleRef, row.because, 'because'),
      policy: text(row.policy, 'policy'),
      reviewers: parseJson(list(text), row.reviewers, 'reviewers'),
      by: parseJson(shapes.principal, row.given_by, 'given_by'),
      reason: text(row.reason, 'reason'),
      uses: integer(row.uses, 'uses'),
      lastUsedAt: maybe(date)(row.last_used_at, 'last_used_at'),
      ended:
        row.ended_at === null
          ? undefined
          : {
              at: date(row.ended_at, 'ended_at'),
              by: row.ended_by === null ? undefined : parseJson(shapes.principal, row.ended_by, 'ended_by'),
              reason: text(row.end_reason, 'end_reason'),
            },
    }
  })
}

export function sessionRow(session: SessionRecord): Insertable<SessionTable> {
  return {
    id: session.id,
    connection: session.connection,
    principal_id: session.principal.id,
    principal: json(shapes.principal, session.principal, 'session.principal'),
    target: session.target,
    login: session.login,
    address: session.address,
    client_version: session.clientVersion,
    kind: session.kind,
    command: session.command ?? null,
    started_at: timeText(session.startedAt),
    ended_at: session.endedAt === undefined ? null : timeText(session.endedAt),
    exit_status: session.exitStatus ?? null,
    end_reason: session.endReason ?? null,
  }
}

export function sessionOf(row: Selectable<SessionTable>): SessionRecord {
  return reading('session', () => ({
    id: id<SessionRecord['id']>(row.id, 'id'),
    connection: id<SessionRecord['connection']>(row.connection, 'connection'),
    principal: parseJson(shapes.principal, row.principal, 'principal'),
    target: text(row.target, 'target'),
    login: text(row.login, 'login'),
    address: text(row.address, 'address'),
    clientVersion: text(row.client_version, 'client_version'),
    kind: oneOf('shell', 'exec')(row.kind, 'kind'),
    command: maybe(text)(row.command, 'command'),
    startedAt: date(row.started_at, 'started_at'),
    endedAt: maybe(date)(row.ended_at, 'ended_at'),
    exitStatus: maybe(integer)(row.exit_status, 'exit_status'),
    endReason: maybe(text)(row.end_reason, 'end_reason'),
  }))
}

export function keyBindingRow(binding: KeyBinding): Insertable<KeyBindingTable> {
  return {
    id: binding.id,
    fingerprint: binding.fingerprint,
    principal_id: binding.principal.id,
    principal: json(shapes.principal, binding.principal, 'key.principal'),
    bound_at: timeText(binding.boundAt),
    expires_at: timeText(binding.expiresAt),
    last_used_at: binding.lastUsedAt === undefined ? null : timeText(binding.lastUsedAt),
    address: binding.address,
    revoked_at: binding.revokedAt === undefined ? null : timeText(binding.revokedAt),
    sign_in: binding.signIn ?? null,
  }
}

export function keyBindingOf(row: Selectable<KeyBindingTable>): KeyBinding {
  return reading('key binding', () => ({
    id: id<KeyBindingId>(row.id, 'id'),
    fingerprint: text(row.fingerprint, 'fingerprint'),
    principal: parseJson(shapes.principal, row.principal, 'principal'),
    boundAt: date(row.bound_at, 'bound_at'),
    expiresAt: date(row.expires_at, 'expires_at'),
    lastUsedAt: maybe(date)(row.last_used_at, 'last_used_at'),
    address: text(row.address, 'address'),
    revokedAt: maybe(date)(row.revoked_at, 'revoked_at'),
    signIn: maybe(id<SignInId>)(row.sign_in, 'sign_in'),
  }))
}

export function signInRow(signIn: SignInRecord): Insertable<SignInTable> {
  return {
    id: signIn.id,
    issuer: signIn.principal.issuer,
    subject: signIn.principal.subject,
    ...signInCheck(signIn),
    sid: signIn.sid ?? null,
    started_at: timeText(signIn.startedAt),
    ended_at: signIn.ended === undefined ? null : timeText(signIn.ended.at),
    end_reason: signIn.ended?.reason ?? null,
  }
}

/** The columns that a check at the provider renews. */
export function signInCheck(
  signIn: Pick<SignInRecord, 'principal' | 'refresh' | 'checkedAt'>,
): Pick<Selectable<SignInTable>, 'principal' | 'refresh' | 'checked_at'> {
  return {
    principal: json(shapes.principal, signIn.principal, 'signIn.principal'),
    refresh: signIn.refresh ?? null,
    checked_at: timeText(signIn.checkedAt),
  }
}

export function signInOf(row: Selectable<SignInTable>): SignInRecord {
  return reading('sign-in', () => ({
    id: id<SignInId>(row.id, 'id'),
    principal: parseJson(shapes.principal, row.principal, 'principal'),
    sid: maybe(text)(row.sid, 'sid'),
    refresh: maybe(text)(row.refresh, 'refresh'),
    startedAt: date(row.started_at, 'started_at'),
    checkedAt: date(row.checked_at, 'checked_at'),
    ended:
      row.ended_at === null
        ? undefined
        : { at: date(row.ended_at, 'ended_at'), reason: text(row.end_reason, 'end_reason') },
  }))
}

/** Formats a time for a column. A date that is none is a bug of the caller's, and must not become a row. */
export function timeText(at: Date): string {
  if (Number.isNaN(at.getTime())) throw new BastionError('internal', 'The store was given a time that is none.')
  return at.toISOString()
}

export function json<T>(parse: Parse<T>, value: unknown, path: string): string {
  try {
    const written = JSON.stringify(value)
    parse(JSON.parse(written), path)
    return written
  } catch (error) {
    throw new BastionError('internal', 'The store was given a record that it could not read back.', error)
  }
}

export function parseJson<T>(parse: Parse<T>, column: unknown, path: string): T {
  return parse(JSON.parse(text(column, path)), path)
}

export function reading<T>(what: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    const message = `A stored ${what} is damaged and cannot be read; check the database or restore a backup of it.`
    throw new BastionError('internal', message, error)
  }
}
