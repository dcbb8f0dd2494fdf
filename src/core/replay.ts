/**
 * What makes a long recording quick to open and to search: where its segments begin, what the screen was there, and what
 * stood on it when. All of it is made from the recording and can be made again; none of it is evidence.
 */
import type { PrincipalId, SessionId } from './ids.ts'

/** A run of events that can be played without those before it, by its keyframe. */
export interface Segment {
  /** The time of its first event, from the recording's beginning. */
  readonly seconds: number
  /** Where that event's line begins in the recording. */
  readonly offset: number
}

/** A screen as a terminal of this size becomes that is given `text`. */
export interface Keyframe {
  readonly cols: number
  readonly rows: number
  readonly text: string
}

/** Nothing happened for longer than anybody wants to wait; `seconds` is when it went on. */
export interface Pause {
  readonly seconds: number
  readonly length: number
}

export interface ReplayMarker {
  readonly seconds: number
  readonly label: string
}

export interface ReplayIndex {
  readonly cols: number
  readonly rows: number
  /** The time of the last event. */
  readonly duration: number
  /** Of the recording that it was made from. */
  readonly bytes: number
  readonly segments: readonly Segment[]
  readonly pauses: readonly Pause[]
  readonly markers: readonly ReplayMarker[]
  /** When true, all that stood on the screen can be found; else the recording holds more text than is kept. */
  readonly isTextWhole: boolean
}

/** A line that stood on the screen, or a command that ran or wanted to. */
export interface ReplayLine {
  readonly kind: 'shown' | 'run'
  readonly seconds: number
  readonly text: string
}

export interface ReplayHit extends ReplayLine {
  readonly session: SessionId
}

/** Whose recordings are searched: everybody's, or one's own and these. */
export type SearchScope = 'all' | { readonly principal: PrincipalId; readonly sessions: readonly SessionId[] }

export interface ReplayStore {
  /** Forgets what there is of a recording, so that it can be made again. */
  begin(session: SessionId): Promise<void>
  addKeyframe(session: SessionId, number: number, keyframe: Keyframe): Promise<void>
  addLines(session: SessionId, lines: readonly ReplayLine[]): Promise<void>
  /** From here on it is found. */
  finish(session: SessionId, index: ReplayIndex): Promise<void>
  find(session: SessionId): Promise<ReplayIndex | undefined>
  /** `number` counts segments from 0; the first has none. */
  keyframe(session: SessionId, number: number): Promise<Keyframe | undefined>
  /** Sessions that ended and have no index yet, newest first. */
  missing(limit: number): Promise<readonly SessionId[]>
  /** Lines with all of these words, of recordings in scope, newest recording first and each in its order. */
  search(query: {
    readonly words: readonly string[]
    readonly scope: SearchScope
    readonly session?: SessionId | undefined
    readonly limit: number
  }): Promise<readonly ReplayHit[]>
}
