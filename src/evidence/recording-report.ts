/** What the verification of recordings found, as values: the command line and the page tell it in their own way. */
export type RecordingFindingKind =
  /** Its bytes are not what was signed. */
  | 'changed'
  /** Another chunk lies in its place. */
  | 'moved'
  /** It is gone, and what came after it is there. */
  | 'dropped'
  /** It is gone, and so is everything after it. */
  | 'truncated'
  /** Something lies there that nobody has recorded. */
  | 'added'
  /** The whole recording is gone. */
  | 'missing'
  /** The log itself does not tell all of it. */
  | 'untold'

export interface RecordingFinding {
  readonly kind: RecordingFindingKind
  /** The name of its blob. */
  readonly recording: string
  /** Chunks, from 1; both 0 where it is none. */
  readonly from: number
  readonly to: number
  /** The bytes of these chunks in the recording as it was signed: from the first on, before the last. */
  readonly start: number
  readonly end: number
  readonly message: string
}

export interface RecordingsReport {
  /** Recordings that the log has all of. */
  readonly sealed: number
  /** Those that still grow, or whose bastion died: what the log has of them was compared. */
  readonly open: number
  /** Those of a version that put no digests into the log: nothing vouches for their bytes. */
  readonly unproven: number
  readonly chunks: number
  readonly bytes: number
  readonly findings: readonly RecordingFinding[]
  /** Findings beyond those that are kept. */
  readonly more: number
}
