/**
 * A session from its first byte to its last: opened on an Authorization, lived through a gate, closed in one place.
 *
 * Order of opening: record in the store → recording → audit event → verdict for opening it → upstream.
 * Order of closing: the target's last output shown → recording closed → audit event → exit status, EOF, close to the
 * client (RFC 4254 §6.10). Whatever fails on the way ends the session with a sentence.
 */
import type { Clock } from '../core/clock.ts'
import { BastionError, messageFor } from '../core/errors.ts'
import type { ConnectionId, KeyBindingId, SignInId } from '../core/ids.ts'
import { newSessionId } from '../core/ids.ts'
import type { SessionRecord } from '../core/session.ts'
import type { RuleRef } from '../core/verdict.ts'
import type { Authorization } from '../policy/authorize.ts'
import { type Recorder, startRecording } from '../recording/recorder.ts'
import { Screen } from '../terminal/screen.ts'
import { visible } from '../terminal/visible.ts'
import type { ClientChannel, Exit, Pty, Upstream } from './channel.ts'
import { Checkpoint } from './checkpoint.ts'
import { recordEvent, type SessionContext, type SessionServices } from './context.ts'
import { DutyKeeper } from './duties.ts'
import { runExec } from './exec.ts'
import { HeldStatus } from './held-status.ts'
import { hasColour, type NoticeStyle, sessionNotice } from './notice.ts'
import { Opening } from './opening.ts'
import { Pump } from './pump.ts'
import type { Registry } from './registry.ts'
import { runShell } from './shell.ts'
import { Ungated } from './ungated.ts'

/** Of sysexits.h; the person was told why on stderr. */
export const EXIT_REFUSED = 77
/** What a shell says of a program that SIGINT ended. */
export const EXIT_WITHDRAWN = 130

/** What the client asked for on its channel. */
export interface SessionRequest {
  readonly connection: ConnectionId
  readonly keyBinding: KeyBindingId | undefined
  readonly signIn?: SignInId | undefined
  readonly address: string
  readonly clientVersion: string
  /** The command of an exec; undefined for a shell. */
  readonly command: string | undefined
  readonly pty: Pty | undefined
  readonly env: Readonly<Record<string, string>>
  /** Sentences the person should see first, for instance that a forwarding was refused. */
  readonly remarks: readonly string[]
}

export interface SessionParts {
  readonly services: SessionServices
  readonly registry: Registry
  /** Connects to the target; rejects with a BastionError that says why it cannot. */
  readonly openUpstream: () => Promise<Upstream>
  /** The blob's name of a session's recording. */
  readonly recordingName: (session: string) => string
}

/** What a running session's gate works with. */
export interface Live {
  readonly context: SessionContext
  readonly request: SessionRequest
  readonly client: ClientChannel
  readonly upstream: Upstream
  readonly pump: Pump
  readonly checkpoint: Checkpoint
  readonly recorder: Recorder
  readonly screen: Screen | undefined
  /** The line that says what is held; undefined where the terminal has no place for one. */
  readonly status?: HeldStatus | undefined
  readonly ungated: Ungated
  /** Aborted when the session has to end, with the reason; also when the client is gone. */
  readonly ended: AbortSignal
  /** Lays the duties of the rule that let the session open on it. */
  readonly keepDuties: (because: RuleRef) => void
  /** Tells the person a sentence about the session; resolves when it is stored and shown. */
  readonly tell: (sentence: string) => Promise<void>
  /** Ends the session; the reason is told to the person. */
  readonly end: (reason: string) => void
  /** Shuts the way in while `waiting` commands wait. Set by the gate. */
  onWaiting: (waiting: number) => void
}

const SCREEN_LINES_FOR_REVIEW = 30
/** How long a session that ends waits for what is still to be told of its commands. */
const LAST_WORDS_LIMIT_MS = 2_000

/** Runs a session on the client's channel to its end; never rejects. */
export async function runSession(
  authorization: Authorization,
  channel: { readonly client: ClientChannel; readonly request: SessionRequest },
  parts: SessionParts,
): Promise<void> {
  const { client, request } = channel
  const { services } = parts
  const style: NoticeStyle = {
    newline: request.pty === undefined ? '\n' : '\r\n',
    hasColour: hasColour(request.pty?.term),
  }
  const record = newRecord(authorization, request, services.clock.now())
  const context: SessionContext = {
    services,
    record,
    target: authorization.target,
    interactive: request.pty !== undefined,
  }
  try {
    await services.store.sessions.insert(record)
    const recorder = await startRecording({
      blobs: services.blobs,
      clock: services.clock,
      name: parts.recordingName(record.id),
      header: castHeader(record, request),
      seal: (type, detail) => recordEvent(context, type, detail),
    })
    await recordEvent(context, 'recording.started', { name: parts.recordingName(record.id) })
    await recordEvent(context, 'session.opened', {
      kind: record.kind,
      command: record.command ?? null,
      address: record.address,
    })
    await live(context, { client, request, recorder, style }, parts)
  } catch (error) {
    // Nothing of the target's was shown yet; this sentence is ours, and there is no recording to put it into.
    services.log.error({ session: record.id, err: error }, 'a session could not be opened')
    await client.write(Buffer.from(sessionNotice(messageFor(error), style)), 'stderr').catch(() => {})
    await services.store.sessions
      .finish(record.id, { at: services.clock.now(), exitStatus: undefined, reason: messageFor(error) })
      .catch(() => {})
    await client.end({ kind: 'status', status: EXIT_REFUSED }).catch(() => {})
  }
}

async function live(
  context: SessionContext,
  open: {
    readonly client: ClientChannel
    readonly request: SessionRequest
    readonly recorder: Recorder
    readonly style: NoticeStyle
  },
  parts: SessionParts,
): Promise<void> {
  const { request, recorder, style } = open
  const { services, record } = context
  const ended = new AbortController()
  const end = (reason: string) => ended.abort(new BastionError('unavailable', reason))
  const duties = new DutyKeeper(services.clock, end)
  const client = watched(open.client, {
    typed: () => {
      duties.noticeActivity()
      pump.noticeTyped()
      status?.settle()
    },
    shown: () => duties.noticeActivity(),
  })
  const screen = request.pty === undefined ? undefined : new Screen(request.pty)
  const pump: Pump = new Pump({ recorder, client, screen, clock: services.clock })
  const opening: Opening = new Opening(services, {
    duties,
    pump,
    end,
    withdraw: (reason) => void checkpoint.withdraw(reason),
  })
  const stream = request.pty === undefined ? 'stderr' : 'stdout'
  // A sentence of ours starts a line of its own, also where the person's command stands on the line they are at.
  const tell = async (notice: string) => {
    await screen?.settled()
    const start = screen !== undefined && screen.cursor.x > 0 ? style.newline : ''
    await pump.show(Buffer.from(`${start}${notice}`), stream)
  }
  const status: HeldStatus | undefined =
    screen !== undefined && style.hasColour
      ? new HeldStatus({ clock: services.clock, pump, online: (hold) => services.desk.presence.reviewersOf(hold) })
      : undefined
  const live: { onWaiting: (waiting: number) => void } = { onWaiting: () => {} }
  const checkpoint: Checkpoint = new Checkpoint({
    context: { ...context, services: { ...services, evaluate: (action) => opening.evaluate(action) } },
    recorder,
    style,
    tell,
    status,
    onWaiting: (waiting) => live.onWaiting(waiting),
    screen: async () => {
      await screen?.settled()
      return screen?.lastLines(SCREEN_LINES_FOR_REVIEW).map(visible) ?? []
    },
  })
  const ungated = new Ungated({ context, recorder, onChange: () => parts.registry.noticeChange() })
  const done = Promise.withResolvers<void>()
  const leave = parts.registry.add({
    record,
    keyBinding: request.keyBinding,
    signIn: request.signIn,
    screen: () => screen?.lastLines(SCREEN_LINES_FOR_REVIEW).map(visible) ?? [],
    ungated: () => ungated.current,
    watch: pump.watch,
    reconsider: (change) => opening.reconsider(change),
    end: (reason) => {
      end(reason)
      return done.promise
    },
  })
  let hasLeft = false
  const onGone = () => {
    hasLeft = !ended.signal.aborted
    checkpoint.withdraw('the connection was lost')
    end('the connection was lost')
  }
  client.closed.addEventListener('abort', onGone, { once: true })
  if (client.closed.aborted) onGone()

  let exit: Exit = { kind: 'status', status: EXIT_REFUSED }
  let upstream: Upstream | undefined
  try {
    for (const remark of request.remarks) await tell(sessionNotice(remark, style))
    upstream = await parts.openUpstream()
    await recordEvent(context, 'upstream.opened', { host: context.target.host, port: context.target.port })
    ended.signal.addEventListener('abort', () => upstream?.close(), { once: true })
    const parts_ = {
      context,
      request,
      client,
      upstream,
      pump,
      checkpoint,
      status,
      recorder,
      screen,
      ungated,
      ended: ended.signal,
      tell: (sentence: string) => tell(sessionNotice(sentence, style)),
      end,
      keepDuties: (because: RuleRef) => opening.keep(because),
    }
    const running = Object.assign(live, parts_)
    exit = record.command === undefined ? await runShell(running) : await runExec(running, record.command)
  } catch (error) {
    if (!client.closed.aborted) services.log.warn({ session: record.id, err: error }, 'a session ended with an error')
    if (upstream === undefined)
      await recordEvent(context, 'upstream.refused', { why: messageFor(error) }).catch(() => {})
    end(messageFor(error))
  }

  duties.stop()
  status?.settle()
  checkpoint.withdraw('the session is over')
  upstream?.close()
  // What became of a command that waited is told before the session's own last word.
  if (!client.closed.aborted) await within(services.clock, LAST_WORDS_LIMIT_MS, checkpoint.settled())
  // A client that left needs no reason of ours; what was waiting was withdrawn.
  const reason = ended.signal.aborted && !hasLeft ? messageFor(ended.signal.reason) : undefined
  if (reason !== undefined && !client.closed.aborted) {
    // If it cannot be stored it is shown all the same: these words are ours, not the target's.
    const notice = sessionNotice(reason, style)
    await tell(notice).catch(() => client.write(Buffer.from(notice), stream).catch(() => {}))
  }
  await close(context, { recorder, exit, reason, masked: pump.masked })
  await client.end(exit).catch(() => {})
  pump.dismiss()
  screen?.dispose()
  leave()
  done.resolve()
}

/** Resolves when the task is done, or the time is over. */
async function within(clock: Clock, limitMs: number, task: Promise<void>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const stopTimer = clock.after(limitMs, resolve)
  await Promise.race([task, promise])
  stopTimer()
}

/** Closes the recording and the books. What fails here is logged: the person is leaving, and nothing more is shown. */
async function close(
  context: SessionContext,
  end: { recorder: Recorder; exit: Exit; reason: string | undefined; masked: ReadonlyMap<string, number> },
): Promise<void> {
  const { services, record } = context
  const exitStatus = end.exit.kind === 'status' ? end.exit.status : undefined
  const attempt = async (what: string, task: () => Promise<unknown>) => {
    try {
      await task()
    } catch (error) {
      services.log.error({ session: record.id, err: error }, what)
    }
  }
  await attempt('a recording could not be closed', async () => {
    if (exitStatus !== undefined) await end.recorder.exit(exitStatus)
    const { outputBytes, outputSha256 } = await end.recorder.close()
    await recordEvent(context, 'recording.closed', { outputBytes, outputSha256 })
  })
  await attempt('grants for this session still show', () =>
    services.desk.grants.endSession(record.id, record.principal.id),
  )
  await attempt('what was masked could not be recorded', async () => {
    if (end.masked.size > 0) await recordEvent(context, 'output.masked', { masks: Object.fromEntries(end.masked) })
  })
  await attempt('the end of a session could not be recorded', async () => {
    if (end.recorder.failed !== undefined)
      await recordEvent(context, 'recording.failed', { why: messageFor(end.recorder.failed) })
    await recordEvent(context, 'session.closed', { exitStatus: exitStatus ?? null, reason: end.reason ?? null })
    await services.store.sessions.finish(record.id, { at: services.clock.now(), exitStatus, reason: end.reason })
  })
}

/** Returns the same channel, with each piece that goes in or out noticed. */
function watched(
  client: ClientChannel,
  notice: { readonly typed: () => void; readonly shown: () => void },
): ClientChannel {
  return {
    ...client,
    input: (async function* () {
      for await (const bytes of client.input) {
        notice.typed()
        yield bytes
      }
    })(),
    write(bytes, stream) {
      notice.shown()
      return client.write(bytes, stream)
    },
  }
}

function newRecord(authorization: Authorization, request: SessionRequest, now: Date): SessionRecord {
  return {
    id: newSessionId(),
    connection: request.connection,
    principal: authorization.principal,
    target: authorization.target.name,
    login: authorization.login,
    address: request.address,
    clientVersion: request.clientVersion,
    kind: request.command === undefined ? 'shell' : 'exec',
    command: request.command,
    startedAt: now,
    endedAt: undefined,
    exitStatus: undefined,
    endReason: undefined,
  }
}

function castHeader(record: SessionRecord, request: SessionRequest) {
  return {
    cols: request.pty?.cols ?? 80,
    rows: request.pty?.rows ?? 24,
    term: request.pty?.term,
    timestamp: Math.floor(record.startedAt.getTime() / 1000),
    title: `${record.principal.name} on ${record.login}@${record.target}`,
    command: record.command,
    tags: ['sallyport', record.id],
  }
}
