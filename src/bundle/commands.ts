/**
 * The commands of a session as rows, out of its audit events: each with the policy's word, who decided and what became of
 * it. A row is given once nothing more can be told of it, so that only what still waits or runs is kept in memory.
 */
import type { RowEvent } from '../evidence/event-row.ts'

export interface CommandRow {
  /** Of the event that it began with. */
  readonly seq: number
  readonly at: string
  readonly text: string
  /** `entered`: inside a program that nothing gates; read off the screen. */
  readonly verdict: 'allowed' | 'held' | 'denied' | 'granted' | 'entered'
  readonly rule: string | null
  readonly effects: readonly string[]
  readonly assurance: string | null
  readonly hold: string | null
  readonly decisions: readonly {
    readonly kind: 'approved' | 'rejected' | 'glass broken'
    readonly by: string
    readonly byId: string
    readonly at: string
    readonly reason: string
    readonly isSigned: boolean
  }[]
  /** `ran`: it was let run; `waiting`: the log goes no further. */
  readonly outcome: 'ran' | 'denied' | 'rejected' | 'expired' | 'withdrawn' | 'revoked' | 'waiting'
  readonly releasedAt: string | null
  readonly finishedAt: string | null
  readonly exitStatus: number | null
}

type Open = { -readonly [Key in keyof CommandRow]: CommandRow[Key] }

/** Of the events of one session, oldest first. */
export async function* commandsOf(events: AsyncIterable<RowEvent>): AsyncGenerator<CommandRow> {
  const open = new Map<string, Open>()
  for await (const event of events) {
    const row = event.hold === null ? undefined : open.get(event.hold)
    switch (event.type) {
      case 'command.allowed':
        yield { ...begun(event, 'allowed'), outcome: 'ran' }
        break
      case 'command.denied':
        yield { ...begun(event, 'denied'), outcome: 'denied' }
        break
      case 'grant.used':
        yield { ...begun(event, 'granted'), outcome: 'ran', releasedAt: event.at }
        break
      case 'line.entered':
        yield { ...begun(event, 'entered'), outcome: 'ran' }
        break
      case 'command.held':
        if (event.hold !== null) open.set(event.hold, begun(event, 'held'))
        break
      case 'hold.approved':
      case 'glass.broken':
        if (row !== undefined) row.decisions = [...row.decisions, decisionOf(event)]
        break
      case 'command.released':
        if (row === undefined) break
        row.outcome = 'ran'
        row.releasedAt = event.at
        break
      case 'command.finished':
        if (row === undefined || event.hold === null) break
        open.delete(event.hold)
        yield { ...row, outcome: 'ran', finishedAt: event.at, exitStatus: numberOf(event.detail.exitStatus) }
        break
      case 'hold.rejected':
        if (row === undefined || event.hold === null) break
        open.delete(event.hold)
        yield { ...row, decisions: [...row.decisions, decisionOf(event)], outcome: 'rejected' }
        break
      case 'hold.expired':
      case 'hold.withdrawn':
      case 'hold.revoked':
        if (row === undefined || event.hold === null) break
        open.delete(event.hold)
        yield { ...row, outcome: event.type.slice('hold.'.length) as 'expired' | 'withdrawn' | 'revoked' }
        break
      default:
    }
  }
  yield* open.values()
}

function begun({ seq, at, hold, detail }: RowEvent, verdict: CommandRow['verdict']): Open {
  const rule = detail.rule as { readonly name?: unknown } | undefined
  return {
    seq,
    at,
    // A line whose text did not show has none.
    text: textOf(detail.text) ?? '',
    verdict,
    rule: textOf(rule?.name),
    effects: Array.isArray(detail.effects) ? detail.effects.map(String) : [],
    assurance: textOf(detail.assurance),
    hold,
    decisions: [],
    outcome: 'waiting',
    releasedAt: null,
    finishedAt: null,
    exitStatus: null,
  }
}

const DECISIONS: Readonly<Record<string, CommandRow['decisions'][number]['kind']>> = {
  'hold.approved': 'approved',
  'hold.rejected': 'rejected',
  'glass.broken': 'glass broken',
}

function decisionOf({ type, at, actor, actorName, detail }: RowEvent): CommandRow['decisions'][number] {
  return {
    kind: DECISIONS[type] ?? 'rejected',
    by: actorName ?? '',
    byId: actor ?? '',
    at,
    reason: textOf(detail.reason) ?? '',
    isSigned: typeof detail.receipt === 'object' && detail.receipt !== null,
  }
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' ? value : null
}
