/**
 * The tables as the queries see them, the same in every database. Times are ISO 8601 text in UTC, which sorts as time
 * does; structures are JSON text, checked on the way in and on the way out (rows.ts). `ordinal` is the order of
 * insertion, and decides where two rows bear the same time.
 */
import type { Generated, Kysely } from 'kysely'

export interface Tables {
  audit: AuditTable
  holds: HoldTable
  decisions: DecisionTable
  grants: GrantTable
  sessions: SessionTable
  key_bindings: KeyBindingTable
  log_tiles: LogTileTable
  log_checkpoints: LogCheckpointTable
  sign_ins: SignInTable
  passkeys: PasskeyTable
  debts: DebtTable
  proposals: ProposalTable
  replays: ReplayTable
  replay_keyframes: ReplayKeyframeTable
  replay_lines: ReplayLineTable
}

export type Database = Kysely<Tables>

/** Append-only: the database itself refuses to change or remove a row, and to leave a gap in `seq`. */
export interface AuditTable {
  seq: number
  type: string
  at: string
  actor: string | null
  actor_name: string | null
  session: string | null
  hold: string | null
  detail: string
}

export interface HoldTable {
  ordinal: Generated<number>
  id: string
  session: string
  action: string
  because: string
  quorum: string
  message: string | null
  created_at: string
  expires_at: string
  screen: string
  /** A list, as JSON. */
  explanations: string
  escalated_at: string | null
  /** The kind of `state`, beside it for the compare-and-set. */
  state_kind: string
  state: string
}

/** One row for each person's word on a hold; (hold, principal) is unique. */
export interface DecisionTable {
  ordinal: Generated<number>
  hold: string
  principal: string
  kind: string
  decided_by: string
  at: string
  reason: string
  /** Of one that was signed with a passkey, as JSON. */
  receipt: string | null
}

/** `closed_at` is what the queries go by. */
export interface DebtTable {
  ordinal: Generated<number>
  hold: string
  principal_id: string
  principal: string
  reason: string
  broken_at: string
  due_at: string
  alert: string
  reviewers: string
  closed_at: string | null
  closed_by: string | null
  word: string | null
}

/** The times, `uses` and `ended_at` are what the queries go by. */
export interface GrantTable {
  ordinal: Generated<number>
  id: string
  hold: string
  principal_id: string
  principal: string
  text: string
  kind: string
  assurance: string
  target: string
  login: string
  scope: string
  session: string
  given_at: string
  until_at: string
  because: string
  policy: string
  reviewers: string
  given_by: string
  reason: string
  uses: number
  last_used_at: string | null
  ended_at: string | null
  ended_by: string | null
  end_reason: string | null
}

export interface SessionTable {
  ordinal: Generated<number>
  id: string
  connection: string
  principal_id: string
  principal: string
  target: string
  login: string
  address: string
  client_version: string
  kind: string
  command: string | null
  started_at: string
  ended_at: string | null
  exit_status: number | null
  end_reason: string | null
}

export interface KeyBindingTable {
  ordinal: Generated<number>
  id: string
  fingerprint: string
  principal_id: string
  principal: string
  bound_at: string
  expires_at: string
  last_used_at: string | null
  address: string
  revoked_at: string | null
  sign_in: string | null
}

/** `issuer`, `subject` and `sid` are what the queries go by. */
export interface SignInTable {
  ordinal: Generated<number>
  id: string
  issuer: string
  subject: string
  principal: string
  sid: string | null
  refresh: string | null
  started_at: string
  checked_at: string
  ended_at: string | null
  end_reason: string | null
}

/** `counter` is what a use is compared with. */
export interface PasskeyTable {
  ordinal: Generated<number>
  credential: string
  principal_id: string
  label: string
  public_key: string
  site: string
  counter: number
  registered_at: string
  last_used_at: string | null
  revoked_at: string | null
}

/** Hashes of the tree over the audit events; the last tile of each level is replaced as it grows. */
export interface LogTileTable {
  level: number
  position: number
  hashes: Uint8Array
}

/** Append-only, without gaps. */
export interface LogCheckpointTable {
  number: number
  note: string
}

/** `change`, `proposed_by`, `decision` and `state` are JSON. */
export interface ProposalTable {
  ordinal: Generated<number>
  id: string
  change: string
  proposed_by: string
  reason: string
  made_at: string
  expires_at: string
  decision: string | null
  /** The kind of `state`, beside it for the compare-and-set. */
  state_kind: string
  state: string
  sealed: string | null
}

/** Made from recordings, and made again where it is missing. */
export interface ReplayTable {
  session: string
  /** The index, as JSON. */
  detail: string
}

export interface ReplayKeyframeTable {
  session: string
  number: number
  detail: string
}

export interface ReplayLineTable {
  ordinal: Generated<number>
  session: string
  kind: string
  seconds: number
  text: string
}
