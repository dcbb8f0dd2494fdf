/**
 * The two ends a session stands between, as ports: the client's channel and the upstream's. `ssh/` implements both.
 * Reading is pull-based on either side, so that whoever is slow slows the other down and no buffer grows.
 */
import type { Clearance } from '../approval/clearance.ts'
import type { SessionId } from '../core/ids.ts'

export type StreamName = 'stdout' | 'stderr'

/** RFC 4254 §6.2, as the client asked for it. */
export interface Pty {
  readonly term: string
  readonly cols: number
  readonly rows: number
  /** Encoded terminal modes by name (RFC 4254 §8), passed on. */
  readonly modes: Readonly<Record<string, number>>
}

/** RFC 4254 §6.10, and the third case in which the connection was lost before anybody could say. */
export type Exit =
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'signal'; readonly signal: string }
  | { readonly kind: 'lost' }

/** The person's end. */
export interface ClientChannel {
  /** What the person types, until EOF. */
  readonly input: AsyncIterable<Uint8Array>
  /** Aborted when the channel is gone, whoever ended it. */
  readonly closed: AbortSignal
  /** Resolves when the bytes are handed to the transport within its window. Calls must not overlap. */
  write(bytes: Uint8Array, stream: StreamName): Promise<void>
  /** Ends the channel in the order of RFC 4254 §5.3 and §6.10: exit status, EOF, close. All writes must be done. */
  end(exit: Exit): Promise<void>
  onResize(listener: (size: { readonly cols: number; readonly rows: number }) => void): void
  onSignal(listener: (signal: string) => void): void
}

/** The target's end. */
export interface UpstreamChannel {
  readonly stdout: AsyncIterable<Uint8Array>
  readonly stderr: AsyncIterable<Uint8Array>
  /** Resolves when the channel is closed; never rejects. */
  readonly exit: Promise<Exit>
  write(bytes: Uint8Array): Promise<void>
  endInput(): void
  resize(size: { readonly cols: number; readonly rows: number }): void
  signal(name: string): void
  close(): void
}

export interface Start {
  readonly session: SessionId
  readonly pty: Pty | undefined
  readonly env: Readonly<Record<string, string>>
}

/** A way for the target's shell to ask us something beside the terminal. */
export interface SideChannel {
  /** A port on the target's own loopback; whoever connects to it reaches the listener. */
  readonly port: number
  /** `forward`: sshd listens there · `bridge`: a program of ours does, where sshd may not. */
  readonly way: 'forward' | 'bridge'
  /** Aborted when nobody listens there any more. */
  readonly closed: AbortSignal
  /** Resolves when the listener has said that it still listens; rejects never. */
  probe(): Promise<void>
  close(): void
}

export interface SideConnection {
  readonly input: AsyncIterable<Uint8Array>
  /** Aborted when the other side is gone. */
  readonly closed: AbortSignal
  /** Says something and goes on listening. */
  write(bytes: Uint8Array): void
  end(bytes: Uint8Array): void
}

/** What a target says of the shell that a login there gets. */
export interface ShellFacts {
  readonly path: string
  readonly kind: 'bash' | 'zsh' | 'fish' | 'other'
  /** As the shell itself says it; empty where nobody asks (`other`). */
  readonly version: string
  /** What its `less` says its version is; empty where there is none. */
  readonly less: string
}

/** A connection to a target, opened with the vault's key to a pinned host key. */
export interface Upstream {
  /** Aborted when the connection is lost. */
  readonly closed: AbortSignal
  /** Runs the cleared text. Uses the clearance up. */
  exec(clearance: Clearance, start: Start): Promise<UpstreamChannel>
  /**
   * Opens the login shell that the clearance allows: as the target would, or by `launcher`, a text of our own that puts
   * the same shell under the gate. Uses the clearance up.
   */
  shell(clearance: Clearance, start: Start & { readonly launcher: string | undefined }): Promise<UpstreamChannel>
  /** Resolves to undefined where the target forbids it. */
  sideChannel(listener: (connection: SideConnection) => void): Promise<SideChannel | undefined>
  /** Asks the target, with a fixed text of our own, which shell a login gets; undefined where it will not say. */
  shellFacts(): Promise<ShellFacts | undefined>
  close(): void
}
