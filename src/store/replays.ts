/** Replay indexes, keyframes and searchable lines over SQL. */
import { type Expression, type SqlBool, sql } from 'kysely'
import type { SessionId } from '../core/ids.ts'
import type { Keyframe, Pause, ReplayIndex, ReplayMarker, ReplayStore, Segment } from '../core/replay.ts'
import { boundedLimit } from './limit.ts'
import type { Flavour } from './migrations/flavour.ts'
import { boolean, id, integer, list, Mismatch, oneOf, type Parse, record, text } from './parse.ts'
import { parseJson } from './rows.ts'
import type { Database } from './schema.ts'

const seconds: Parse<number> = (value, path) => {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new Mismatch(path, 'a number of seconds')
  return value
}

const replayIndex = record<ReplayIndex>({
  cols: integer,
  rows: integer,
  duration: seconds,
  bytes: integer,
  segments: list(record<Segment>({ seconds, offset: integer })),
  pauses: list(record<Pause>({ seconds, length: seconds })),
  markers: list(record<ReplayMarker>({ seconds, label: text })),
  isTextWhole: boolean,
})
const keyframe = record<Keyframe>({ cols: integer, rows: integer, text })

export function replayStore(db: Database, flavour: Flavour): ReplayStore {
  return {
    async begin(session) {
      await db.transaction().execute(async (transaction) => {
        for (const table of ['replays', 'replay_keyframes', 'replay_lines'] as const) {
          await transaction.deleteFrom(table).where('session', '=', session).execute()
        }
      })
    },

    async addKeyframe(session, number, frame) {
      await db
        .insertInto('replay_keyframes')
        .values({ session, number, detail: JSON.stringify(frame) })
        .execute()
    },

    async addLines(session, lines) {
      if (lines.length === 0) return
      await db.transaction().execute(async (transaction) => {
        for (const line of lines)
          await transaction
            .insertInto('replay_lines')
            .values({ session, ...line })
            .execute()
      })
    },

    async finish(session, index) {
      await db
        .insertInto('replays')
        .values({ session, detail: JSON.stringify(index) })
        .execute()
    },

    async find(session) {
      const row = await db.selectFrom('replays').select('detail').where('session', '=', session).executeTakeFirst()
      return row === undefined ? undefined : parseJson(replayIndex, row.detail, 'replay')
    },

    async keyframe(session, number) {
      const row = await db
        .selectFrom('replay_keyframes')
        .select('detail')
        .where('session', '=', session)
        .where('number', '=', number)
        .executeTakeFirst()
      return row === undefined ? undefined : parseJson(keyframe, row.detail, 'keyframe')
    },

    async missing(limit) {
      const rows = await db
        .selectFrom('sessions')
        .leftJoin('replays', 'replays.session', 'sessions.id')
        .select('sessions.id')
        .where('replays.session', 'is', null)
        .where('sessions.ended_at', 'is not', null)
        .orderBy('sessions.ordinal', 'desc')
        .limit(boundedLimit(limit))
        .execute()
      return rows.map((row) => id<SessionId>(row.id, 'id'))
    },

    async search({ words, scope, session, limit }) {
      if (words.length === 0) return []
      let query = db
        .selectFrom('replay_lines')
        .innerJoin('sessions', 'sessions.id', 'replay_lines.session')
        // One that is being made again is not found by half.
        .innerJoin('replays', 'replays.session', 'replay_lines.session')
        .select(['replay_lines.session', 'replay_lines.kind', 'seconds', 'replay_lines.text'])
        .where(flavour.hasWords('replay_lines', 'text', words) as Expression<SqlBool>)
      if (scope !== 'all') {
        const others = scope.sessions.slice(0, MOST_NAMED)
        query = query.where((expression) =>
          expression.or([
            expression('sessions.principal_id', '=', scope.principal),
            ...(others.length === 0 ? [] : [expression('sessions.id', 'in', others)]),
          ]),
        )
      }
      if (session !== undefined) query = query.where('replay_lines.session', '=', session)
      const rows = await query
        .orderBy('sessions.ordinal', 'desc')
        .orderBy('seconds')
        .orderBy(sql`replay_lines.ordinal`)
        .limit(boundedLimit(limit))
        .execute()
      return rows.map((row) => ({
        session: id<SessionId>(row.session, 'session'),
        kind: oneOf('shown', 'run')(row.kind, 'kind'),
        seconds: seconds(row.seconds, 'seconds'),
        text: text(row.text, 'text'),
      }))
    },
  }
}

/** Values that one statement names; SQLite takes 32766. */
const MOST_NAMED = 10_000
