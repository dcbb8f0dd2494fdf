/** What is done when recordings do not get to their store, or do again: an audit event, the log, and at last the sessions' end. */
import { STOPPED } from './blob/spool/pressure.ts'
import type { AuditType } from './core/audit.ts'
import type { Clock } from './core/clock.ts'
import type { AuditLog, Log } from './core/ports.ts'
import type { SpoolReport, SpoolState } from './core/spool.ts'

export interface SpoolParts {
  readonly clock: Clock
  readonly log: Log
  readonly audit: AuditLog
  /** Ends every session with this reason. */
  readonly endAll: (reason: string) => void
}

const EVENTS = {
  well: 'spool.recovered',
  behind: 'spool.delayed',
  slow: 'spool.slowed',
  stopped: 'spool.stopped',
} as const satisfies Record<SpoolState, AuditType>

export function spoolChanged(report: SpoolReport, before: SpoolState, { clock, log, audit, endAll }: SpoolParts): void {
  const { state, why = null, ...numbers } = report
  const detail = { before, ...numbers, why }
  log[state === 'well' ? 'info' : 'error']({ state, ...detail }, 'the way of recordings to their store changed')
  audit
    .append({
      type: EVENTS[state],
      at: clock.now(),
      actor: undefined,
      actorName: undefined,
      session: undefined,
      hold: undefined,
      detail,
    })
    .catch((error) => log.error({ err: error }, 'an alarm of the spool is not recorded'))
  if (state === 'stopped') endAll(STOPPED)
}
