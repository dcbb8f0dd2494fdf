/** The files of one session: what it showed, what was run in it, who decided, who looked at it, and what proves it all. */
import type { HoldId } from '../core/ids.ts'
import type { AuditLog, BlobStore, HoldStore } from '../core/ports.ts'
import type { SessionRecord } from '../core/session.ts'
import { castV2, readCast } from '../recording/asciicast-reader.ts'
import { transcriptOf } from '../terminal/transcript.ts'
import { type CommandRow, commandsOf } from './commands.ts'
import { csvLine } from './csv.ts'
import { eventsOf, type ProofSource, provenLines } from './proven-events.ts'

export interface SessionSource {
  readonly record: SessionRecord
  readonly audit: Pick<AuditLog, 'list'>
  readonly holds: Pick<HoldStore, 'find'>
  readonly blobs: BlobStore
  readonly recording: string
  readonly proofs: ProofSource
  /** Events that the session's own need to be understood: policies, passkeys. */
  readonly around: readonly number[]
  /** Of the session itself, oldest first. */
  readonly seqs: readonly number[]
  /** The recording's bytes as it was when the export began: a live one grows. Undefined where there is none. */
  readonly bytes: number | undefined
}

export interface BundleFile {
  readonly name: string
  readonly sizeHint?: number | undefined
  content(): AsyncIterable<Uint8Array>
}

const PAGE = 500

/** The numbers of a session's events that the checkpoint covers. */
export async function seqsOf(
  audit: Pick<AuditLog, 'list'>,
  { id }: Pick<SessionRecord, 'id'>,
  size: number,
): Promise<readonly number[]> {
  const seqs: number[] = []
  for (let beforeSeq = size + 1; ; ) {
    const events = await audit.list({ session: id, beforeSeq, limit: PAGE })
    for (const { seq } of events) seqs.push(seq)
    const last = events.at(-1)
    if (events.length < PAGE || last === undefined) return seqs.reverse()
    beforeSeq = last.seq
  }
}

export function sessionFiles(source: SessionSource): readonly BundleFile[] {
  const { record, proofs, seqs, around, bytes } = source
  const events = () => eventsOf(proofs.evidence, seqs)
  const isLive = record.endedAt === undefined
  const file = (name: string, content: () => AsyncIterable<string>): BundleFile => ({
    name: `sessions/${record.id}/${name}`,
    content: () => encoded(content()),
  })
  const recorded: readonly BundleFile[] = [
    { name: `sessions/${record.id}/recording.cast`, sizeHint: bytes ?? 0, content: () => recordingOf(source) },
    file('recording-v2.cast', () => castV2(recordingOf(source), { isLive })),
    file('transcript.txt', () => transcript(source, isLive)),
  ]
  return [
    file('session.json', () => once(`${JSON.stringify(recordJson(record), undefined, 1)}\n`)),
    ...(bytes === undefined ? [] : recorded),
    file('commands.jsonl', () => mapped(commandsOf(events()), (row) => `${JSON.stringify(row)}\n`)),
    file('commands.csv', () => csv(commandsOf(events()))),
    file('approvals.jsonl', () => approvals(source)),
    file('access.jsonl', () => access(source)),
    file('events.jsonl', () =>
      provenLines(
        proofs,
        [...around, ...seqs].sort((a, b) => a - b),
      ),
    ),
  ]
}

/** As many bytes as there were when the export began. */
export async function* recordingOf({
  blobs,
  recording,
  bytes,
}: Pick<SessionSource, 'blobs' | 'recording' | 'bytes'>): AsyncGenerator<Uint8Array> {
  let left = bytes ?? 0
  for await (const part of await blobs.read(recording)) {
    yield part.subarray(0, left)
    left -= part.length
    if (left <= 0) return
  }
}

async function* transcript(source: SessionSource, isLive: boolean): AsyncGenerator<string> {
  const { header, events } = await readCast(recordingOf(source), { isLive })
  yield* transcriptOf(events, { cols: header.cols, rows: header.rows, hasTerminal: header.term !== undefined })
}

const CSV_COLUMNS = [
  'seq',
  'at',
  'text',
  'verdict',
  'rule',
  'effects',
  'assurance',
  'hold',
  'decisions',
  'outcome',
  'released at',
  'finished at',
  'exit status',
] as const

async function* csv(rows: AsyncIterable<CommandRow>): AsyncGenerator<string> {
  yield csvLine(CSV_COLUMNS)
  for await (const row of rows) {
    const decisions = row.decisions.map(
      ({ kind, by, at, reason }) => `${kind} by ${by} at ${at}${reason === '' ? '' : `: ${reason}`}`,
    )
    yield csvLine([
      row.seq,
      row.at,
      row.text,
      row.verdict,
      row.rule,
      row.effects.join(' '),
      row.assurance,
      row.hold,
      decisions.join('; '),
      row.outcome,
      row.releasedAt,
      row.finishedAt,
      row.exitStatus,
    ])
  }
}

/** Each hold as the bastion has it: who was asked, what reviewers saw, each decision with its receipt where it was signed. */
async function* approvals({ proofs, seqs, holds }: SessionSource): AsyncGenerator<string> {
  for await (const { type, hold } of eventsOf(proofs.evidence, seqs)) {
    if (type !== 'command.held' || hold === null) continue
    const found = await holds.find(hold as HoldId)
    if (found === undefined) continue
    // Where the target is and which secret opens it is nobody's business here.
    const { target, ...action } = found.action
    yield `${JSON.stringify({ ...found, action: { ...action, target: { name: target.name, labels: target.labels } } })}\n`
  }
}

const LOOKS: Readonly<Record<string, string>> = {
  'recording.viewed': 'viewed',
  'recording.exported': 'exported',
  'recording.refused': 'refused',
}

async function* access({ proofs, seqs }: SessionSource): AsyncGenerator<string> {
  for await (const { seq, type, at, actor, actorName, detail } of eventsOf(proofs.evidence, seqs)) {
    const what = LOOKS[type]
    if (what !== undefined) {
      yield `${JSON.stringify({ seq, at, what, by: actor, name: actorName, format: detail.format ?? null })}\n`
    }
  }
}

/** With the identity provider's claims as they were when the session opened. */
function recordJson(record: SessionRecord) {
  const { principal, ...rest } = record
  return {
    ...rest,
    endedAt: record.endedAt ?? null,
    exitStatus: record.exitStatus ?? null,
    endReason: record.endReason ?? null,
    command: record.command ?? null,
    principal: { ...principal, email: principal.email ?? null, owner: principal.owner ?? null },
  }
}

export async function* once(text: string): AsyncGenerator<string> {
  yield text
}

async function* mapped<T>(items: AsyncIterable<T>, map: (item: T) => string): AsyncGenerator<string> {
  for await (const item of items) yield map(item)
}

/** Small pieces are put together: a line each would cost more than its bytes. */
export async function* encoded(texts: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  let text = ''
  for await (const piece of texts) {
    text += piece
    if (text.length < 32 * 1024) continue
    yield Buffer.from(text)
    text = ''
  }
  if (text !== '') yield Buffer.from(text)
}
