/**
 * What ran in a session, or wanted to, in the order of the recording: read out of the audit log, which has the verdict on
 * each text and what became of it.
 */
import type { AuditType, StoredAuditEvent } from '../core/audit.ts'
import type { HoldStateKind } from '../core/hold.ts'
import type { HoldId, SessionId } from '../core/ids.ts'
import type { Store } from '../core/ports.ts'

export interface SessionCommand {
  /** From the recording's beginning. */
  readonly seconds: number
  readonly text: string
  /** `entered`: inside a program that nothing gates, and read off the screen. */
  readonly verdict: 'allowed' | 'held' | 'granted' | 'denied' | 'entered'
  /** It was judged before its time, so it may have run a moment later, or not at all (`false && ls`). */
  readonly isAhead: boolean
  readonly hold: HoldId | undefined
  /** What became of one that was held. */
  readonly state: HoldStateKind | undefined
  /** Who decided, beside the policy. */
  readonly by: readonly string[]
  /** Undefined where nobody knows: a shell tells none of a step. */
  readonly exitStatus: number | undefined
}

/** Kept of one session; a script of a million steps need not be listed. */
export const MOST_COMMANDS = 20_000
const PAGE = 1_000

const TYPES = [
  'recording.started',
  'command.allowed',
  'command.held',
  'command.denied',
  'command.finished',
  'grant.used',
  'line.entered',
] as const

export async function commandsOf(
  store: Pick<Store, 'audit' | 'sessions' | 'holds'>,
  session: SessionId,
): Promise<readonly SessionCommand[]> {
  const events = await eventsOf(store, session)
  const holds = new Map((await store.holds.list({ session, limit: MOST_COMMANDS })).map((hold) => [hold.id, hold]))
  const started =
    events.find(({ type }) => type === 'recording.started')?.at ?? (await store.sessions.find(session))?.startedAt
  const startMs = started?.getTime() ?? 0
  const commands: Draft[] = []
  for (const { type, hold, at, detail } of events) {
    const verdict = VERDICTS[type]
    const text = typeof detail.text === 'string' ? detail.text : ''
    if (type === 'command.finished') finish(commands, text, detail)
    if (verdict === undefined || commands.length >= MOST_COMMANDS) continue
    const of = hold === undefined ? undefined : holds.get(hold)
    commands.push({
      seconds: Math.max(0, (at.getTime() - startMs) / 1000),
      text,
      verdict,
      isAhead: detail.ahead === true,
      hold,
      state: verdict === 'held' ? of?.state.kind : undefined,
      by: verdict === 'held' ? (of?.decisions.map(({ by }) => by.name) ?? []) : byOf(detail),
      exitStatus: verdict === 'held' && of?.state.kind === 'done' ? of.state.exitStatus : undefined,
    })
  }
  return commands
}

type Draft = { -readonly [Key in keyof SessionCommand]: SessionCommand[Key] }

const VERDICTS: Readonly<Partial<Record<AuditType, SessionCommand['verdict']>>> = {
  'command.allowed': 'allowed',
  'command.held': 'held',
  'command.denied': 'denied',
  'grant.used': 'granted',
  'line.entered': 'entered',
}

/** Of one that was not held; a hold has its own end. */
function finish(commands: readonly Draft[], text: string, { exitStatus }: Readonly<Record<string, unknown>>): void {
  const command = commands.findLast((each) => each.text === text && each.verdict !== 'held')
  if (command !== undefined && typeof exitStatus === 'number') command.exitStatus = exitStatus
}

function byOf({ by }: Readonly<Record<string, unknown>>): readonly string[] {
  return typeof by === 'string' ? [by] : []
}

/** Oldest first. */
async function eventsOf({ audit }: Pick<Store, 'audit'>, session: SessionId): Promise<readonly StoredAuditEvent[]> {
  const pages: (readonly StoredAuditEvent[])[] = []
  for (let beforeSeq: number | undefined; ; ) {
    const page = await audit.list({
      types: TYPES,
      session,
      limit: PAGE,
      ...(beforeSeq !== undefined && { beforeSeq }),
    })
    pages.push(page)
    beforeSeq = page.at(-1)?.seq
    if (page.length < PAGE || pages.length * PAGE > MOST_COMMANDS * 2) return pages.flat().reverse()
  }
}
