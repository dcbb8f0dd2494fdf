import type { ConnectionId, SessionId } from './ids.ts'
import type { Principal } from './principal.ts'

/** RFC 4254 §6: "a remote execution of a program", here of one person on one target. What is kept about it. */
export interface SessionRecord {
  readonly id: SessionId
  readonly connection: ConnectionId
  readonly principal: Principal
  /** The target's name; the target itself may be gone from the configuration when the record is read. */
  readonly target: string
  readonly login: string
  readonly address: string
  readonly clientVersion: string
  readonly kind: 'shell' | 'exec'
  /** The command of an exec; undefined for a shell. */
  readonly command: string | undefined
  readonly startedAt: Date
  readonly endedAt: Date | undefined
  /** RFC 4254 §6.10; undefined while it runs, or when it ended without one. */
  readonly exitStatus: number | undefined
  /** Why it ended, when the bastion ended it. */
  readonly endReason: string | undefined
}
