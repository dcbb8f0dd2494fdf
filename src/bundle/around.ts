/** Events outside of a session that its own cannot be understood without: the policies in force, and reviewers' passkeys. */
import type { AuditType, StoredAuditEvent } from '../core/audit.ts'
import type { EvidenceStore } from '../core/evidence.ts'
import type { AuditLog } from '../core/ports.ts'
import { isFields } from './manifest.ts'
import { eventsOf } from './proven-events.ts'

export interface Around {
  readonly seqs: readonly number[]
  /** Digests of the policies that were in force at some time of the session. */
  readonly policies: readonly string[]
}

interface Parts {
  readonly audit: Pick<AuditLog, 'list'>
  readonly evidence: EvidenceStore
  /** How many events the checkpoint covers. */
  readonly size: number
}

const PAGE = 500

export async function eventsAround(parts: Parts, seqs: readonly number[]): Promise<Around> {
  const [first, last] = [seqs[0], seqs.at(-1)]
  if (first === undefined || last === undefined) return { seqs: [], policies: [] }
  const around = new Set<number>()
  const policies = new Set<string>()
  for await (const { seq, detail } of newestFirst(parts, 'policy.loaded', last)) {
    around.add(seq)
    if (typeof detail.digest === 'string') policies.add(detail.digest)
    if (seq < first) break
  }
  const wanted = await credentials(parts, seqs)
  if (wanted.size > 0) {
    for await (const { seq, detail } of newestFirst(parts, 'passkey.registered', parts.size)) {
      if (!wanted.delete(String(detail.credential))) continue
      around.add(seq)
      if (wanted.size === 0) break
    }
  }
  return { seqs: [...around], policies: [...policies] }
}

/** The passkeys that signed a decision of the session's. */
async function credentials({ evidence }: Parts, seqs: readonly number[]): Promise<Set<string>> {
  const found = new Set<string>()
  for await (const { detail } of eventsOf(evidence, seqs)) {
    const { receipt } = detail
    if (!isFields(receipt) || !isFields(receipt.assertion)) continue
    found.add(String(receipt.assertion.credential))
  }
  return found
}

async function* newestFirst({ audit }: Parts, type: AuditType, from: number): AsyncGenerator<StoredAuditEvent> {
  for (let beforeSeq = from + 1; ; ) {
    const events = await audit.list({ types: [type], beforeSeq, limit: PAGE })
    yield* events
    const last = events.at(-1)
    if (events.length < PAGE || last === undefined) return
    beforeSeq = last.seq
  }
}
