/**
 * Audit events with what proves them: the very bytes of the row, and the path from its leaf to a signed checkpoint. One
 * line of JSON for each, and the way back.
 */
import { BastionError } from '../core/errors.ts'
import type { EvidenceStore } from '../core/evidence.ts'
import { type RowEvent, readRow, rowOf, rowTexts } from '../evidence/event-row.ts'
import { openEventProof, proveEvents } from '../evidence/inclusion.ts'
import { rowDigest } from '../evidence/leaf.ts'
import type { NoteVerifier } from '../evidence/note.ts'
import { isFields } from './manifest.ts'

export interface ProofSource {
  readonly evidence: EvidenceStore
  readonly log: NoteVerifier
  /** The note that every proof leads to. */
  readonly checkpoint: string
}

/** How many rows are read ahead: events of one session mostly stand near one another. */
const AHEAD = 50

/** The rows of these events, in the order of the numbers, which grow. */
export async function* rowsOf(evidence: EvidenceStore, seqs: readonly number[]) {
  let page: Awaited<ReturnType<EvidenceStore['rows']>> = []
  for (const seq of seqs) {
    let row = page.find((each) => each.seq === String(seq))
    if (row === undefined) {
      page = await evidence.rows(seq - 1, AHEAD)
      row = page[0]
    }
    if (row?.seq !== String(seq)) throw untrusted(`event ${seq} is gone`)
    yield row
  }
}

export async function* eventsOf(evidence: EvidenceStore, seqs: readonly number[]): AsyncGenerator<RowEvent> {
  for await (const row of rowsOf(evidence, seqs)) yield readRow(Number(row.seq), rowTexts(row))
}

/** Rejects with `untrusted` where an event is not what was signed: what cannot be proved is not handed out as evidence. */
export async function* provenLines(source: ProofSource, seqs: readonly number[]): AsyncGenerator<string> {
  const { evidence, log, checkpoint } = source
  const pinned = {
    tile: (level: number, index: number) => evidence.tile(level, index),
    lastCheckpoint: async () => ({ number: 0, note: checkpoint }),
  }
  for await (const row of rowsOf(evidence, seqs)) {
    const seq = Number(row.seq)
    const [proof] = await proveEvents(pinned, [seq], log)
    if (proof === undefined) throw untrusted(`event ${seq} is not signed yet`)
    openEventProof(proof.text, { seq, digest: rowDigest(row), log })
    yield `${JSON.stringify({ seq, columns: rowTexts(row), proof: proof.text })}\n`
  }
}

/** Throws `untrusted` where the line does not prove its own event, to this very checkpoint. */
export function openProvenLine(line: string, { log, checkpoint }: Omit<ProofSource, 'evidence'>): RowEvent {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch (error) {
    throw untrusted('a line cannot be read', error)
  }
  if (!isFields(value)) throw untrusted('a line is none of an event')
  const { seq, columns, proof } = value
  const isEvent =
    typeof seq === 'number' && Number.isSafeInteger(seq) && Array.isArray(columns) && typeof proof === 'string'
  if (!isEvent || !columns.every((each) => each === null || typeof each === 'string')) {
    throw untrusted('a line is none of an event')
  }
  const texts: readonly (string | null)[] = columns
  const row = rowOf(seq, texts)
  if (!proof.endsWith(`\n\n${checkpoint}`)) throw untrusted(`event ${seq} is proved by another checkpoint`)
  openEventProof(proof, { seq, digest: rowDigest(row), log })
  return readRow(seq, texts)
}

function untrusted(why: string, cause?: unknown): BastionError {
  return new BastionError('untrusted', `The audit log cannot prove what is to be told: ${why}.`, cause)
}
