import type { Program } from './program.ts'

/** The policy's word on an action, with the rule that said so. (A person's word is a Decision.) */
export interface RuleRef {
  /** The rule's name in the policy file. */
  readonly name: string
  readonly file: string
  /** 1-based; 0 where no rule matched. */
  readonly line: number
}

/** Who must agree before a held action may run. */
export interface Quorum {
  /** Any of these roles may decide. */
  readonly reviewers: readonly string[]
  /** How many different people must approve. */
  readonly count: number
  /** When true, no two approvals may come from members of the same reviewer role. */
  readonly distinctRoles: boolean
  readonly expiresAfterMs: number
  /** When true, an approval needs a written reason (a rejection always does). */
  readonly reasonRequired: boolean
  /** `passkey`: an approval counts only when it is signed with one. */
  readonly sign?: 'passkey' | undefined
  /** When true, the owner of an agent may decide what the agent asks for. */
  readonly ownerMayDecide?: boolean | undefined
  /** Whoever approves must have proved who they are lately. */
  readonly stepUp?: StepUp | undefined
  /** Under which conditions the requester may run it without waiting. Not there: never. */
  readonly glass?: GlassTerms | undefined
  /** Whom else it is asked of when nobody has decided. Not there: nobody. */
  readonly escalation?: Escalation | undefined
  /** How far one approval of this action may reach. Not there: it is approved once, each time. */
  readonly grant?: GrantLimit | undefined
}

/** Further roles that may decide, from a time on. */
export interface Escalation {
  readonly afterMs: number
  readonly to: readonly string[]
}

/** How lately, and how, somebody must have proved who they are (OpenID Connect Core §2, `auth_time` and `acr`). */
export interface StepUp {
  readonly maxAgeMs: number
  /** Any of these authentication contexts; none named: every one will do. */
  readonly acr: readonly string[]
}

/** Breaking the glass: running what is held at once, seen by everybody named, and answered for afterwards. */
export interface GlassTerms {
  /** Roles of requesters that may. */
  readonly who: readonly string[]
  /** Roles that are told at once. */
  readonly alert: readonly string[]
  /** Roles of which somebody else has to close the debt that it makes. */
  readonly reviewers: readonly string[]
  /** How long the review may take until its requester can break no glass any more. */
  readonly withinMs: number
  readonly stepUp: StepUp
}

/** In the session where it was asked for, or wherever the same person does the same on the same target. Narrower first. */
export const GRANT_SCOPES = ['session', 'person'] as const
export type GrantScope = (typeof GRANT_SCOPES)[number]

export interface GrantLimit {
  readonly longestMs: number
  /** The widest that may be given. */
  readonly scope: GrantScope
  /** Digest of the policy that says so. */
  readonly policy: string
}

export type Verdict =
  | { readonly kind: 'allow'; readonly because: RuleRef }
  | { readonly kind: 'hold'; readonly because: RuleRef; readonly quorum: Quorum; readonly message: string | undefined }
  | { readonly kind: 'deny'; readonly because: RuleRef; readonly message: string }

/** What a session must keep to, whatever is typed in it; said by the rule that let it open. */
export interface SessionDuties {
  readonly idleTimeoutMs: number | undefined
  readonly maxDurationMs: number | undefined
  /** True: whatever would do more than read is denied, whatever the rules say of it. */
  readonly readOnly: boolean
  /** What is hidden of the target's output, from the person and from the recording. */
  readonly masks: readonly Mask[]
  readonly record: RecordLevel
}

/** Something that output may contain and nobody should see. */
export interface Mask {
  readonly name: string
  /** Of a mask of the policy's own; undefined where the name is that of a built-in one. */
  readonly source: string | undefined
  readonly program: Program
  /** How many characters at the end of what is hidden stay readable. */
  readonly keep: number
}

/** How many masks can be over one session: one bit for each in a number. */
export const MAX_MASKS = 31

/**
 * How much of the target's output the recording keeps: all of it, or its first bytes, 0 being none. Of what is not kept,
 * size and digest are. What the bastion says itself is always kept.
 */
export type RecordLevel = { readonly kind: 'output' } | { readonly kind: 'first'; readonly bytes: number }

export const NO_DUTIES: SessionDuties = Object.freeze({
  idleTimeoutMs: undefined,
  maxDurationMs: undefined,
  readOnly: false,
  masks: [],
  record: { kind: 'output' } as const,
})
