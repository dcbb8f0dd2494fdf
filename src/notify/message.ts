/**
 * What is told of a hold, and when. Names and texts are people's: they are data in every channel, on one line, with each
 * character made visible that a terminal or a page would obey.
 *
 * The text of the command and the reasons leave the bastion only where the route says `text: true`: they may hold secrets.
 */
import { createHash } from 'node:crypto'
import type { Debt } from '../core/debt.ts'
import type { Hold } from '../core/hold.ts'
import type { HoldId } from '../core/ids.ts'
import { visible, visibleStart } from '../terminal/visible.ts'

export const NOTICES = [
  'hold.created',
  'hold.decided',
  'hold.expired',
  'hold.withdrawn',
  'hold.escalated',
  'glass.broken',
  'debt.overdue',
  'debt.closed',
] as const
export type Notice = (typeof NOTICES)[number]

const MAX_TEXT = 1000
const MAX_NAME = 128

export interface Message {
  /** The same for each attempt, so that a receiver can tell a repetition; another one for each route. */
  readonly id: string
  readonly type: Notice
  readonly at: Date
  readonly data: {
    readonly hold: HoldId
    readonly url: string
    readonly state: string
    readonly requester: string
    readonly target: string
    readonly login: string
    readonly rule: string
    readonly reviewers: readonly string[]
    readonly expiresAt: string
    /** Who decided, in order. */
    readonly decidedBy: readonly string[]
    /** Of broken glass: who is to be told, who is to look at it, and until when. */
    readonly glass?: {
      readonly alert: readonly string[]
      readonly reviewers: readonly string[]
      readonly dueAt: string
      readonly closedBy: string | null
    }
    readonly text?: string
    readonly reason?: string
  }
}

export interface MessageOptions {
  readonly route: string
  readonly publicUrl: URL
  readonly withText: boolean
}

/** Returns what this state of a hold is told as; undefined where it is nothing that routes tell of. */
export function noticeOf({ state, decisions, explanations, escalatedAt }: Hold): Notice | undefined {
  // Nobody decided that; it is told of by its debt.
  if (decisions.some(({ kind }) => kind === 'break-glass')) return undefined
  if (state.kind === 'approved' || state.kind === 'rejected') return 'hold.decided'
  if (state.kind === 'expired' || state.kind === 'withdrawn') return `hold.${state.kind}`
  // What is said or asked while it waits is announced, too; that further roles were asked is told by itself.
  const isNew = decisions.length + explanations.length === 0 && escalatedAt === undefined
  return state.kind === 'pending' && isNew ? 'hold.created' : undefined
}

/** Returns what a step of a debt is told as. */
export function debtMessageOf(debt: Debt, type: Notice, hold: Hold, options: MessageOptions): Message {
  const { alert, reviewers, dueAt, closed, brokenAt, reason } = debt
  const message = messageOf(hold, type, { ...options, withText: false })
  const said = closed?.word ?? reason
  return {
    ...message,
    at: type === 'debt.closed' ? (closed?.at ?? dueAt) : type === 'debt.overdue' ? dueAt : brokenAt,
    data: {
      ...message.data,
      glass: {
        alert: alert.map(visible),
        reviewers: reviewers.map(visible),
        dueAt: dueAt.toISOString(),
        closedBy: closed === undefined ? null : visibleStart(closed.by.name, MAX_NAME),
      },
      ...(options.withText && {
        text: visibleStart(hold.action.text, MAX_TEXT),
        reason: visibleStart(said, MAX_TEXT),
      }),
    },
  }
}

function timeOf({ state, createdAt, escalatedAt }: Hold, type: Notice): Date {
  if (type === 'hold.escalated') return escalatedAt ?? createdAt
  return type === 'hold.created' || !('at' in state) ? createdAt : state.at
}

/** The roles that a notice is for: those that are asked, told or responsible by then. */
export function rolesOfNotice({ quorum }: Hold, type: Notice): readonly string[] {
  if (type === 'hold.escalated') return quorum.escalation?.to ?? []
  if (type.startsWith('hold.')) return quorum.reviewers
  return [...(quorum.glass?.alert ?? []), ...(quorum.glass?.reviewers ?? [])]
}

/** Asks for nothing that could not wait, so that quiet hours apply: broken glass is told of whenever it breaks. */
export function mayRest(type: Notice): boolean {
  return type.startsWith('hold.')
}

export function messageOf(hold: Hold, type: Notice, { route, publicUrl, withText }: MessageOptions): Message {
  const { action, state } = hold
  const name = (text: string) => visibleStart(text, MAX_NAME)
  const reason = 'reason' in state ? state.reason : hold.decisions.at(-1)?.reason
  return {
    id: `msg_${createHash('sha256').update(`${hold.id}\n${type}\n${route}`).digest('hex').slice(0, 32)}`,
    type,
    at: timeOf(hold, type),
    data: {
      hold: hold.id,
      url: new URL(`/holds/${encodeURIComponent(hold.id)}`, publicUrl).href,
      state: state.kind,
      requester: name(action.principal.name),
      target: name(action.target.name),
      login: name(action.login),
      rule: name(hold.because.name),
      reviewers: hold.quorum.reviewers.map(visible),
      expiresAt: hold.expiresAt.toISOString(),
      decidedBy: hold.decisions.map(({ by }) => name(by.name)),
      ...(withText && { text: visibleStart(action.text, MAX_TEXT) }),
      ...(withText && reason && { reason: visibleStart(reason, MAX_TEXT) }),
    },
  }
}
