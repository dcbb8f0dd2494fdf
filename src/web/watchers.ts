/**
 * Who looks at a page right now, and what each of them is told. Each event is judged for each watcher at the moment it
 * is sent, by the roles in force then, also what somebody missed who lost the stream; a stream ends with the browser
 * session it belongs to. (fault 37)
 */

import { assertNever, BastionError } from '../core/errors.ts'
import type { Hold } from '../core/hold.ts'
import type { SessionId } from '../core/ids.ts'
import type { Principal } from '../core/principal.ts'
import { isReviewing, maySeeDebt, maySeeGrant, maySeeHold, maySeeSession, reviewedSessions } from './access.ts'
import type { Caller } from './caller.ts'
import { EventStream } from './event-stream.ts'
import { type Change, PastChanges } from './past-changes.ts'
import { viewHold } from './routes/holds.ts'
import type { WebServices } from './services.ts'

export const BEAT_MS = 15_000
/** A program's token is looked at once, when its stream opens; this long after that it has to come again with one. */
export const PROGRAM_STREAM_MS = 5 * 60_000
const MAX_WATCHERS = 2000
/** Browsers open six connections to a host over HTTP/1.1; a seventh tab would wait for ever. */
const MAX_PER_BROWSER = 4

interface Watcher {
  readonly person: Principal
  /** The browser session's id; undefined for a program. */
  readonly browser: string | undefined
  readonly stream: EventStream
  readonly reviewed: Set<SessionId>
  /** The live sessions that this person may see, and which of them are in an ungated stretch, as last told. */
  seen: string
}

export class Watchers {
  readonly #services: WebServices
  /** Oldest first. */
  readonly #watchers = new Set<Watcher>()
  readonly #past = new PastChanges()
  readonly #unsubscribe: readonly (() => void)[]

  constructor(services: WebServices) {
    this.#services = services
    this.#unsubscribe = [
      services.desk.subscribe((hold) => this.#tell({ kind: 'hold', hold })),
      services.desk.grants.subscribe((grant) => this.#tell({ kind: 'grant', grant })),
      services.desk.debts.subscribe((debt) => this.#tell({ kind: 'debt', debt })),
      services.administration.proposals.subscribe(() => this.#tell({ kind: 'proposals' })),
      services.live.subscribe(() => this.#tell({ kind: 'sessions' })),
    ]
  }

  /** `seen`: the last id that this page was told, where it had a stream before. */
  async open(caller: Caller, seen?: string): Promise<ReadableStream<Uint8Array>> {
    if (this.#watchers.size >= MAX_WATCHERS) {
      throw new BastionError('too-many', 'Too many pages are open; close some and reload.')
    }
    const { person } = caller
    const reviewed = new Set(await reviewedSessions(this.#services, person))
    const session = caller.kind === 'browser' ? caller.session : undefined
    const stream = new EventStream(() => {
      this.#watchers.delete(watcher)
      leave()
      stopBeat()
      stopTimer()
      session?.ended.removeEventListener('abort', end)
    })
    const watcher: Watcher = { person, browser: session?.id, stream, reviewed, seen: '' }
    const leave = this.#services.desk.presence.enter(person)
    const end = () => stream.end()
    let stopBeat = () => {}
    const beat = () => {
      stream.beat(this.#past.id)
      stopBeat = this.#services.clock.after(BEAT_MS, beat)
    }
    const stopTimer = session === undefined ? this.#services.clock.after(PROGRAM_STREAM_MS, end) : () => {}
    session?.ended.addEventListener('abort', end)
    watcher.seen = this.#liveFor(watcher)
    this.#makeRoom(watcher.browser)
    this.#watchers.add(watcher)
    stopBeat = this.#services.clock.after(BEAT_MS, beat)
    this.#tellMissed(watcher, seen)
    if (session?.ended.aborted) end()
    return stream.body
  }

  close(): void {
    for (const stop of this.#unsubscribe) stop()
    for (const { stream } of [...this.#watchers]) stream.end()
  }

  #tell(change: Change): void {
    const id = this.#past.add(change)
    for (const watcher of [...this.#watchers]) this.#guarded(watcher, () => this.#tellOne(watcher, change, id))
  }

  #tellMissed(watcher: Watcher, seen: string | undefined): void {
    const missed = seen === undefined ? undefined : this.#past.since(seen)
    // Whatever happened between the page's own questions and this moment, or while it was away, is asked for once more.
    if (missed === undefined) watcher.stream.send({ id: this.#past.id, name: 'sync', data: null })
    for (const { change, id } of missed ?? []) {
      // Which sessions it knew is not known any more.
      if (change.kind === 'sessions') watcher.stream.send({ id, name: 'sessions', data: null })
      else this.#guarded(watcher, () => this.#tellOne(watcher, change, id))
    }
  }

  #tellOne(watcher: Watcher, change: Change, id: string): void {
    const { person, stream } = watcher
    switch (change.kind) {
      case 'sessions':
        this.#tellIfChanged(watcher, id)
        break
      case 'grant':
        if (maySeeGrant(this.#services, person, change.grant)) stream.send({ id, name: 'grants', data: null })
        break
      case 'debt':
        if (maySeeDebt(this.#services, person, change.debt)) stream.send({ id, name: 'debts', data: null })
        break
      case 'hold':
        this.#tellHold(watcher, change.hold, id)
        break
      case 'proposals':
        if (this.#services.permissionsOf(person).administer) stream.send({ id, name: 'proposals', data: null })
        break
      default:
        assertNever(change)
    }
  }

  #tellHold(watcher: Watcher, hold: Hold, id: string): void {
    if (!maySeeHold(this.#services, watcher.person, hold)) return
    watcher.stream.send({ id, name: 'hold', data: viewHold(this.#services, watcher.person, hold) })
    if (!isReviewing(this.#services, watcher.person, hold)) return
    // By this hold its session may have become one that they may see.
    watcher.reviewed.add(hold.action.session)
    this.#tellIfChanged(watcher, id)
  }

  #tellIfChanged(watcher: Watcher, id: string): void {
    // Only live ones matter here, and a stream may stay open for hours.
    for (const id of watcher.reviewed) if (this.#services.live.find(id) === undefined) watcher.reviewed.delete(id)
    const seen = this.#liveFor(watcher)
    if (seen === watcher.seen) return
    watcher.seen = seen
    watcher.stream.send({ id, name: 'sessions', data: null })
  }

  /** The desk and the registry wait for nobody's page: what fails for one watcher ends that stream and nothing else. */
  #guarded(watcher: Watcher, tell: () => void): void {
    try {
      tell()
    } catch (error) {
      this.#services.log.error({ err: error }, 'a page could not be told what changed')
      watcher.stream.end()
    }
  }

  #liveFor({ person, reviewed }: Watcher): string {
    const visible = this.#services.live
      .list()
      .filter(({ record }) => maySeeSession(this.#services, person, record, reviewed))
    return visible
      .map((session) => `${session.record.id}${session.ungated() === undefined ? '' : '!'}`)
      .sort()
      .join(' ')
  }

  #makeRoom(browser: string | undefined): void {
    if (browser === undefined) return
    const theirs = [...this.#watchers].filter((watcher) => watcher.browser === browser)
    for (const { stream } of theirs.slice(0, Math.max(0, theirs.length - MAX_PER_BROWSER + 1))) {
      stream.send({ id: this.#past.id, name: 'replaced', data: null })
      stream.end()
    }
  }
}
