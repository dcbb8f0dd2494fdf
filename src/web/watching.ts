/**
 * Looking at a recording: whether this person may, and the event that says that they did, which is stored before anything
 * of it leaves. A player asks for one recording in many pieces, which is one view. (fault 36)
 */
import { BastionError } from '../core/errors.ts'
import type { Principal } from '../core/principal.ts'
import type { SessionRecord } from '../core/session.ts'
import { findSession, mayWatch, reviewedSessions } from './access.ts'
import type { WebServices } from './services.ts'

export interface Watching {
  readonly record: SessionRecord
  /** Puts the view on record; `detail` says how it was looked at. */
  note(detail: Readonly<Record<string, unknown>>): Promise<void>
  /** The same, once for as long as somebody sits before it. */
  noteOnce(detail: Readonly<Record<string, unknown>>): Promise<void>
}

const ONE_VIEW_MS = 30 * 60_000
const MOST_VIEWS = 10_000

/** When each view was last put on record, by the services that it was seen through; the oldest first. */
const views = new WeakMap<WebServices, Map<string, number>>()

/** Throws `not-found`, or `forbidden` for who may not watch it, which is an event too. */
export async function watching(services: WebServices, person: Principal, id: string): Promise<Watching> {
  const record = await findSession(services, id)
  const note = async (type: 'recording.viewed' | 'recording.refused', detail: Readonly<Record<string, unknown>>) => {
    await services.store.audit.append({
      type,
      at: services.clock.now(),
      actor: person.id,
      actorName: person.name,
      session: record.id,
      hold: undefined,
      detail: { owner: record.principal.id, target: record.target, ...detail },
    })
  }
  if (!mayWatch(services, person, record, await reviewedSessions(services, person, record.id))) {
    await note('recording.refused', {})
    throw new BastionError(
      'forbidden',
      'This recording is not yours to watch: its owner, the reviewers of its holds and auditors may.',
    )
  }
  return {
    record,
    note: (detail) => note('recording.viewed', detail),
    async noteOnce(detail) {
      const known = views.get(services) ?? new Map<string, number>()
      views.set(services, known)
      const view = `${person.id} ${record.id}`
      const now = services.clock.now().getTime()
      if (now - (known.get(view) ?? Number.NEGATIVE_INFINITY) < ONE_VIEW_MS) return
      await note('recording.viewed', detail)
      known.delete(view)
      known.set(view, now)
      if (known.size > MOST_VIEWS) known.delete(known.keys().next().value ?? '')
    },
  }
}
