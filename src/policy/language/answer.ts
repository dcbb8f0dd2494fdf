/** The language of a rule’s `then`: what it answers. */
import { type Escalation, type GlassTerms, GRANT_SCOPES, type Quorum, type StepUp } from '../../core/verdict.ts'
import { refuse } from '../pattern/refusal.ts'
import type { Answer, GrantTerms } from '../rule.ts'
import { type Fields, list, object, optional, required } from '../shape/collections.ts'
import { choice, formatted, text, truth, wholeNumber } from '../shape/scalars.ts'
import { fail, mapped, type Shape, wordOr } from '../shape/shape.ts'
import { effects } from './conditions.ts'
import { duration, roleNames } from './words.ts'

const MAX_HOLD_MS = 7 * 86_400_000
const DEFAULT_EXPIRY_MS = 15 * 60_000
const MAX_APPROVALS = 10
/** Longer than a day is no exception any more; it belongs into the policy. */
const MAX_GRANT_MS = 86_400_000

const grant: Shape<GrantTerms> = mapped(
  object({
    noun: 'grant',
    fields: {
      longest: required(duration('longest', MAX_GRANT_MS), 'For how long the same command may be granted at most.'),
      scope: optional(
        choice(GRANT_SCOPES, 'scope'),
        'session: in the session that asked · person: in every session of the same person on the same target. The narrower one when left out.',
      ),
      effects: optional(effects, 'Which commands may be granted, by their effects; all of them when left out.'),
    },
  }),
  (value) => ({ longestMs: value.longest, scope: value.scope ?? 'session', effects: value.effects }),
  (value) => ({ longest: value.longestMs, scope: value.scope, effects: value.effects }),
)

const DEFAULT_AGE_MS = 5 * 60_000
/** A sign-in of this morning proves nothing about who sits there now. */
const MAX_AGE_MS = 3_600_000
/** In a request they are divided by spaces (OpenID Connect Core §3.1.2.1). */
const ACR_SYNTAX = '^[!#-[\\]-~]{1,255}$'
const acrValue = formatted<string>({
  noun: 'the acr',
  max: 255,
  syntax: ACR_SYNTAX,
  parse: (source) =>
    new RegExp(ACR_SYNTAX).test(source)
      ? source
      : refuse('an authentication context is printed characters, without spaces, quotes and backslashes'),
  print: (value) => value,
})
export const stepUp: Shape<StepUp> = mapped(
  object({
    noun: 'step-up',
    mayBeEmpty: true,
    fields: {
      'max-age': optional(
        duration('max-age', MAX_AGE_MS),
        'How long ago they may have proved to the identity provider who they are; 5m when left out.',
      ),
      acr: optional(
        list(acrValue, { noun: 'acr', max: 16 }),
        'Authentication contexts of the identity provider, of which one is needed; any when left out.',
      ),
    },
  }),
  (value) => ({ maxAgeMs: value['max-age'] ?? DEFAULT_AGE_MS, acr: value.acr ?? [] }),
  (value) => ({ 'max-age': value.maxAgeMs, acr: value.acr.length === 0 ? undefined : value.acr }),
)

const REVIEW_MS = 86_400_000
const breakGlass: Shape<GlassTerms> = mapped(
  object({
    noun: 'break-glass',
    fields: {
      who: required(roleNames('who'), 'Roles that may run it without waiting, with a reason and a step-up.'),
      alert: required(roleNames('alert'), 'Roles that are told at once.'),
      reviewers: required(
        roleNames('reviewers'),
        'Roles of which somebody else has to look at it afterwards and close the debt.',
      ),
      'review-within': optional(
        duration('review-within', REVIEW_MS),
        'How long that may take; after it the requester can break no glass until it is closed. 24h when left out, and at most.',
      ),
      'step-up': optional(stepUp, 'How lately they must have proved who they are; within 5m when left out.'),
    },
  }),
  (value) => ({
    who: value.who,
    alert: value.alert,
    reviewers: value.reviewers,
    withinMs: value['review-within'] ?? REVIEW_MS,
    stepUp: value['step-up'] ?? { maxAgeMs: DEFAULT_AGE_MS, acr: [] },
  }),
  (value) => ({
    who: value.who,
    alert: value.alert,
    reviewers: value.reviewers,
    'review-within': value.withinMs,
    'step-up': value.stepUp,
  }),
)

const escalate: Shape<Escalation> = mapped(
  object({
    noun: 'escalate',
    fields: {
      after: required(
        duration('after', MAX_HOLD_MS),
        'How long it waits before they are asked, too; shorter than expires.',
      ),
      to: required(roleNames('to'), 'Further roles of which any member may decide from then on; never the requester.'),
    },
  }),
  ({ after, to }) => ({ afterMs: after, to }),
  ({ afterMs, to }) => ({ after: afterMs, to }),
)

type HoldAnswer = Extract<Answer, { kind: 'hold' }>
const holdFields = {
  reviewers: required(roleNames('reviewers'), 'Roles of which any member may decide; never the requester.'),
  approvals: optional(
    wholeNumber({ min: 1, max: MAX_APPROVALS, noun: 'approvals' }),
    'How many different people must approve; 1 when left out.',
  ),
  'distinct-roles': optional(truth('distinct-roles'), 'true: no two approvals may come from the same role.'),
  expires: optional(duration('expires', MAX_HOLD_MS), 'How long it waits before the answer is no; 15m when left out.'),
  reason: optional(
    choice(['required', 'optional'], 'value of reason'),
    'Whether an approval needs a written reason; a rejection always does.',
  ),
  sign: optional(
    choice(['passkey', 'optional'], 'value of sign'),
    'passkey: an approval is taken only when the reviewer signed it with a passkey; optional when left out.',
  ),
  'step-up': optional(
    stepUp,
    'Whoever approves must have proved to the identity provider who they are shortly before; left out: their sign-in is enough.',
  ),
  'break-glass': optional(
    breakGlass,
    'Who may run it without waiting, who is told of that, and who looks at it afterwards. Left out: nobody.',
  ),
  'owner-may-decide': optional(
    truth('owner-may-decide'),
    'true: the owner of an agent may decide what the agent asks for; otherwise only somebody else.',
  ),
  escalate: optional(escalate, 'Who is asked besides, where nobody has decided after a while. Left out: nobody.'),
  grant: optional(
    grant,
    'A reviewer may approve the same command for a time, and not just once. Left out: each time is asked for.',
  ),
  message: optional(text({ max: 500, noun: 'message' }), 'What the requester and the reviewers are told.'),
} satisfies Fields

const hold: Shape<HoldAnswer> = mapped(
  object({ noun: 'hold', fields: holdFields }),
  (value, place, problems) => {
    const quorum: Quorum = {
      reviewers: value.reviewers,
      count: value.approvals ?? 1,
      distinctRoles: value['distinct-roles'] ?? false,
      expiresAfterMs: value.expires ?? DEFAULT_EXPIRY_MS,
      reasonRequired: value.reason === 'required',
      ...(value.sign === 'passkey' && { sign: value.sign }),
      ...(value['step-up'] !== undefined && { stepUp: value['step-up'] }),
      ...(value['break-glass'] !== undefined && { glass: value['break-glass'] }),
      ...(value.escalate !== undefined && { escalation: value.escalate }),
      ...(value['owner-may-decide'] !== undefined && { ownerMayDecide: value['owner-may-decide'] }),
    }
    if (quorum.distinctRoles && quorum.count > quorum.reviewers.length) {
      return fail(
        problems,
        place.offset,
        `${quorum.count} approvals of different roles cannot come from ${quorum.reviewers.length} role${quorum.reviewers.length === 1 ? '' : 's'}`,
      )
    }
    if (quorum.escalation !== undefined && quorum.escalation.afterMs >= quorum.expiresAfterMs)
      return fail(problems, place.offset, 'it expires before anybody further is asked; let escalate come earlier')
    if (value.grant !== undefined && quorum.count > 1) {
      return fail(
        problems,
        place.offset,
        `a grant is one person’s word, and cannot stand where ${quorum.count} approvals are needed each time`,
      )
    }
    return { kind: 'hold' as const, quorum, message: value.message, grant: value.grant }
  },
  ({ quorum, message, grant: terms }) => ({
    reviewers: quorum.reviewers,
    approvals: quorum.count,
    'distinct-roles': quorum.distinctRoles,
    expires: quorum.expiresAfterMs,
    reason: quorum.reasonRequired ? ('required' as const) : ('optional' as const),
    sign: quorum.sign ?? ('optional' as const),
    'step-up': quorum.stepUp,
    'break-glass': quorum.glass,
    'owner-may-decide': quorum.ownerMayDecide,
    escalate: quorum.escalation,
    grant: terms,
    message,
  }),
)

export const answer: Shape<Answer> = mapped(
  wordOr(
    'allow',
    object({
      noun: 'then',
      isChoice: true,
      fields: {
        hold: optional(hold, 'A second person decides.'),
        deny: optional(text({ max: 500, noun: 'deny' }), 'The answer is no, with this message.'),
      },
    }),
  ),
  (value): Answer => {
    if (value === 'allow') return { kind: 'allow' }
    if (value.hold !== undefined) return value.hold
    return { kind: 'deny', message: value.deny! }
  },
  (value) => {
    if (value.kind === 'allow') return 'allow'
    return value.kind === 'hold' ? { hold: value, deny: undefined } : { hold: undefined, deny: value.message }
  },
)
