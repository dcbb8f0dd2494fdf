/** What a message says to people, in the same words whichever way it goes. Plain text: each channel keeps it from being more. */
import type { Message, Notice } from './message.ts'

const HEADLINES: Readonly<Record<Notice, (requester: string) => string>> = {
  'hold.created': (who) => `${who} asks`,
  'hold.decided': (who) => `${who}’s request was decided`,
  'hold.expired': (who) => `${who}’s request expired`,
  'hold.withdrawn': (who) => `${who} took the request back`,
  'hold.escalated': (who) => `${who} still waits for an answer`,
  'glass.broken': (who) => `${who} broke the glass`,
  'debt.overdue': (who) => `The review of ${who}’s broken glass is overdue`,
  'debt.closed': (who) => `The review of ${who}’s broken glass was closed`,
}

export function headlineOf({ type, data }: Message): string {
  return `${HEADLINES[type](data.requester)} (${data.login}@${data.target})`
}

/** Names and values; the command and the reason are among them where the message has them. */
export function factsOf({ data }: Message): readonly (readonly [name: string, value: string])[] {
  const { glass } = data
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['Request', data.hold],
    ['State', data.state],
    ['By', data.requester],
    ['On', `${data.login}@${data.target}`],
    ['Rule', data.rule],
    ['Command', data.text],
    ['Reason', data.reason],
    ['Decided by', data.decidedBy.join(', ') || undefined],
    ['For', glass === undefined ? data.reviewers.join(' or ') : glass.alert.join(' and ')],
    ['To be looked at by', glass?.reviewers.join(' or ')],
    ['Until', glass?.dueAt ?? data.expiresAt],
    ['Closed by', glass?.closedBy ?? undefined],
  ]
  return facts.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]))
}
