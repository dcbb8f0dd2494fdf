/**
 * The sessions that are live on this bastion: who watches over them looks here, and who ends them does it here. Holds
 * nothing that must survive; the records are in the store.
 */
import type { KeyBindingId, PrincipalId, SessionId, SignInId } from '../core/ids.ts'
import type { SessionRecord } from '../core/session.ts'
import type { Stretch } from './ungated.ts'

/** Who looks at a live session. Told only of what is stored in its recording. */
export interface Watcher {
  /** The screen as it is; what follows is drawn on it. Comes again after a resize. */
  begin(screen: { readonly cols: number; readonly rows: number; readonly text: string }): void
  output(bytes: Uint8Array): void
  end(): void
}

/** The face that a live session shows to others. */
export interface LiveSession {
  readonly record: SessionRecord
  /** The key binding its connection came in by, if it did. */
  readonly keyBinding: KeyBindingId | undefined
  /** The sign-in at the provider that it came in by. */
  readonly signIn?: SignInId | undefined
  /** The last lines of its screen as plain text, newest last. */
  screen(): readonly string[]
  /** The program that has its terminal out of the gate's sight; undefined while every step is asked for. */
  ungated(): Stretch | undefined
  /** Lets somebody see its terminal as it goes on; the returned function ends that. Undefined: it has no terminal. */
  watch?: ((watcher: Watcher) => () => void) | undefined
  /** Judges its opening again, by the policy and the groups that count now. `change` says what is new, for the person. */
  reconsider(change?: string): void
  /** Tells the person why, and closes it; resolves when its recording is closed. */
  end(reason: string): Promise<void>
}

export class Registry {
  readonly #live = new Map<SessionId, LiveSession>()
  readonly #listeners = new Set<() => void>()

  add(session: LiveSession): () => void {
    this.#live.set(session.record.id, session)
    this.#changed()
    return () => {
      this.#live.delete(session.record.id)
      this.#changed()
    }
  }

  find(id: SessionId): LiveSession | undefined {
    return this.#live.get(id)
  }

  list(): readonly LiveSession[] {
    return [...this.#live.values()]
  }

  async endWhere(matches: (session: LiveSession) => boolean, reason: string): Promise<number> {
    const chosen = this.list().filter(matches)
    await Promise.allSettled(chosen.map((session) => session.end(reason)))
    return chosen.length
  }

  endOf(principal: PrincipalId, reason: string): Promise<number> {
    return this.endWhere((session) => session.record.principal.id === principal, reason)
  }

  /** To be called when what a live session says of itself has changed. */
  noticeChange(): void {
    this.#changed()
  }

  /** Calls `listener` when a session starts, changes or ends; the returned function stops that. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #changed(): void {
    for (const listener of this.#listeners) listener()
  }
}
