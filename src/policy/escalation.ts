/** What two rules say of escalation, where the text does not tell which of them applies: whom both would ask, and when both would. */
import type { Escalation } from '../core/verdict.ts'

export function bothEscalations(one: Escalation | undefined, other: Escalation | undefined): Escalation | undefined {
  if (one === undefined || other === undefined) return undefined
  const to = one.to.filter((role) => other.to.includes(role))
  return to.length === 0 ? undefined : { to, afterMs: Math.max(one.afterMs, other.afterMs) }
}
