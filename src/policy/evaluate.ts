/**
 * The policy's word on an action. Rules are asked in order and the first that matches answers; when none does, the
 * answer is no; when something breaks, the answer is no.
 *
 * Where it cannot be known whether a rule matches (`rm $X` and a rule about /etc), both are followed, and the stricter
 * of the two answers counts. INVARIANT: no action gets a milder verdict than it would get if everything were known.
 */
import type { Action } from '../core/action.ts'
import { assertNever } from '../core/errors.ts'
import { NO_DUTIES, type Quorum, type RuleRef, type SessionDuties, type Verdict } from '../core/verdict.ts'
import { bothDuties, underDuties } from './duties.ts'
import { bothEscalations } from './escalation.ts'
import { bothGlasses, bothStepUps, nobodyCanStepUp } from './glass.ts'
import { bothLimits, grantLimit } from './grantable.ts'
import { type Facts, type Match, matchRule } from './match.ts'
import { rolesOf, whomToAsk } from './roles.ts'
import type { Answer, Policy, Rule } from './rule.ts'
import { quotable } from './shape/quotable.ts'

export interface EvaluationContext {
  readonly now: Date
}

/** What became of one rule on the way to the verdict. */
export type RuleTrace = { readonly rule: Rule; readonly match: Match | { readonly kind: 'not-reached' } }

type HoldVerdict = Extract<Verdict, { kind: 'hold' }>

export const NO_RULE_MATCHED = 'no-rule-matched'
export const POLICY_ERROR = 'policy-error'

/** Never throws. */
export function evaluate(policy: Policy, action: Action, context: EvaluationContext): Verdict {
  return trace(policy, action, context).verdict
}

/** Does the same and tells of every rule; never throws. */
export function trace(
  policy: Policy,
  action: Action,
  context: EvaluationContext,
): { readonly verdict: Verdict; readonly rules: readonly RuleTrace[] } {
  const rules: RuleTrace[] = []
  try {
    const facts: Facts = { action, roles: rolesOf(policy, action.principal), now: context.now }
    return { verdict: decide(policy, facts, rules), rules }
  } catch {
    // What broke is not told: the text of a foreign error may carry anything.
    const message = `The policy could not be applied to this, so the answer is no; ${whomToAskSafely(policy)}.`
    return {
      verdict: { kind: 'deny', because: { name: POLICY_ERROR, file: String(policy?.file), line: 0 }, message },
      rules,
    }
  }
}

/**
 * Returns what a session must keep to that this verdict let open on this action: the duties of its rule, and of every other
 * rule that had a say because the text does not tell whether it applies.
 */
export function dutiesOf(
  policy: Policy,
  opened: { readonly because: RuleRef; readonly action: Action },
  context: EvaluationContext,
): SessionDuties {
  const hadSay = trace(policy, opened.action, context)
    .rules.filter(({ match }) => match.kind === 'matched' || match.kind === 'unclear')
    .map(({ rule }) => rule)
  // Time may have gone by since the verdict, and the rule's window with it.
  const named = policy.rules.filter(({ name }) => name === opened.because.name)
  const [first = NO_DUTIES, ...more] = [...new Set([...named, ...hadSay])].map(({ session }) => session ?? NO_DUTIES)
  return more.reduce(bothDuties, first)
}

function decide(policy: Policy, facts: Facts, traces: RuleTrace[]): Verdict {
  let strictest: Verdict | undefined
  for (const [index, rule] of policy.rules.entries()) {
    const match = matchRule(rule, facts)
    traces.push({ rule, match })
    if (match.kind === 'failed') continue
    strictest = stricter(strictest, answerOf(policy, rule, { match, action: facts.action }))
    if (match.kind === 'matched' || strictest.kind === 'deny') {
      traces.push(
        ...policy.rules.slice(index + 1).map((later): RuleTrace => ({ rule: later, match: { kind: 'not-reached' } })),
      )
      return strictest
    }
  }
  return stricter(strictest, denyUnmatched(policy, facts))
}

/** Returns the answer that keeps what both of them ask for; of two of the same strictness the earlier names the rule. */
function stricter(earlier: Verdict | undefined, later: Verdict): Verdict {
  if (earlier === undefined) return later
  if (earlier.kind === 'hold' && later.kind === 'hold') return bothHolds(earlier, later)
  return STRICTNESS[earlier.kind] >= STRICTNESS[later.kind] ? earlier : later
}

const STRICTNESS = { allow: 0, hold: 1, deny: 2 } as const satisfies Record<Verdict['kind'], number>

/** A hold that is enough for both rules: whoever decides it may decide for either. */
function bothHolds(earlier: HoldVerdict, later: HoldVerdict): Verdict {
  const [one, other] = [earlier.quorum, later.quorum]
  const quorum: Quorum = {
    reviewers: one.reviewers.filter((role) => other.reviewers.includes(role)),
    count: Math.max(one.count, other.count),
    distinctRoles: one.distinctRoles || other.distinctRoles,
    expiresAfterMs: Math.min(one.expiresAfterMs, other.expiresAfterMs),
    reasonRequired: one.reasonRequired || other.reasonRequired,
    sign: one.sign ?? other.sign,
    stepUp: bothStepUps(one.stepUp, other.stepUp),
    escalation: bothEscalations(one.escalation, other.escalation),
    glass: bothGlasses(one.glass, other.glass),
    ownerMayDecide: one.ownerMayDecide === true && other.ownerMayDecide === true ? true : undefined,
    grant: bothLimits(one, other),
  }
  if (
    quorum.reviewers.length === 0 ||
    nobodyCanStepUp(one.stepUp, other.stepUp) ||
    (quorum.distinctRoles && quorum.count > quorum.reviewers.length)
  ) {
    const rules = `“${earlier.because.name}” and “${later.because.name}”`
    const message = `The text does not tell which of the rules ${rules} applies, and nobody can approve for both. Write out what it leaves open.`
    return { kind: 'deny', because: earlier.because, message }
  }
  return { ...(other.count > one.count ? later : earlier), quorum }
}

/** The rule's answer; to a command that opens a session of its own, under the duties which the rule lays on that. */
function answerOf(
  policy: Policy,
  rule: Rule,
  { match, action }: { readonly match: Match; readonly action: Action },
): Verdict {
  const because: RuleRef = { name: rule.name, file: policy.file, line: rule.line }
  const verdict = verdictOf(policy, rule.then, { because, match, action })
  const opens = action.kind === 'exec' && rule.session !== undefined
  return opens ? underDuties(rule.session, because, action, verdict) : verdict
}

function verdictOf(
  policy: Policy,
  then: Answer,
  { because, match, action }: { readonly because: RuleRef; readonly match: Match; readonly action: Action },
): Verdict {
  switch (then.kind) {
    case 'allow':
      return { kind: 'allow', because }
    case 'hold':
      return {
        kind: 'hold',
        because,
        quorum: { ...then.quorum, grant: grantLimit(policy, then, action) },
        message: then.message,
      }
    case 'deny':
      return {
        kind: 'deny',
        because,
        message:
          match.kind === 'unclear'
            ? `${then.message} (The text does not tell whether this applies to it, so it does.)`
            : then.message,
      }
    default:
      return assertNever(then)
  }
}

function denyUnmatched(policy: Policy, { roles, action }: Facts): Verdict {
  const because: RuleRef = { name: NO_RULE_MATCHED, file: policy.file, line: 0 }
  if (roles.length === 0) {
    return {
      kind: 'deny',
      because,
      message: `None of your groups has a role here; ${whomToAsk(policy)} if one should.`,
    }
  }
  const what = action.kind === 'shell' ? 'open a shell' : 'run this'
  return {
    kind: 'deny',
    because,
    message: `No rule lets ${roles.join(', ')} ${what} on ${quotable(action.target.name)}; ${whomToAsk(policy)} if one should.`,
  }
}

function whomToAskSafely(policy: Policy): string {
  try {
    return whomToAsk(policy)
  } catch {
    return 'ask whoever keeps the policy'
  }
}
