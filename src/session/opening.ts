/**
 * What let a session open, and what that lays on everything in it. The duties are those of the policy in force: after a
 * change of policy the opening is judged again, and the session goes on under the new answer or ends.
 */
import type { Action } from '../core/action.ts'
import type { RuleRef, SessionDuties, Verdict } from '../core/verdict.ts'
import { underDuties } from '../policy/duties.ts'
import type { SessionServices } from './context.ts'
import type { DutyKeeper } from './duties.ts'
import type { Pump } from './pump.ts'

export interface OpeningParts {
  readonly duties: Pick<DutyKeeper, 'keep'>
  readonly pump: Pick<Pump, 'keep'>
  /** Ends the session; the reason is told to the person. */
  readonly end: (reason: string) => void
  /** Takes back what waits for a second person. */
  readonly withdraw: (reason: string) => void
}

export class Opening {
  readonly #services: Pick<SessionServices, 'evaluate' | 'dutiesOf'>
  readonly #parts: OpeningParts
  /** The first thing that was judged: opening the shell, or the one command. */
  #asked: { readonly action: Action; readonly wasHeld: boolean } | undefined
  #rule: { readonly because: RuleRef; readonly duties: SessionDuties } | undefined

  constructor(services: Pick<SessionServices, 'evaluate' | 'dutiesOf'>, parts: OpeningParts) {
    this.#services = services
    this.#parts = parts
  }

  /** The policy's word on something in this session, made stricter by the session's duties. */
  evaluate(action: Action): Verdict {
    const verdict = this.#services.evaluate(action)
    this.#asked ??= { action, wasHeld: verdict.kind === 'hold' }
    return this.#rule === undefined ? verdict : underDuties(this.#rule.duties, this.#rule.because, action, verdict)
  }

  /** The session is open, because of this rule. To be called after what opens it was judged. */
  keep(because: RuleRef): void {
    if (this.#asked === undefined) throw new Error('a session is open, and nothing was judged')
    const duties = this.#services.dutiesOf({ because, action: this.#asked.action })
    this.#rule = { because, duties }
    this.#parts.duties.keep(duties)
    this.#parts.pump.keep(duties)
  }

  /** To be called after a change of policy, or of the person's groups. */
  reconsider(change = 'The policy changed'): void {
    if (this.#asked === undefined || this.#rule === undefined) return
    const verdict = this.#services.evaluate(this.#asked.action)
    const needsMore = verdict.kind === 'hold' && !this.#asked.wasHeld
    if (verdict.kind === 'deny' || needsMore) {
      const why = needsMore ? 'a second person has to agree to this session now' : 'it does not let you open this now'
      this.#parts.end(`${change}, and ${why}. Connect again.`)
      return
    }
    const wasReadOnly = this.#rule.duties.readOnly
    this.keep(verdict.because)
    // What was held before was judged without this, and no approval may be above it.
    if (!wasReadOnly && this.#rule.duties.readOnly)
      this.#parts.withdraw('the policy changed, and this session is read-only now')
  }
}
