/** An audit event read out of the very bytes that are in the log, so that what is told of it is what was signed. */
import type { AuditType } from '../core/audit.ts'
import { BastionError } from '../core/errors.ts'
import type { StoredRow } from '../core/evidence.ts'

export interface RowEvent {
  readonly seq: number
  readonly type: AuditType
  readonly at: string
  readonly actor: string | null
  readonly actorName: string | null
  readonly session: string | null
  readonly hold: string | null
  readonly detail: Readonly<Record<string, unknown>>
}

/** The columns as text; see store/evidence.ts for their order. Throws `untrusted` where they are none of an event's. */
export function rowTexts({ seq, columns }: StoredRow): readonly (string | null)[] {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  try {
    return columns.map((column) => (column === undefined ? null : decoder.decode(column)))
  } catch (error) {
    throw strange(seq, error)
  }
}

export function rowOf(seq: number, texts: readonly (string | null)[]): StoredRow {
  return { seq: String(seq), columns: texts.map((text) => (text === null ? undefined : Buffer.from(text))) }
}

export function readRow(seq: number, texts: readonly (string | null)[]): RowEvent {
  const [type, at, actor, actorName, session, hold, detailText] = texts
  let detail: unknown
  try {
    detail = JSON.parse(detailText ?? '')
  } catch (error) {
    throw strange(String(seq), error)
  }
  if (texts.length < 7 || typeof type !== 'string' || typeof at !== 'string') throw strange(String(seq))
  if (typeof detail !== 'object' || detail === null || Array.isArray(detail)) throw strange(String(seq))
  return {
    seq,
    type: type as AuditType,
    at,
    actor: actor ?? null,
    actorName: actorName ?? null,
    session: session ?? null,
    hold: hold ?? null,
    detail: { ...detail },
  }
}

function strange(seq: string, cause?: unknown): BastionError {
  return new BastionError(
    'untrusted',
    `Event ${seq} of the audit log cannot be read. Run “sallyport audit verify” to see what was changed.`,
    cause,
  )
}
