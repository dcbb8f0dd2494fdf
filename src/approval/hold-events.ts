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

  /** With all that a signed decision says of a hold, so that the log alone is enough for who verifies it. */
  ofHold(hold: Hold): Promise<unknown> {
    const { kind, login, target } = hold.action
    return this.ofAction('command.held', hold.action, hold.id, {
      rule: hold.because,
      reviewers: hold.quorum.reviewers,
      sign: hold.quorum.sign ?? null,
      kind,
      login,
      address: { host: target.host, port: target.port, hostKeys: target.hostKeys },
    })
  }

  /** Of whoever decides; `at` is when they did, which may be before it could be stored. */
  ofDecision(
    type: AuditType,
    hold: Hold,
    by: Principal,
    detail: Record<string, unknown>,
    at = this.#clock.now(),
  ): Promise<unknown> {
    return this.#audit.append({
      type,
      at,
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
