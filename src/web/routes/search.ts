/**
 * Search in recordings: what stood on their screens and what ran. Only those are looked through that the person may
 * watch, and the search itself is an event, with its words: what is found is read. (fault 36)
 */
import { z } from '@hono/zod-openapi'
import { BastionError } from '../../core/errors.ts'
import type { Principal } from '../../core/principal.ts'
import type { ReplayHit } from '../../core/replay.ts'
import { reviewedSessions } from '../access.ts'
import type { WebServices } from '../services.ts'
import { watching } from '../watching.ts'

export const HitView = z
  .object({
    session: z.string(),
    kind: z.enum(['shown', 'run']),
    /** From the recording’s beginning. */
    seconds: z.number().nonnegative(),
    text: z.string(),
  })
  .openapi('RecordingHit')
export type HitView = z.infer<typeof HitView>

const MOST_WORDS = 16

export interface Search {
  readonly search: string
  readonly session: string | undefined
  readonly limit: number
}

export async function searchRecordings(
  services: WebServices,
  person: Principal,
  { search, session: id, limit }: Search,
): Promise<{ readonly hits: readonly ReplayHit[]; readonly hasMore: boolean }> {
  const { store } = services
  const words = wordsOf(search)
  const session = id === undefined ? undefined : (await watching(services, person, id)).record.id
  const scope = await scopeOf(services, person)
  const found = await store.replays.search({ words, scope, session, limit: limit + 1 })
  const hits = found.slice(0, limit)
  await store.audit.append({
    type: 'recording.searched',
    at: services.clock.now(),
    actor: person.id,
    actorName: person.name,
    session,
    hold: undefined,
    detail: { words, hits: hits.length, recordings: new Set(hits.map((hit) => hit.session)).size },
  })
  return { hits, hasMore: found.length > limit }
}

/** What the index knows of a text are its letters and digits; everything between them parts words. */
function wordsOf(search: string): readonly string[] {
  const words = search.split(/[\s\0]+/).filter((word) => /[\p{L}\p{N}]/u.test(word))
  if (words.length === 0) throw new BastionError('invalid', 'Search for at least one letter or digit.')
  if (words.length > MOST_WORDS) throw new BastionError('invalid', `Search for ${MOST_WORDS} words at most.`)
  return words
}

async function scopeOf(services: WebServices, person: Principal) {
  if (services.permissionsOf(person).watchAllRecordings) return 'all' as const
  return { principal: person.id, sessions: [...(await reviewedSessions(services, person))] }
}
