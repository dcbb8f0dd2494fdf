/** What the duties of a session make of a verdict on something in it. */
import type { Action } from '../core/action.ts'
import { NO_DUTIES, type RuleRef, type SessionDuties, type Verdict } from '../core/verdict.ts'
import type { Policy } from './rule.ts'

/** Returns what a session must keep to that was opened by this verdict's rule. */
export function dutiesOf(policy: Policy, because: RuleRef): SessionDuties {
  return policy.rules.find(({ name }) => name === because.name)?.session ?? NO_DUTIES
}

/**
 * Returns the stricter of the verdict and what the session's duties say. In a read-only session whatever does more than
 * read, or hides what it does, is denied and never held: nobody can approve it away. `because` is the rule that let the
 * session open.
 */
export function underDuties(duties: SessionDuties, because: RuleRef, action: Action, verdict: Verdict): Verdict {
  if (!duties.readOnly || verdict.kind === 'deny') return verdict
  const more = action.effects.filter((effect) => effect !== 'read')
  if (more.length === 0) return verdict
  return {
    kind: 'deny',
    because,
    message: `this session is read-only, and what this does is ${more.join(', ')}. Open a session that may change things.`,
  }
}
