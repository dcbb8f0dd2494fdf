/**
 * What the log of evidence is made of, and where it is kept: the audit events byte by byte as the database has them, the
 * hashes over them, and the signed checkpoints.
 */

/** An audit event as it is stored; nothing is parsed, so that no parser can hide a change. */
export interface StoredRow {
  /** As text: a number that was put there by somebody else may be none of ours. */
  readonly seq: string
  /** Every column but `seq`, in the order of the table; undefined for NULL. */
  readonly columns: readonly (Uint8Array | undefined)[]
}

/** 1 to 256 hashes of 32 bytes, one behind the other (C2SP tlog-tiles). */
export interface StoredTile {
  readonly level: number
  readonly index: number
  readonly hashes: Uint8Array
}

export interface StoredCheckpoint {
  /** Counts from 1 without gaps. */
  readonly number: number
  readonly note: string
}

export interface EvidenceStore {
  /** The events whose seq is above `after`, oldest first. */
  rows(after: number, limit: number): Promise<readonly StoredRow[]>
  tile(level: number, index: number): Promise<Uint8Array | undefined>
  /** Those whose number is above `after`, oldest first. */
  checkpoints(after: number, limit: number): Promise<readonly StoredCheckpoint[]>
  lastCheckpoint(): Promise<StoredCheckpoint | undefined>
  /** Stores a checkpoint and the tiles that it needs, all or nothing; a tile takes the place of a shorter one. */
  addCheckpoint(checkpoint: StoredCheckpoint, tiles: readonly StoredTile[]): Promise<void>
}
