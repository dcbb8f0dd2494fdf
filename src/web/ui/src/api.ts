/** Asking the bastion. What it answers is typed by the schemas it answers with; what it refuses becomes an ApiError. */
import type { AuditEventView } from '../../routes/audit.ts'
import type { BulkOutcomes } from '../../routes/bulk-decisions.ts'
import type { KeyView } from '../../routes/keys.ts'
import type { LoginView } from '../../routes/logins.ts'
import type { MeView } from '../../routes/me.ts'
import type { PasskeysView, PasskeyView } from '../../routes/passkeys.ts'
import type { BacktestView, CheckedView, PolicyView } from '../../routes/policies.ts'
import type { QualityView } from '../../routes/quality.ts'
import type { RecordingEvidence } from '../../routes/recording-evidence.ts'
import type { CommandView, ReplayView } from '../../routes/replay.ts'
import type { HitView } from '../../routes/search.ts'
import type { SecretView } from '../../routes/secrets.ts'
import type { TargetView } from '../../routes/targets.ts'
import type { DebtView } from '../../views/debt.ts'
import type { GrantView } from '../../views/grant.ts'
import type { HoldView } from '../../views/hold.ts'
import type { ProposalView, TrialView } from '../../views/proposal.ts'
import type { SessionView } from '../../views/session.ts'

export type {
  AuditEventView,
  BacktestView,
  BulkOutcomes,
  CheckedView,
  CommandView,
  DebtView,
  GrantView,
  HitView,
  HoldView,
  KeyView,
  LoginView,
  MeView,
  PasskeysView,
  PasskeyView,
  PolicyView,
  ProposalView,
  QualityView,
  RecordingEvidence,
  ReplayView,
  SecretView,
  SessionView,
  TargetView,
  TrialView,
}

export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** The bastion's clock minus ours; countdowns go by the bastion's. */
let clockAheadMs = 0

export function bastionNow(): number {
  return Date.now() + clockAheadMs
}

export function read<T>(path: string): Promise<T> {
  return ask<T>('GET', path)
}

export function post<T>(path: string, body: unknown): Promise<T> {
  return ask<T>('POST', path, body)
}

export function remove<T>(path: string): Promise<T> {
  return ask<T>('DELETE', path)
}

export async function readText(path: string): Promise<string> {
  return (await fetchChecked('GET', path)).text()
}

/** The answer's bytes as they come. */
export async function readBytes(path: string): Promise<ReadableStream<Uint8Array>> {
  const { body } = await fetchChecked('GET', path)
  return body ?? new ReadableStream({ start: (controller) => controller.close() })
}

export async function signOut(): Promise<void> {
  await fetch('/auth/sign-out', { method: 'POST' })
  location.assign('/')
}

export function signInPath(returnPath: string): string {
  return `/auth/start?return=${encodeURIComponent(returnPath)}`
}

async function ask<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetchChecked(method, path, body)
  return (response.status === 204 ? undefined : await response.json()) as T
}

async function fetchChecked(method: string, path: string, body?: unknown): Promise<Response> {
  const response = await fetch(`/api/v1${path}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  }).catch(() => {
    throw new ApiError(0, 'The bastion does not answer. Check the connection; this page tries again by itself.')
  })
  noteClock(response)
  if (!response.ok) throw new ApiError(response.status, await messageOf(response))
  return response
}

async function messageOf(response: Response): Promise<string> {
  try {
    const { error } = (await response.json()) as { error: { message: string } }
    return error.message
  } catch {
    return `The bastion answered with status ${response.status}.`
  }
}

function noteClock(response: Response): void {
  const theirs = Date.parse(response.headers.get('date') ?? '')
  if (Number.isNaN(theirs)) return
  // The header counts whole seconds, so a small difference means nothing.
  const ahead = theirs + 500 - Date.now()
  clockAheadMs = Math.abs(ahead) < 2000 ? 0 : ahead
}
