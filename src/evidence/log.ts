/**
 * The audit log's tree as the bastion writes it. Events are read back from where they are stored, in order, become leaves,
 * and a checkpoint over all of them is signed: within half of ten seconds of the first new one, and at the stop.
 *
 * A checkpoint is stored with its tiles, all or nothing, and then published at a second place: a database that was put
 * back to an older state has fewer than were published. Where the log cannot be signed for a minute, nothing may be
 * appended any more: what nobody can prove later may not happen.
 */
import type { Clock } from '../core/clock.ts'
import { BastionError } from '../core/errors.ts'
import type { EvidenceStore } from '../core/evidence.ts'
import type { AuditLog, Log, Vault } from '../core/ports.ts'
import { signBundleNote } from './bundle-note.ts'
import { Edge } from './edge.ts'
import { eventHash, rowDigest } from './leaf.ts'
import { openLogCheckpoint, signLogCheckpoint } from './log-checkpoint.ts'
import { findLogKey, type LogKey, makeLogKey, markBegun } from './log-key.ts'
import { areSame } from './merkle.ts'
import { formatVerifier, verifierOf } from './note.ts'

export interface EvidenceParts {
  readonly store: EvidenceStore
  readonly vault: Vault
  readonly clock: Clock
  readonly log: Log
  readonly place: PublishedPlace
}

/** Where the newest checkpoint also is, away from the database. */
export interface PublishedPlace {
  read(): Promise<string | undefined>
  write(note: string): Promise<void>
}

/** Ten seconds are promised; the signing itself takes a part of them. */
export const CHECKPOINT_EVERY_MS = 5_000
export const LONGEST_UNSIGNED_MS = 60_000
/** Events of one checkpoint: what is held in memory at once. */
const BATCH = 1_000

interface State {
  readonly edge: Edge
  readonly number: number
}

export class EvidenceLog {
  readonly #parts: EvidenceParts
  readonly #key: LogKey
  #state: State | undefined
  #cancel: (() => void) | undefined
  #failingSince: Date | undefined
  #last: Promise<void> = Promise.resolve()
  #isClosed = false

  private constructor(parts: EvidenceParts, key: LogKey) {
    this.#parts = parts
    this.#key = key
  }

  /** Takes the log up where it ended, or begins it. Rejects with `untrusted` where it is not as it was left. */
  static async open(parts: EvidenceParts): Promise<EvidenceLog> {
    const found = await findLogKey(parts.vault)
    if (found === undefined && (await parts.store.lastCheckpoint()) !== undefined) {
      throw broken('the vault has no key of it')
    }
    const key = found ?? (await makeLogKey(parts.vault))
    const log = new EvidenceLog(parts, key)
    await log.#takeUp(key.hasBegun)
    // This one says that the log is open again: from here on events may come behind it.
    await log.#sign(false)
    if (!key.hasBegun) await markBegun(parts.vault, key)
    return log
  }

  /** The public key that the checkpoints verify by: name+id+base64 (c2sp.org/signed-note). */
  get verifierKey(): string {
    return formatVerifier(verifierOf(this.#key.signer))
  }

  /** Signs what there is now; resolves to a checkpoint over every event that was stored before this was called. */
  async checkpoint(): Promise<string> {
    await this.#queue(() => this.#signNow())
    const last = this.#failingSince === undefined ? await this.#parts.store.lastCheckpoint() : undefined
    if (last === undefined) {
      throw new BastionError(
        'unavailable',
        'The audit log cannot be signed now, so nothing can be proved by it. An operator will find the cause in the bastion’s log.',
      )
    }
    return last.note
  }

  /** Signs for what was exported, in the log's name; see bundle-note.ts. */
  signBundle(manifestSha256: string): string {
    return signBundleNote(manifestSha256, this.#key.signer)
  }

  get isHealthy(): boolean {
    return this.#failingSince === undefined
  }

  /** The same log of events, each of which will be signed soon. */
  over(audit: AuditLog): AuditLog {
    return {
      append: async (event) => {
        this.#refuseWhereNothingIsSigned()
        const stored = await audit.append(event)
        this.#noticeEvent()
        return stored
      },
      list: (filter) => audit.list(filter),
    }
  }

  /** Signs what there is, once nothing more comes. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#cancel?.()
    await this.#queue(async () => {
      if (this.#state === undefined) await this.#takeUp(true)
      await this.#sign(true)
    })
  }

  #noticeEvent(): void {
    if (this.#cancel !== undefined || this.#isClosed) return
    this.#cancel = this.#parts.clock.after(CHECKPOINT_EVERY_MS, () => {
      this.#cancel = undefined
      void this.#queue(() => this.#signNow())
    })
  }

  #queue(task: () => Promise<void>): Promise<void> {
    const done = this.#last.then(task)
    this.#last = done.catch(() => undefined)
    return done
  }

  async #signNow(): Promise<void> {
    if (this.#isClosed) return
    try {
      if (this.#state === undefined) await this.#takeUp(true)
      await this.#sign(false)
      this.#failingSince = undefined
    } catch (error) {
      // What was in memory may be ahead of what was stored.
      this.#state = undefined
      this.#failingSince ??= this.#parts.clock.now()
      this.#parts.log.error({ err: error }, 'the audit log could not be signed')
      this.#noticeEvent()
    }
  }

  #refuseWhereNothingIsSigned(): void {
    if (this.#failingSince === undefined) return
    if (this.#parts.clock.now().getTime() - this.#failingSince.getTime() < LONGEST_UNSIGNED_MS) return
    throw new BastionError(
      'unavailable',
      'The audit log cannot be signed, so nothing may happen. An operator will find the cause in the bastion’s log.',
    )
  }

  async #takeUp(hasBegun: boolean): Promise<void> {
    const { store, place } = this.#parts
    const verifier = verifierOf(this.#key.signer)
    const [last, published] = [await store.lastCheckpoint(), await place.read()]
    if (last === undefined && (hasBegun || published !== undefined))
      throw broken('the database has no checkpoint of it')
    const checkpoint = last === undefined ? undefined : openLogCheckpoint(last.note, verifier)
    if (checkpoint !== undefined && checkpoint.number !== last?.number) throw broken('its last checkpoint has moved')
    if (published !== undefined && openLogCheckpoint(published, verifier).number > (checkpoint?.number ?? 0)) {
      throw broken('the database is older than the last checkpoint that was published')
    }
    const size = checkpoint?.size ?? 0
    const edge = await Edge.load(size, (level, index) => store.tile(level, index))
    if (edge === undefined || (checkpoint !== undefined && !areSame(edge.root(), checkpoint.root))) {
      throw broken('its hashes are not those that were signed')
    }
    const [next] = await store.rows(size, 1)
    if (checkpoint?.isClosed === true && next !== undefined) {
      throw broken(`event ${next.seq} was added after a bastion had closed it`)
    }
    if (size > 0 && (await store.rows(size - 1, 1))[0]?.seq !== String(size)) throw broken(`event ${size} is missing`)
    this.#state = { edge, number: checkpoint?.number ?? 0 }
  }

  /** Reads what is new, and signs at least once. */
  async #sign(isClosed: boolean): Promise<void> {
    const { store, place, clock } = this.#parts
    for (let isLast = false; !isLast; ) {
      const { edge, number } = this.#state as State
      const rows = await store.rows(edge.size, BATCH)
      isLast = rows.length < BATCH
      for (const row of rows) {
        const seq = edge.size + 1
        if (row.seq !== String(seq)) throw broken(`event ${seq} is missing`)
        edge.append(eventHash(seq, rowDigest(row)))
      }
      const checkpoint = {
        size: edge.size,
        root: edge.root(),
        number: number + 1,
        at: clock.now(),
        isClosed: isClosed && isLast,
      }
      const note = signLogCheckpoint(checkpoint, this.#key.signer)
      await store.addCheckpoint({ number: checkpoint.number, note }, edge.takeTiles())
      this.#state = { edge, number: checkpoint.number }
      if (isLast) await place.write(note)
    }
  }
}

function broken(why: string): BastionError {
  return new BastionError(
    'untrusted',
    `The audit log is not as it was left: ${why}. Run “sallyport audit verify” to see where. If you put back an older copy of the state, put back all of it: database, vault and the file “checkpoint”.`,
  )
}
