/** What stays the same through a session, and the services it is lived with. */
import type { Desk } from '../approval/desk.ts'
import type { Action, ActionKind, Analysis, Assurance } from '../core/action.ts'
import type { AuditType } from '../core/audit.ts'
import type { Clock } from '../core/clock.ts'
import { type HoldId, newActionId } from '../core/ids.ts'
import type { BlobStore, Log, Store } from '../core/ports.ts'
import type { SessionRecord } from '../core/session.ts'
import type { Target } from '../core/target.ts'
import type { RuleRef, SessionDuties, Verdict } from '../core/verdict.ts'
import type { Surroundings } from '../shell/context.ts'

/** Everything a session needs of the bastion. The policy is asked for each action, so a reload counts at once. */
export interface SessionServices {
  readonly clock: Clock
  readonly log: Log
  readonly store: Store
  readonly blobs: BlobStore
  readonly desk: Desk
  evaluate(action: Action): Verdict
  /** The address of a hold's page. */
  holdPage(id: HoldId): string
  /** What is laid on a session that this rule let open on this action. */
  dutiesOf(opened: { readonly because: RuleRef; readonly action: Action }): SessionDuties
  /** From shell text to what it can run. */
  analyse(text: string, surroundings?: Surroundings): Analysis
}

export interface SessionContext {
  readonly services: SessionServices
  readonly record: SessionRecord
  readonly target: Target
  readonly interactive: boolean
}

/** What a gate knows of a text that wants to run. */
export interface Draft {
  readonly kind: ActionKind
  readonly text: string
  readonly assurance: Assurance
  /** The account it runs as, where that is not the session's. */
  readonly login?: string | undefined
  /** Where the gate has more to say than the analysis of the text alone. */
  readonly analysis?: Analysis
}

export function actionFor(context: SessionContext, draft: Draft): Action {
  const { record, services } = context
  const { commands, effects, objects } = draft.analysis ?? services.analyse(draft.text)
  return {
    id: newActionId(),
    kind: draft.kind,
    text: draft.text,
    assurance: draft.assurance,
    commands,
    effects,
    objects,
    principal: record.principal,
    target: context.target,
    login: draft.login ?? record.login,
    session: record.id,
    interactive: context.interactive,
    address: record.address,
  }
}

/** Appends an audit event of this session's. */
export async function recordEvent(
  context: SessionContext,
  type: AuditType,
  detail: Record<string, unknown>,
): Promise<void> {
  const { record, services } = context
  await services.store.audit.append({
    type,
    at: services.clock.now(),
    actor: record.principal.id,
    actorName: record.principal.name,
    session: record.id,
    hold: undefined,
    detail: { target: record.target, login: record.login, ...detail },
  })
}
