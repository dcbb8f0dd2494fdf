/**
 * What the providers said the last time of each person whose sign-in is in use: what is asked of somebody's groups is
 * asked of these, whatever was written down when a session, a decision or a token began.
 */
import type { PrincipalId } from '../core/ids.ts'
import type { Principal } from '../core/principal.ts'

const MAX_PEOPLE = 100_000

export class People {
  /** In the order of their last word, oldest first. */
  readonly #known = new Map<PrincipalId, { readonly principal: Principal; readonly at: number }>()

  /** Takes what a provider said at `at`; an older word than the last changes nothing. */
  learn(principal: Principal, at: Date): void {
    const known = this.#known.get(principal.id)
    if (known !== undefined && known.at > at.getTime()) return
    this.#known.delete(principal.id)
    this.#known.set(principal.id, { principal, at: at.getTime() })
    const oldest = this.#known.keys().next().value
    if (this.#known.size > MAX_PEOPLE && oldest !== undefined) this.#known.delete(oldest)
  }

  /** What is not asked about any more is not kept: it would outlive what it says. */
  forget(id: PrincipalId): void {
    this.#known.delete(id)
  }

  /** Returns the person as last heard of; as given, where nobody is asked about them. */
  current(principal: Principal): Principal {
    return this.#known.get(principal.id)?.principal ?? principal
  }
}
