/** Where a hold stands: in one word for lists, in one sentence for its page. */
import type { HoldView } from '../api.ts'
import { countdown } from '../duration.ts'
import { useNow } from '../time.ts'

type Kind = HoldView['state']['kind']

export const TONE: Readonly<Record<Kind, 'wait' | 'good' | 'bad' | 'flat'>> = {
  pending: 'wait',
  approved: 'good',
  running: 'good',
  done: 'good',
  unknown: 'wait',
  rejected: 'bad',
  expired: 'flat',
  withdrawn: 'flat',
  revoked: 'flat',
}

/** `done` with another exit status than 0 is not good news. */
export function toneOf(hold: HoldView): string {
  const { state } = hold
  // It ran, and nobody approved it.
  if (isGlassBroken(hold) && TONE[state.kind] === 'good') return 'wait'
  return state.kind === 'done' && state.exitStatus !== 0 ? 'wait' : TONE[state.kind]
}

/** Reports whether its requester ran it without a second person. */
export function isGlassBroken({ decisions }: HoldView): boolean {
  return decisions.some(({ kind }) => kind === 'break-glass')
}

export function StateBadge({ hold }: { readonly hold: HoldView }) {
  const { kind, exitStatus } = hold.state
  const text = kind === 'done' ? `done, exit status ${exitStatus}` : kind
  const isBroken = isGlassBroken(hold)
  return (
    <span class={`badge tone-${toneOf(hold)}`}>
      {!isBroken ? text : kind === 'approved' ? 'glass broken' : `glass broken, ${text}`}
    </span>
  )
}

export function stateSentence(hold: HoldView): string {
  const { state } = hold
  const broken = hold.decisions.find(({ kind }) => kind === 'break-glass')
  const by = broken === undefined ? 'Approved by' : 'The glass was broken by'
  const approvers = hold.decisions.filter(({ kind }) => kind !== 'reject').map(({ by }) => by.name)
  switch (state.kind) {
    case 'pending':
      return approvers.length === 0
        ? 'Waiting for a decision.'
        : `Approved by ${approvers.join(', ')}; ${hold.quorum.count - approvers.length} more needed.`
    case 'approved':
      return `${by} ${approvers.join(', ')}. It is about to run.`
    case 'running':
      return `${by} ${approvers.join(', ')}. It is running.`
    case 'done':
      return `${by} ${approvers.join(', ')}. It ran and ended with exit status ${state.exitStatus}.`
    case 'unknown':
      return `${by} ${approvers.join(', ')}. It ran, but nobody knows how it ended.`
    case 'rejected':
      return `Rejected by ${state.by?.name ?? 'a reviewer'}: ${state.reason ?? ''}`
    case 'expired':
      return `Expired without running: ${state.reason ?? 'nobody decided in time'}.`
    case 'withdrawn':
      return `Taken back without running: ${state.reason ?? 'by its requester'}.`
    case 'revoked':
      return `${by} ${approvers.join(', ')}, and never ran: ${state.reason ?? 'the approval ended before it was used'}.`
  }
}

export function TimeLeft({ hold }: { readonly hold: HoldView }) {
  const now = useNow()
  const left = Date.parse(hold.expiresAt) - now
  const whole = Date.parse(hold.expiresAt) - Date.parse(hold.createdAt)
  const isShort = left < Math.min(120_000, whole / 4)
  return (
    <span class={isShort ? 'time-left short' : 'time-left'}>
      <span>{left > 0 ? `${countdown(left)} left` : 'time is up'}</span>
      <progress max={whole} value={Math.max(0, left)} aria-hidden="true" />
    </span>
  )
}
