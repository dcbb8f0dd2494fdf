/**
 * What a browser needs to check a recording by itself: the events that have its chunks, row by row as they are stored, and
 * for each the proof that it is in the signed log. The bytes are those of `/cast`.
 */
import { z } from '@hono/zod-openapi'
import type { SessionId } from '../../core/ids.ts'
import { proveEvents } from '../../evidence/inclusion.ts'
import { formatVerifier } from '../../evidence/note.ts'
import type { Api } from '../api.ts'
import { personOf } from '../caller.ts'
import type { WebServices } from '../services.ts'
import { json, problems } from '../views/common.ts'
import { watching } from '../watching.ts'

export const RecordingEvidence = z
  .object({
    /** name+id+base64 (c2sp.org/signed-note). */
    logKey: z.string(),
    name: z.string(),
    sizeBytes: z.number().int(),
    events: z.array(
      z.object({
        seq: z.number().int(),
        /** In the order of the table, base64; null for NULL. */
        columns: z.array(z.string().nullable()),
        /** c2sp.org/tlog-proof; null while no checkpoint is behind it. */
        proof: z.string().nullable(),
      }),
    ),
  })
  .openapi('RecordingEvidence')
export type RecordingEvidence = z.infer<typeof RecordingEvidence>

const PAGE = 1_000

export function addRecordingEvidence(api: Api, services: WebServices): void {
  api.route(
    'signed-in',
    {
      method: 'get',
      path: '/recordings/{id}/evidence',
      summary: 'The log’s events about a recording’s chunks, each with its row and its inclusion proof',
      request: { params: z.object({ id: z.string().max(64) }) },
      responses: { 200: json(RecordingEvidence, 'What there is to check it by.'), ...problems },
    },
    async (c) => {
      const { store, blobs, logKey, recordingName } = services
      const { record, noteOnce } = await watching(services, personOf(c), c.req.valid('param').id)
      const name = recordingName(record.id)
      const sizeBytes = await blobs.size(name)
      await noteOnce({ way: 'evidence' })
      const seqs = await chunkEvents(services, record.id)
      const proofs = new Map((await proveEvents(store.evidence, seqs, logKey)).map(({ seq, text }) => [seq, text]))
      const events: RecordingEvidence['events'] = []
      for (const seq of seqs) {
        const [row] = await store.evidence.rows(seq - 1, 1)
        // Where it is missing or moved, the page says so: the proof leads from no other row.
        const columns = row?.columns.map((bytes) =>
          bytes === undefined ? null : Buffer.from(bytes).toString('base64'),
        )
        events.push({ seq, columns: columns ?? [], proof: proofs.get(seq) ?? null })
      }
      return c.json({ logKey: formatVerifier(logKey), name, sizeBytes, events }, 200)
    },
  )
}

/** Oldest first. */
async function chunkEvents({ store }: WebServices, session: SessionId): Promise<readonly number[]> {
  const seqs: number[] = []
  for (let beforeSeq: number | undefined; ; ) {
    const page = await store.audit.list({
      types: ['recording.stored', 'recording.sealed'],
      session,
      limit: PAGE,
      ...(beforeSeq !== undefined && { beforeSeq }),
    })
    seqs.push(...page.map(({ seq }) => seq))
    beforeSeq = page.at(-1)?.seq
    if (page.length < PAGE) return seqs.reverse()
  }
}
