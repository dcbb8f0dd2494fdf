/** The audit events of holds: in the name of who asked, or of who decided, with what it was about. */
import type { Action } from '../core/action.ts'
import type { AuditType } from '../core/audit.ts'
import type { Clock } from '../core/clock.ts'
import type { Hold } from '../core/hold.ts'
import type { HoldId } from '../core/ids.ts'
import type { Store } from '../core/ports.ts'
import type { Principal } from '../core/principal.ts'

export class HoldEvents {
  readonly #audit: Store['audit']
  readonly #clock: Clock

  constructor({ store, clock }: { readonly store: Pick<Store, 'audit'>; readonly clock: Clock }) {
    this.#audit = store.audit
    this.#clock = clock
  }

  /** Of the requester's; `hold` undefined where the action was not held. */
  ofAction(
    type: AuditType,
    action: Action,
    hold: HoldId | undefined,
    detail: Record<string, unknown>,
  ): Promise<unknown> {
    return this.#audit.append({
      type,
      at: this.#clock.now(),
      actor: action.principal.id,
      actorName: action.principal.name,
      session: action.session,
      hold,
      detail: {
        action: action.id,
        text: action.text,
        effects: action.effects,
        assurance: action.assurance,
        target: action.target.name,
        ...detail,
      },
    })
  }

  /** Of whoever decides. */
  ofDecision(type: AuditType, hold: Hold, by: Principal, detail: Record<string, unknown>): Promise<unknown> {
    return this.#audit.append({
      type,
      at: this.#clock.now(),
      actor: by.id,
      actorName: by.name,
      session: hold.action.session,
      hold: hold.id,
      detail: {
        action: hold.action.id,
        text: hold.action.text,
        target: hold.action.target.name,
        requester: hold.action.principal.id,
        ...detail,
      },
    })
  }
}
