/** What the verification of a bundle found. */
export interface BundleFinding {
  readonly file: string
  readonly message: string
}

export interface BundleReport {
  readonly key: string | undefined
  /** The key was given by who asks; else the bundle vouches for itself. */
  readonly isPinned: boolean
  readonly exportedAt: string | undefined
  readonly exportedBy: string | undefined
  readonly signedAt: Date | undefined
  readonly sessions: number
  readonly files: number
  readonly bytes: number
  readonly events: number
  readonly chunks: number
  /** Decisions that a reviewer's passkey signed, each verified. */
  readonly receipts: number
  /** At the ends of recordings that still grew: no event tells of them yet. */
  readonly untoldBytes: number
  readonly findings: readonly BundleFinding[]
}
