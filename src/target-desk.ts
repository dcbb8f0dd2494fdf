/**
 * Targets as administrators see them, and whether a key opens them. A trial is a real connection: to the pinned host key
 * or to nothing, opened and closed again, and no command is run.
 */
import { readFileSync } from 'node:fs'
import { LineCounter, parseDocument } from 'yaml'
import { offsetOf } from './config.ts'
import type { Clock } from './core/clock.ts'
import { BastionError, codeOf, messageFor } from './core/errors.ts'
import type { AuditLog, Vault } from './core/ports.ts'
import type { Principal } from './core/principal.ts'
import type { Trial, TrialOutcome } from './core/proposal.ts'
import type { Target } from './core/target.ts'
import { isPrivateKey } from './ssh/private-key.ts'
import { fingerprint } from './ssh/public-key.ts'
import { connectUpstream } from './ssh/upstream.ts'
import type { ShownTarget, TargetServices } from './web/administration.ts'

export interface TargetDeskParts {
  /** The configuration's file. */
  readonly file: string
  readonly targets: readonly Target[]
  readonly vault: Vault
  readonly audit: AuditLog
  readonly clock: Clock
}

/** Each takes a connection and ten seconds at most. */
const TRIALS_AT_ONCE = 8
const MOST_TRIALS = 24

export class TargetDesk implements TargetServices {
  readonly #parts: TargetDeskParts
  readonly #lines: ReadonlyMap<string, number>
  #running = 0

  constructor(parts: TargetDeskParts) {
    this.#parts = parts
    this.#lines = linesOf(parts.file, parts.targets)
  }

  async list(): Promise<readonly ShownTarget[]> {
    const { targets, vault, file } = this.#parts
    const updated = new Map((await vault.list()).map(({ name, updatedAt }) => [name, updatedAt]))
    return targets.map((target) => {
      const line = this.#lines.get(target.name)
      return {
        target,
        hostKeys: target.hostKeys.map((key) => fingerprint(Buffer.from(key.split(' ')[1] ?? '', 'base64'))),
        place: line === undefined ? undefined : { file, line },
        credentialAt: updated.get(target.credential),
      }
    })
  }

  async test(by: Principal, name: string, login: string): Promise<Trial> {
    const { targets, vault, audit, clock } = this.#parts
    const target = targets.find((candidate) => candidate.name === name)
    if (target === undefined) throw new BastionError('not-found', 'There is no such target.')
    if (!target.logins.includes(login)) throw new BastionError('not-found', `${name} offers no account of that name.`)
    if (this.#running >= TRIALS_AT_ONCE)
      throw new BastionError('too-many', 'Other connections are being tested; try again in a moment.')
    const record = (detail: Record<string, unknown>) =>
      audit.append({
        ...{ type: 'target.tested', at: clock.now(), actor: by.id, actorName: by.name },
        ...{ session: undefined, hold: undefined, detail: { target: name, login, ...detail } },
      })
    const key = await vault.open(target.credential).catch((error: unknown) => messageFor(error))
    const trial: Trial =
      typeof key === 'string'
        ? { target: name, login, outcome: 'no-key', message: key }
        : await this.#try(target, login, key)
    await record({ outcome: trial.outcome })
    return trial
  }

  /** Tries a key on every account that opens with the secret of this name, or on as many as can be in half a minute. */
  async tryAll(secret: string, key: Uint8Array): Promise<readonly Trial[]> {
    const accounts = this.#parts.targets
      .filter(({ credential }) => credential === secret)
      .flatMap((target) => target.logins.map((login) => ({ target, login })))
      .slice(0, MOST_TRIALS)
    const trials: Trial[] = []
    for (let start = 0; start < accounts.length; start += TRIALS_AT_ONCE) {
      const some = accounts.slice(start, start + TRIALS_AT_ONCE)
      trials.push(...(await Promise.all(some.map(({ target, login }) => this.#try(target, login, key)))))
    }
    return trials
  }

  /** Never rejects. */
  async #try(target: Target, login: string, key: Uint8Array): Promise<Trial> {
    const told = (outcome: TrialOutcome, message: string): Trial => ({ target: target.name, login, outcome, message })
    if (!isPrivateKey(key))
      return told('no-key', 'The secret is no private key that can be used: it is another text, or has a passphrase.')
    this.#running += 1
    try {
      const upstream = await connectUpstream({ target, login, privateKey: key })
      upstream.close()
      return told('opened', `${target.name} answers, shows the pinned host key, and the key opens ${login}.`)
    } catch (error) {
      return told(OUTCOME_OF[codeOf(error)] ?? 'unreachable', messageFor(error))
    } finally {
      this.#running -= 1
    }
  }
}

const OUTCOME_OF: Readonly<Record<string, TrialOutcome>> = { untrusted: 'wrong-host', forbidden: 'refused' }

/** Where each target stands; none where the configuration did not come from a file (the demo's). */
function linesOf(file: string, targets: readonly Target[]): ReadonlyMap<string, number> {
  try {
    const counter = new LineCounter()
    const { contents } = parseDocument(readFileSync(file, 'utf8'), { lineCounter: counter })
    return new Map(
      targets.map(({ name }) => [name, counter.linePos(offsetOf(contents, ['targets', name])).line] as const),
    )
  } catch {
    return new Map()
  }
}
