/** Both ends of a session as a test holds them: a client that keeps what it was shown, an upstream that says what it is told. */

import type { Clearance } from '../../src/approval/clearance.ts'
import { Desk } from '../../src/approval/desk.ts'
import type { Action } from '../../src/core/action.ts'
import { newConnectionId, newSessionId } from '../../src/core/ids.ts'
import type { Store } from '../../src/core/ports.ts'
import type { SessionRecord } from '../../src/core/session.ts'
import { NO_DUTIES, type Verdict } from '../../src/core/verdict.ts'
import { startRecording } from '../../src/recording/recorder.ts'
import type { ClientChannel, Exit, StreamName, Upstream, UpstreamChannel } from '../../src/session/channel.ts'
import { Checkpoint } from '../../src/session/checkpoint.ts'
import type { SessionContext } from '../../src/session/context.ts'
import { Pump } from '../../src/session/pump.ts'
import type { Live } from '../../src/session/session.ts'
import { Ungated } from '../../src/session/ungated.ts'
import { action, alice, groupsAreRoles, POLICY_DIGEST } from '../approval/parts.ts'
import { memoryBlobs, noSeal } from '../recording/blobs.ts'
import type { ManualClock } from '../support/manual-clock.ts'
import { type KeptLog, keptLog } from '../support/store.ts'

/** Bytes that a test gives piece by piece. */
export class Pieces implements AsyncIterable<Uint8Array> {
  #given: Uint8Array[] = []
  #isOver = false
  #wake: () => void = () => {}

  give(text: string): void {
    this.#given.push(Buffer.from(text))
    this.#wake()
  }

  end(): void {
    this.#isOver = true
    this.#wake()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    for (;;) {
      const next = this.#given.shift()
      if (next !== undefined) yield next
      else if (this.#isOver) return
      else
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
    }
  }
}

export interface FakeClient extends ClientChannel {
  readonly input: Pieces
  readonly shown: { readonly stream: StreamName; readonly text: string }[]
  readonly exits: Exit[]
}

export function fakeClient(before: (write: number) => void | Promise<void> = () => {}): FakeClient {
  const shown: { stream: StreamName; text: string }[] = []
  const exits: Exit[] = []
  let writes = 0
  return {
    input: new Pieces(),
    closed: new AbortController().signal,
    shown,
    exits,
    async write(bytes, stream) {
      await before(++writes)
      shown.push({ stream, text: Buffer.from(bytes).toString() })
    },
    end: async (exit) => void exits.push(exit),
    onResize() {},
    onSignal() {},
  }
}

export interface FakeUpstream extends Upstream {
  readonly ran: Clearance[]
  readonly typed: string[]
  readonly stdout: Pieces
  readonly stderr: Pieces
  /** What happens with each piece that is typed. */
  onWrite: () => Promise<void>
  onExec: () => void
  exit: Exit
}

export function fakeUpstream(): FakeUpstream {
  const upstream: FakeUpstream = {
    ran: [],
    typed: [],
    stdout: new Pieces(),
    stderr: new Pieces(),
    onWrite: async () => {},
    onExec: () => {},
    exit: { kind: 'status', status: 0 },
    closed: new AbortController().signal,
    async exec(clearance) {
      upstream.ran.push(clearance)
      upstream.onExec()
      const channel: UpstreamChannel = {
        stdout: upstream.stdout,
        stderr: upstream.stderr,
        get exit() {
          return Promise.resolve(upstream.exit)
        },
        async write(bytes) {
          await upstream.onWrite()
          upstream.typed.push(Buffer.from(bytes).toString())
        },
        endInput: () => upstream.typed.push('EOF'),
        resize() {},
        signal() {},
        close() {},
      }
      return channel
    },
    shell: () => Promise.reject(new Error('no shell here')),
    sideChannel: async () => undefined,
    shellFacts: async () => undefined,
    close() {},
  }
  return upstream
}

export interface SessionUnderTest {
  readonly live: Live
  readonly client: FakeClient
  readonly upstream: FakeUpstream
  readonly desk: Desk
  readonly log: KeptLog
  readonly ended: AbortController
  recorded(): string
}

export async function session(options: {
  readonly store: Store
  readonly clock: ManualClock
  readonly verdict: (action: Action) => Verdict
  readonly hasPty?: boolean
  readonly beforeAppend?: (append: number) => void | Promise<void>
  readonly client?: FakeClient
}): Promise<SessionUnderTest> {
  const { store, clock, verdict, hasPty = false } = options
  const log = keptLog()
  const desk = new Desk({ store, clock, log, rolesOf: groupsAreRoles, policyDigest: () => POLICY_DIGEST })
  const blobs = memoryBlobs(options.beforeAppend)
  const client = options.client ?? fakeClient()
  const upstream = fakeUpstream()
  const pty = hasPty ? { term: 'xterm', cols: 80, rows: 24, modes: {} } : undefined
  const record: SessionRecord = {
    id: newSessionId(),
    connection: newConnectionId(),
    principal: alice,
    target: 'web-1',
    login: 'deploy',
    address: '192.0.2.1',
    clientVersion: 'OpenSSH_9.2',
    kind: 'exec',
    command: 'true',
    startedAt: clock.now(),
    endedAt: undefined,
    exitStatus: undefined,
    endReason: undefined,
  }
  await store.sessions.insert(record)
  const header = { cols: 80, rows: 24, term: undefined, timestamp: 0, title: 't', command: 'true', tags: [] }
  const recorder = await startRecording({ blobs, clock, name: 'x.cast', header, seal: noSeal })
  const pump = new Pump({ recorder, client, screen: undefined, clock })
  const context: SessionContext = {
    record,
    target: action().target,
    interactive: hasPty,
    services: {
      clock,
      log,
      store,
      blobs,
      desk,
      evaluate: verdict,
      holdPage: (id) => `https://bastion.example/holds/${id}`,
      dutiesOf: () => NO_DUTIES,
      analyse: () => ({ commands: [], effects: ['destroy'], objects: [] }),
    },
  }
  const ended = new AbortController()
  const live: Live = {
    context,
    client,
    upstream,
    pump,
    recorder,
    screen: undefined,
    ungated: new Ungated({ context, recorder, onChange() {} }),
    ended: ended.signal,
    end: (reason) => ended.abort(new Error(reason)),
    onWaiting() {},
    tell: async () => {},
    keepDuties() {},
    request: {
      connection: record.connection,
      keyBinding: undefined,
      address: record.address,
      clientVersion: record.clientVersion,
      command: 'true',
      pty,
      env: {},
      remarks: [],
    },
    checkpoint: new Checkpoint({
      context,
      recorder,
      style: { newline: '\n', hasColour: false },
      tell: (notice) => pump.show(Buffer.from(notice), 'stderr'),
      screen: async () => ['$ '],
      onWaiting: (waiting) => live.onWaiting(waiting),
    }),
  }
  return { live, client, upstream, desk, log, ended, recorded: () => blobs.blob.bytes.toString() }
}
