/** A hold as the API shows it to one person: `viewer` says what that person may do with it. */
import { z } from '@hono/zod-openapi'
import { mayDecide } from '../../approval/reviewers.ts'
import { ASSURANCES, EFFECTS } from '../../core/action.ts'
import type { Hold, HoldState, HoldStateKind } from '../../core/hold.ts'
import type { SessionId } from '../../core/ids.ts'
import type { Principal } from '../../core/principal.ts'
import { type GlassTerms, GRANT_SCOPES, type GrantLimit, type StepUp } from '../../core/verdict.ts'
import { mayEnd } from '../access.ts'
import type { WebServices } from '../services.ts'
import { PersonView, personView, Time } from './common.ts'

export const HOLD_STATES = [
  'pending',
  'approved',
  'running',
  'done',
  'unknown',
  'rejected',
  'expired',
  'withdrawn',
  'revoked',
] as const satisfies readonly HoldStateKind[]

const ObjectView = z.object({ kind: z.string(), value: z.string().nullable() })

export const StepUpView = z.object({ maxAgeSeconds: z.number().int(), acr: z.array(z.string()) }).openapi('StepUp')
export type StepUpView = z.infer<typeof StepUpView>

export const HoldView = z
  .object({
    id: z.string(),
    state: z.object({
      kind: z.enum(HOLD_STATES),
      at: Time.nullable(),
      by: PersonView.nullable(),
      reason: z.string().nullable(),
      exitStatus: z.number().int().nullable(),
    }),
    createdAt: Time,
    expiresAt: Time,
    /** Exactly what would run. */
    text: z.string(),
    kind: z.enum(['shell', 'exec', 'line', 'step']),
    assurance: z.enum(ASSURANCES),
    effects: z.array(z.enum(EFFECTS)),
    objects: z.array(ObjectView),
    commands: z.array(
      z.object({
        text: z.string(),
        name: z.string().nullable(),
        start: z.number().int(),
        end: z.number().int(),
        effects: z.array(z.enum(EFFECTS)),
        objects: z.array(ObjectView),
        because: z.string(),
      }),
    ),
    target: z.object({ name: z.string(), labels: z.record(z.string(), z.string()) }),
    login: z.string(),
    session: z.string(),
    address: z.string(),
    requester: PersonView,
    rule: z.object({ name: z.string(), file: z.string(), line: z.number().int() }),
    message: z.string().nullable(),
    quorum: z.object({
      reviewers: z.array(z.string()),
      /** Whom else it is asked of, from then on; null where nobody is. */
      escalation: z.object({ to: z.array(z.string()), at: Time, isDone: z.boolean() }).nullable(),
      count: z.number().int(),
      distinctRoles: z.boolean(),
      reasonRequired: z.boolean(),
      /** `passkey`: only signed approvals are taken. */
      sign: z.literal('passkey').nullable(),
      /** Whoever approves must have signed in so lately, by one of these contexts where any is named. */
      stepUp: StepUpView.nullable(),
    }),
    /** Who may run it without waiting, who is told, who looks at it afterwards; null: nobody may. */
    glass: z
      .object({
        who: z.array(z.string()),
        alert: z.array(z.string()),
        reviewers: z.array(z.string()),
        reviewWithinMinutes: z.number().int(),
        stepUp: StepUpView,
      })
      .nullable(),
    /** How far a reviewer may grant it; null: it is approved once, each time. */
    grantable: z.object({ longestMinutes: z.number().int(), scopes: z.array(z.enum(GRANT_SCOPES)) }).nullable(),
    /** The last lines of the session's screen when it was held; empty for who may not watch the session. */
    screen: z.array(z.string()),
    /** What the requester said about why and, where `askedBy` is there, what reviewers asked; in order. */
    explanations: z.array(z.object({ at: Time, text: z.string(), askedBy: PersonView.nullable() })),
    decisions: z.array(
      z.object({
        /** `break-glass`: the requester's own, where the rule lets them run it without waiting. */
        kind: z.enum(['approve', 'reject', 'break-glass']),
        by: PersonView,
        at: Time,
        reason: z.string(),
        /** Who can prove it: the reviewer's own passkey, or nobody but the bastion. */
        vouchedBy: z.enum(['passkey', 'server']),
      }),
    ),
    /** Who may decide it and has a page open; nobody once it is decided. */
    online: z.array(z.string()),
    viewer: z.object({
      isRequester: z.boolean(),
      mayDecide: z.boolean(),
      /** It is theirs to run without waiting, with a reason and a step-up. */
      mayBreakGlass: z.boolean(),
      /** Why not, when it is pending and this person may not decide it. */
      why: z.string().nullable(),
      /** Somebody else's session, which runs and which this person may end. */
      mayEndSession: z.boolean(),
    }),
  })
  .openapi('Hold')
export type HoldView = z.infer<typeof HoldView>

export function holdView(hold: Hold, viewer: Principal, services: WebServices, maySeeScreen: boolean): HoldView {
  const { action, because, quorum } = hold
  const may = mayDecide(hold, viewer, services.rolesOf)
  const isPending = hold.state.kind === 'pending'
  return {
    id: hold.id,
    state: stateView(hold.state),
    createdAt: hold.createdAt.toISOString(),
    expiresAt: hold.expiresAt.toISOString(),
    text: action.text,
    kind: action.kind,
    assurance: action.assurance,
    effects: [...action.effects],
    objects: action.objects.map(objectView),
    commands: action.commands.map((command) => ({
      text: command.text,
      name: command.name ?? null,
      start: command.start,
      end: command.end,
      effects: [...command.effects],
      objects: command.objects.map(objectView),
      because: command.because,
    })),
    // Not the target itself: where it is and which secret opens it is nobody's business here.
    target: { name: action.target.name, labels: { ...action.target.labels } },
    login: action.login,
    session: action.session,
    address: action.address,
    requester: personView(action.principal),
    rule: { name: because.name, file: because.file, line: because.line },
    message: hold.message ?? null,
    quorum: {
      reviewers: [...quorum.reviewers],
      escalation: escalationView(hold),
      count: quorum.count,
      distinctRoles: quorum.distinctRoles,
      reasonRequired: quorum.reasonRequired,
      sign: quorum.sign ?? null,
      stepUp: quorum.stepUp === undefined ? null : stepUpView(quorum.stepUp),
    },
    glass: glassView(quorum.glass),
    grantable: grantableView(quorum.grant),
    screen: maySeeScreen ? [...hold.screen] : [],
    explanations: hold.explanations.map(({ at, text, askedBy }) => ({
      at: at.toISOString(),
      text,
      askedBy: askedBy === undefined ? null : personView(askedBy),
    })),
    decisions: hold.decisions.map(({ kind, by, at, reason, receipt }) => ({
      kind,
      by: personView(by),
      at: at.toISOString(),
      reason,
      vouchedBy: receipt === undefined ? ('server' as const) : ('passkey' as const),
    })),
    online: isPending ? [...services.desk.presence.reviewersOf(hold)] : [],
    viewer: {
      isRequester: action.principal.id === viewer.id,
      mayDecide: isPending && may.kind === 'may',
      mayBreakGlass: services.desk.glass.termsFor(hold, viewer) !== undefined,
      why: isPending && may.kind === 'may-not' ? may.message : null,
      mayEndSession: action.principal.id !== viewer.id && mayEndLive(services, viewer, action.session),
    },
  }
}

function mayEndLive(services: WebServices, viewer: Principal, session: SessionId): boolean {
  const live = services.live.find(session)
  return live !== undefined && mayEnd(services, viewer, live.record)
}

function escalationView({ quorum, createdAt, escalatedAt }: Hold): HoldView['quorum']['escalation'] {
  if (quorum.escalation === undefined) return null
  const { to, afterMs } = quorum.escalation
  const at = escalatedAt ?? new Date(createdAt.getTime() + afterMs)
  return { to: [...to], at: at.toISOString(), isDone: escalatedAt !== undefined }
}

export function stepUpView({ maxAgeMs, acr }: StepUp): StepUpView {
  return { maxAgeSeconds: Math.floor(maxAgeMs / 1000), acr: [...acr] }
}

function glassView(glass: GlassTerms | undefined): HoldView['glass'] {
  if (glass === undefined) return null
  return {
    who: [...glass.who],
    alert: [...glass.alert],
    reviewers: [...glass.reviewers],
    reviewWithinMinutes: Math.floor(glass.withinMs / 60_000),
    stepUp: stepUpView(glass.stepUp),
  }
}

function grantableView(limit: GrantLimit | undefined): HoldView['grantable'] {
  const longestMinutes = Math.floor((limit?.longestMs ?? 0) / 60_000)
  if (limit === undefined || longestMinutes < 1) return null
  return { longestMinutes, scopes: limit.scope === 'person' ? [...GRANT_SCOPES] : ['session'] }
}

function stateView(state: HoldState): HoldView['state'] {
  return {
    kind: state.kind,
    at: 'at' in state ? state.at.toISOString() : null,
    by: state.kind === 'rejected' ? personView(state.by) : null,
    reason: 'reason' in state ? state.reason : null,
    exitStatus: state.kind === 'done' ? state.exitStatus : null,
  }
}

function objectView({ kind, value }: { readonly kind: string; readonly value: string | undefined }) {
  return { kind, value: value ?? null }
}
