/**
 * What two rules say of a step-up and of breaking the glass, where the text does not tell which of them applies: what is
 * asked for is asked for by both, and what is allowed is allowed by both.
 */
import type { GlassTerms, StepUp } from '../core/verdict.ts'

export function bothStepUps(one: StepUp | undefined, other: StepUp | undefined): StepUp | undefined {
  if (one === undefined || other === undefined) return one ?? other
  const acr =
    one.acr.length === 0 || other.acr.length === 0
      ? [...one.acr, ...other.acr]
      : one.acr.filter((context) => other.acr.includes(context))
  return { maxAgeMs: Math.min(one.maxAgeMs, other.maxAgeMs), acr }
}

/** Reports whether no authentication context is enough for both. An empty list would mean that every one is. */
export function nobodyCanStepUp(one: StepUp | undefined, other: StepUp | undefined): boolean {
  if (one === undefined || other === undefined || one.acr.length === 0 || other.acr.length === 0) return false
  return !one.acr.some((context) => other.acr.includes(context))
}

export function bothGlasses(one: GlassTerms | undefined, other: GlassTerms | undefined): GlassTerms | undefined {
  if (one === undefined || other === undefined || nobodyCanStepUp(one.stepUp, other.stepUp)) return undefined
  const who = one.who.filter((role) => other.who.includes(role))
  const reviewers = one.reviewers.filter((role) => other.reviewers.includes(role))
  const stepUp = bothStepUps(one.stepUp, other.stepUp)
  // Nobody who may, or nobody who could close the debt.
  if (who.length === 0 || reviewers.length === 0 || stepUp === undefined) return undefined
  const alert = [...new Set([...one.alert, ...other.alert])]
  return { who, reviewers, alert, withinMs: Math.min(one.withinMs, other.withinMs), stepUp }
}
