/**
 * Verifies the audit log as it is stored: each event against its hash, the hashes against each checkpoint, each
 * checkpoint's signature and number. One pass in the order of the events, with a few pages in memory.
 *
 * Whether an event or its hash was touched tells the next checkpoint: the root over the hashes is what was signed, or
 * the root over the events is. Where neither is, both were touched, and what lies before the last good one stands.
 */
import { messageFor } from '../core/errors.ts'
import type { EvidenceStore } from '../core/evidence.ts'
import { Frontier } from './frontier.ts'
import { eventHash, rowDigest } from './leaf.ts'
import { type LogCheckpoint, openLogCheckpoint } from './log-checkpoint.ts'
import { areSame, HASH_BYTES, type Hash } from './merkle.ts'
import type { NoteVerifier } from './note.ts'
import { type AuditReport, Findings } from './report.ts'
import { Rows } from './rows.ts'
import { TILE_WIDTH } from './tiles.ts'

export interface VerifyParts {
  /** One moment of it, for as long as this takes. */
  readonly store: EvidenceStore
  readonly log: NoteVerifier
  /** Checkpoints that lie elsewhere, each with what to call it. They were read before the store. */
  readonly elsewhere: readonly { readonly name: string; readonly note: string }[]
}

interface Different {
  readonly seq: number
  /** Undefined where there is no such event. */
  readonly digest: string | undefined
  readonly stored: Hash | undefined
  readonly isEnd: boolean
}

interface Known {
  readonly name: string
  readonly note: string
  readonly checkpoint: LogCheckpoint
}

const PAGE = 500
/** Above this, nobody looks any more for which event has whose place. */
const MOST_COMPARED = 256
/** What is remembered of them; the rest is counted. */
const MOST_DIFFERENT = 10_000
const NOTHING = new Uint8Array(HASH_BYTES)

export async function verifyAudit(parts: VerifyParts): Promise<AuditReport> {
  return new Verification(parts).run()
}

class Verification {
  readonly #parts: VerifyParts
  readonly #findings = new Findings()
  readonly #rows: Rows
  #byHashes = new Frontier()
  /** Differs from the other since the first event that does not have its hash. */
  #byEvents: Frontier | undefined
  #different: Different[] = []
  /** Those that a checkpoint has settled: told at the end, as two of them may have changed places. */
  readonly #touched: Different[] = []
  /** What does not fit, until a checkpoint that does. */
  #contradicting: Known[] = []
  #proven = 0
  #tile: { readonly index: number; readonly bytes: Uint8Array } | undefined
  #last: LogCheckpoint | undefined
  #count = 0

  constructor(parts: VerifyParts) {
    this.#parts = parts
    this.#rows = new Rows(parts.store)
  }

  async run(): Promise<AuditReport> {
    const elsewhere = this.#openElsewhere()
    for await (const known of this.#stored(elsewhere)) {
      while (elsewhere[0] !== undefined && elsewhere[0].checkpoint.size < known.checkpoint.size) {
        await this.#compare(elsewhere.shift() as Known)
      }
      await this.#compare(known)
    }
    for (const known of elsewhere) await this.#compare(known)
    this.#settle()
    this.#addEvents(this.#touched)
    const signed = this.#byHashes.size
    const unsigned = await this.#behind(signed)
    return {
      events: this.#rows.count,
      signed,
      unsigned,
      checkpoints: this.#count,
      lastCheckpointAt: this.#last?.at,
      findings: this.#findings.list,
      more: this.#findings.more,
    }
  }

  #openElsewhere(): Known[] {
    const known: Known[] = []
    for (const { name, note } of this.#parts.elsewhere) {
      const checkpoint = this.#open(note, name, 0)
      if (checkpoint !== undefined) known.push({ name, note, checkpoint })
    }
    return known.sort((a, b) => a.checkpoint.size - b.checkpoint.size)
  }

  #open(note: string, name: string, number: number): LogCheckpoint | undefined {
    try {
      return openLogCheckpoint(note, this.#parts.log)
    } catch (error) {
      this.#findings.add('checkpoint', number, `${name}: ${messageFor(error)}`)
      return undefined
    }
  }

  /** The database's own, as far as they are good. One from elsewhere must be among them. */
  async *#stored(elsewhere: readonly Known[]): AsyncGenerator<Known> {
    const missing = new Map(elsewhere.map((known) => [known.checkpoint.number, known]))
    let [after, size] = [0, 0]
    for (;;) {
      const page = await this.#parts.store.checkpoints(after, PAGE)
      for (const { number, note } of page) {
        if (number !== after + 1) {
          const gone =
            number - after === 2 ? `Checkpoint ${after + 1} is` : `Checkpoints ${after + 1} to ${number - 1} are`
          this.#findings.add('checkpoint', after + 1, `${gone} missing from the database.`, number - 1)
        }
        after = number
        this.#count++
        const same = missing.get(number)
        if (same !== undefined) {
          missing.delete(number)
          if (same.note !== note) {
            this.#findings.add(
              'checkpoint',
              number,
              `${same.name} is not what checkpoint ${number} of the database is.`,
            )
          }
        }
        const checkpoint = this.#open(note, `Checkpoint ${number}`, number)
        if (checkpoint === undefined) continue
        if (checkpoint.number !== number || checkpoint.size < size) {
          this.#findings.add('checkpoint', number, `Checkpoint ${number} is in the place of another.`)
          continue
        }
        size = checkpoint.size
        this.#last = checkpoint
        yield { name: `Checkpoint ${number}`, note, checkpoint }
      }
      if (page.length < PAGE) break
    }
    for (const [number, { name }] of missing) {
      this.#findings.add(
        'checkpoint',
        number,
        `The database ends before checkpoint ${number}, which ${name} has: it was cut, or an older copy was put back.`,
      )
    }
  }

  async #compare(known: Known): Promise<void> {
    const { size, root } = known.checkpoint
    while (this.#byHashes.size < size) await this.#next()
    if (this.#byHashes.size > size) return
    if (areSame(this.#byHashes.root(), root)) {
      this.#settleAs('event')
      this.#byEvents = undefined
    } else if (this.#byEvents !== undefined && areSame(this.#byEvents.root(), root)) {
      this.#settleAs('hash')
      this.#byHashes = this.#byEvents
      this.#byEvents = undefined
    } else {
      this.#contradicting.push(known)
      if (this.#contradicting.length > PAGE) this.#contradicting.splice(1, 1)
      return
    }
    this.#proven = size
    for (const { name, checkpoint } of this.#contradicting) {
      this.#findings.add('checkpoint', checkpoint.number, `${name} is signed, and contradicts the log: there were two.`)
    }
    this.#contradicting = []
  }

  async #next(): Promise<void> {
    const seq = this.#byHashes.size + 1
    for (const strange of await this.#rows.before(seq)) {
      this.#findings.add('added', strange.at, `Event ${strange.seq} is none of the log: its number is not possible.`)
    }
    const row = await this.#rows.take(seq)
    const digest = row === undefined ? undefined : rowDigest(row)
    const event = digest === undefined ? undefined : eventHash(seq, digest)
    const stored = await this.#hash(seq)
    const fits = event !== undefined && stored !== undefined && areSame(event, stored)
    if (!fits) {
      this.#byEvents ??= this.#byHashes.copy()
      if (this.#different.length + this.#touched.length >= MOST_DIFFERENT) this.#findings.countMore()
      else {
        this.#different.push({ seq, digest, stored, isEnd: row === undefined && (await this.#rows.isEnd()) })
      }
    }
    this.#byEvents?.append(event ?? NOTHING)
    this.#byHashes.append(stored ?? NOTHING)
  }

  async #hash(seq: number): Promise<Hash | undefined> {
    const index = Math.floor((seq - 1) / TILE_WIDTH)
    if (this.#tile?.index !== index) {
      this.#tile = { index, bytes: (await this.#parts.store.tile(0, index)) ?? new Uint8Array() }
    }
    const start = ((seq - 1) % TILE_WIDTH) * HASH_BYTES
    const hash = this.#tile.bytes.subarray(start, start + HASH_BYTES)
    return hash.length === HASH_BYTES ? hash : undefined
  }

  #settleAs(touched: 'event' | 'hash'): void {
    const different = this.#different
    this.#different = []
    if (touched === 'event') {
      this.#touched.push(...different)
      return
    }
    for (const { seq } of different) {
      this.#findings.add('hash', seq, 'The log’s own hash was changed; the event is what was signed.')
    }
  }

  /** What no checkpoint could settle. */
  #settle(): void {
    if (this.#contradicting.length === 0) {
      this.#settleAs('event')
      return
    }
    const to = this.#byHashes.size
    const message =
      'Neither the events nor the hashes lead to what was signed: something in here was changed, and what lies before stands.'
    this.#findings.add('unproven', Math.min(this.#proven + 1, to), message, to)
    this.#settleAs('event')
  }

  #addEvents(different: readonly Different[]): void {
    const compared = different.filter(({ digest }) => digest !== undefined).slice(0, MOST_COMPARED)
    for (const { seq, digest, isEnd } of different) {
      if (digest === undefined) {
        if (isEnd) {
          this.#findings.add('truncated', seq, 'The log ends here; these are gone.', different.at(-1)?.seq)
          return
        }
        this.#findings.add('dropped', seq, 'The event is gone.')
        continue
      }
      const origin = compared.find(
        (other) => other.stored !== undefined && areSame(eventHash(other.seq, digest), other.stored),
      )
      if (origin === undefined) this.#findings.add('changed', seq, 'The event is not what was signed.')
      else this.#findings.add('moved', seq, `This was event ${origin.seq}.`)
    }
  }

  /** Events that nobody has signed: some may be there while the log is open, and none once it was closed. */
  async #behind(signed: number): Promise<number> {
    let unsigned = 0
    for (let seq = signed + 1; ; seq++) {
      for (const strange of await this.#rows.before(seq)) {
        this.#findings.add('added', strange.at, `Event ${strange.seq} is none of the log: its number is not possible.`)
      }
      const row = await this.#rows.take(seq)
      if (row === undefined && (await this.#rows.isEnd())) return unsigned
      if (row === undefined) {
        const next = await this.#rows.nextSeq()
        this.#findings.add('dropped', seq, 'The event is gone.', next - 1)
        seq = next - 1
        continue
      }
      unsigned++
      if (this.#last?.isClosed === true) {
        this.#findings.add('added', seq, 'It was added after the log had been closed, by no bastion.')
      }
    }
  }
}
