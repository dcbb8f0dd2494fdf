/**
 * The policy in force. It is read at start (a broken file: the bastion does not start) and again when the file changes
 * or SIGHUP comes (a broken file: the old policy stays, and that is said). The change is whole: an action is judged by
 * one policy or the other, never by a mixture.
 */

import { type FSWatcher, watch } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import type { Clock } from './core/clock.ts'
import { BastionError } from './core/errors.ts'
import type { AuditLog, Log } from './core/ports.ts'
import { type Policy, parsePolicy } from './policy/policy.ts'

export interface LivePolicyParts {
  readonly file: string
  /** As messages name it. */
  readonly name: string
  readonly clock: Clock
  readonly log: Log
  readonly audit: AuditLog
  /** Called with the text of each policy before it is in force. */
  readonly keep?: (text: string) => Promise<void>
  /** Called after each change, so that live sessions can be looked at again. */
  readonly onChange: () => void
}

/** Editors write a file in several steps; one look is enough when they are done. */
const SETTLE_MS = 200
/** A mounted Kubernetes ConfigMap changes by replacing this link; the file's own name then never changes. */
const CONFIG_MAP_DATA = '..data'

export class LivePolicy {
  readonly #parts: LivePolicyParts
  #policy: Policy
  #watcher: FSWatcher | undefined
  #cancel: () => void = () => {}
  #reloading: Promise<unknown> = Promise.resolve()

  private constructor(parts: LivePolicyParts, policy: Policy) {
    this.#parts = parts
    this.#policy = policy
  }

  /** Rejects with `invalid`, naming every problem, where the file cannot be used. */
  static async open(parts: LivePolicyParts): Promise<LivePolicy> {
    const live = new LivePolicy(parts, await read(parts))
    await live.#record('policy.loaded', { digest: live.#policy.digest, before: null })
    live.#watch()
    return live
  }

  get current(): Policy {
    return this.#policy
  }

  /**
   * Reads the file again; never rejects. Resolves to whether the policy in force is what the file says. One reading at a
   * time: a slow one must not put an older policy in the place of a newer.
   */
  reload(): Promise<boolean> {
    const reloaded = this.#reloading.then(() => this.#reload())
    this.#reloading = reloaded
    return reloaded
  }

  async #reload(): Promise<boolean> {
    const before = this.#policy.digest
    try {
      const next = await read(this.#parts)
      if (next.digest === before) return true
      await this.#record('policy.loaded', { digest: next.digest, before })
      this.#policy = next
      this.#parts.log.info({ digest: next.digest, before }, 'the policy was reloaded')
    } catch (error) {
      this.#parts.log.error(
        { err: error, digest: before },
        'the changed policy was refused; the old one stays in force',
      )
      await this.#record('policy.refused', {
        why: error instanceof Error ? error.message : 'it could not be read',
        inForce: before,
      }).catch(() => {})
      return false
    }
    try {
      this.#parts.onChange()
    } catch (error) {
      this.#parts.log.error({ err: error }, 'the new policy is in force, but live sessions were not looked at again')
    }
    return true
  }

  /** The folder is watched, because a file that is replaced by another of its name would be lost from sight. */
  #watch(): void {
    const { file, clock, log } = this.#parts
    const lost = (error: unknown) => log.error({ err: error }, 'the policy file is not watched; SIGHUP still works')
    try {
      this.#watcher = watch(dirname(file), (_event, name) => {
        if (name !== null && name !== basename(file) && name !== CONFIG_MAP_DATA) return
        this.#cancel()
        this.#cancel = clock.after(SETTLE_MS, () => void this.reload())
      })
      this.#watcher.on('error', lost)
    } catch (error) {
      lost(error)
    }
  }

  close(): void {
    this.#cancel()
    this.#watcher?.close()
  }

  #record(type: 'policy.loaded' | 'policy.refused', detail: Record<string, unknown>): Promise<unknown> {
    const at = this.#parts.clock.now()
    return this.#parts.audit.append({
      type,
      at,
      actor: undefined,
      actorName: undefined,
      session: undefined,
      hold: undefined,
      detail: { file: this.#parts.name, ...detail },
    })
  }
}

async function read({ file, name, keep }: LivePolicyParts): Promise<Policy> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    throw new BastionError('invalid', `The policy file ${file} cannot be read.`, error)
  }
  const parsed = parsePolicy({ text, file: name })
  if (parsed.kind === 'ok') {
    await keep?.(text)
    return parsed.policy
  }
  const problems = parsed.problems.map(
    (problem) =>
      `${problem.file}:${problem.line}:${problem.column}: ${problem.message}${problem.suggestion === undefined ? '' : ` (did you mean “${problem.suggestion}”?)`}`,
  )
  throw new BastionError('invalid', `The policy cannot be used:\n${problems.join('\n')}`)
}
