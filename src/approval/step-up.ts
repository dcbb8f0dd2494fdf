/**
 * Step-up: whether somebody has proved lately enough who they are, by the identity provider's word (OpenID Connect Core §2,
 * `auth_time` and `acr`) or by their own passkey. What is not known counts as not proved.
 */
import { BastionError } from '../core/errors.ts'
import type { Authentication } from '../core/principal.ts'
import type { StepUp } from '../core/verdict.ts'

/** The provider's clock and ours may differ by so much. */
const SKEW_MS = 30_000

export interface Proof {
  readonly authentication: Authentication | undefined
  /** What is said was signed with a passkey of theirs, which makes sure who touches it. */
  readonly isSigned: boolean
}

/** Whoever makes this again has to sign in at the provider first; the web tells programs so as RFC 9470 §3 has it. */
export class StepUpNeeded extends BastionError {
  readonly stepUp: StepUp

  constructor(stepUp: StepUp) {
    super(
      'unauthenticated',
      'This asks for a sign-in that is fresh: open the request in a browser and sign in again there.',
    )
    this.stepUp = stepUp
  }
}

export function hasSteppedUp(stepUp: StepUp, { authentication, isSigned }: Proof, now: Date): boolean {
  if (isSigned && stepUp.acr.length === 0) return true
  const { authTime, acr } = authentication ?? {}
  if (authTime === undefined) return false
  const ageMs = now.getTime() - authTime.getTime()
  if (!(ageMs <= stepUp.maxAgeMs && ageMs >= -SKEW_MS)) return false
  return stepUp.acr.length === 0 || (acr !== undefined && stepUp.acr.includes(acr))
}

/** Throws StepUpNeeded. Where nothing is asked for, anything is enough. */
export function demandStepUp(stepUp: StepUp | undefined, proof: Proof, now: Date): void {
  if (stepUp !== undefined && !hasSteppedUp(stepUp, proof, now)) throw new StepUpNeeded(stepUp)
}
