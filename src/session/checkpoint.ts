/**
 * Where a text that wants to run meets its verdict: the one way from a gate to the desk and back. It tells the person
 * what is going on, puts markers into the recording, and settles what became of an approved command.
 *
 * INVARIANT: whatever breaks in here comes out as a refusal, never as a clearance.
 */
import { redeem } from '../approval/clearance.ts'
import type { Outcome, Refusal, Waiting } from '../approval/desk.ts'
import { BastionError, messageFor } from '../core/errors.ts'
import type { Grant } from '../core/grant.ts'
import type { Hold } from '../core/hold.ts'
import type { Recorder } from '../recording/recorder.ts'
import { visibleStart } from '../terminal/visible.ts'
import { actionFor, type Draft, recordEvent, type SessionContext } from './context.ts'
import type { HeldStatus } from './held-status.ts'
import {
  approvedNotice,
  approvedText,
  grantedNotice,
  hasKeys,
  heldNotice,
  type NoticeStyle,
  questionNotice,
  refusedNotice,
} from './notice.ts'

export interface CheckpointParts {
  readonly context: SessionContext
  readonly recorder: Recorder
  readonly style: NoticeStyle
  /** Shows a notice to the person; resolves when it is stored and shown. */
  readonly tell: (notice: string) => Promise<void>
  /** The status line of what is held; undefined where the terminal has none, and a notice is printed instead. */
  readonly status?: HeldStatus | undefined
  /** The last lines of the screen, for the reviewer. */
  readonly screen: () => Promise<readonly string[]>
  /** Called when the number of commands that wait changes. */
  readonly onWaiting: (waiting: number) => void
}

export class Checkpoint {
  readonly #parts: CheckpointParts
  readonly #waiting = new Set<Waiting>()
  readonly #passing = new Set<Promise<Outcome>>()

  constructor(parts: CheckpointParts) {
    this.#parts = parts
  }

  /** Resolves when the draft may run or may not; never rejects. An aborted `signal` takes the request back. */
  pass(draft: Draft, signal: AbortSignal): Promise<Outcome> {
    const passing = this.#pass(draft, signal).finally(() => this.#passing.delete(passing))
    this.#passing.add(passing)
    return passing
  }

  /** Resolves when nothing waits any more, and each person who asked has been told; after `withdraw`, soon. */
  async settled(): Promise<void> {
    await Promise.all(this.#passing)
  }

  async #pass(draft: Draft, signal: AbortSignal): Promise<Outcome> {
    const { context, recorder, style, tell } = this.#parts
    const { services } = context
    try {
      const action = actionFor(context, draft)
      const verdict = services.evaluate(action)
      const first = await services.desk.submit(
        action,
        verdict,
        verdict.kind === 'hold' ? await this.#parts.screen() : [],
      )
      const outcome = first.kind === 'waiting' ? await this.#wait(first, signal) : first
      if (outcome.kind === 'refused') {
        await recorder.marker(`${outcome.how}: ${visibleStart(draft.text, 200)}`)
        await tell(refusedNotice(outcome, style))
      } else if (outcome.hold !== undefined) {
        await this.#use(outcome.hold, outcome.grant, signal)
      } else if (outcome.grant !== undefined) {
        const { id, by } = outcome.grant
        await recorder.marker(`granted by ${visibleStart(by.name, 100)} (${id}): ${visibleStart(draft.text, 200)}`)
        await tell(grantedNotice(outcome.grant, style))
        if (signal.aborted) return broken('the one who asked is gone')
        await recordEvent(context, 'command.released', { text: draft.text, grant: id })
      }
      return outcome
    } catch (error) {
      services.log.error({ session: context.record.id, err: error }, 'a command could not be judged')
      return broken(messageFor(error))
    }
  }

  /** Reports what the policy would say, without asking anyone; for a gate that can find out more where it says no. */
  wouldAllow(draft: Draft): boolean {
    const { context } = this.#parts
    return context.services.evaluate(actionFor(context, draft)).kind === 'allow'
  }

  /**
   * Reports whether one rule says the same to both, and lets the same people decide; for a gate that runs one in the place
   * of the other. How far an approval may reach is left out: it counts for the text that is asked for.
   */
  isDecidedAlike(one: Draft, other: Draft): boolean {
    const [a, b] = [one, other].map((draft) => {
      const verdict = this.#parts.context.services.evaluate(actionFor(this.#parts.context, draft))
      const { name, file, line } = verdict.because
      const quorum = verdict.kind === 'hold' ? { ...verdict.quorum, grant: undefined } : undefined
      return JSON.stringify({ kind: verdict.kind, name, file, line, quorum })
    })
    return a === b
  }

  /**
   * Judges drafts before their time; resolves to the texts of those that may run without another word. Whatever is held,
   * denied or broken is simply not among them, and is asked for when it comes.
   */
  async ahead(drafts: readonly Draft[]): Promise<readonly string[]> {
    const { context } = this.#parts
    const { services, record } = context
    try {
      const judged = drafts.map((draft) => {
        const action = actionFor(context, draft)
        return { action, verdict: services.evaluate(action) }
      })
      const clearances = await services.desk.allowAhead(judged)
      return clearances.map((clearance) => {
        const { text } = clearance
        redeem(clearance, { session: record.id, text })
        return text
      })
    } catch (error) {
      services.log.error({ session: record.id, err: error }, 'a line could not be judged ahead')
      return []
    }
  }

  /** Refuses a text by an invariant of the gate's, with the same traces as a verdict of the policy's. */
  async refuse(draft: Draft, message: string): Promise<Refusal> {
    const { context, recorder, style, tell } = this.#parts
    const because = { name: 'invariant of the gate', file: '', line: 0 }
    const refusal: Refusal = { kind: 'refused', how: 'denied', message, because, hold: undefined }
    try {
      await context.services.desk.submit(actionFor(context, draft), { kind: 'deny', because, message }, [])
      await recorder.marker(`denied: ${visibleStart(draft.text, 200)}`)
      await tell(refusedNotice(refusal, style))
    } catch (error) {
      context.services.log.error({ session: context.record.id, err: error }, 'a refusal could not be recorded')
    }
    return refusal
  }

  /** Settles an approved command that has run. */
  async finished(hold: Hold, exitStatus: number | undefined): Promise<void> {
    await this.#parts.context.services.desk.approvals.finished(hold.id, exitStatus)
  }

  /** Tells of an approval and marks its command as running; one that will not be used after all is revoked. */
  async #use(hold: Hold, grant: Grant | undefined, signal: AbortSignal): Promise<void> {
    const { context, recorder, style, tell, status } = this.#parts
    const { approvals } = context.services.desk
    try {
      const by = hold.decisions.map((decision) => decision.by.name).join(', ')
      const isBroken = hold.decisions.some(({ kind }) => kind === 'break-glass')
      await recorder.marker(
        `${isBroken ? 'glass broken' : 'approved'} by ${visibleStart(by, 100)}: ${visibleStart(hold.action.text, 200)}`,
      )
      // A grant, and broken glass, is worth a notice that stays; a single approval is told over the command that already runs.
      if (status === undefined || grant !== undefined || isBroken) await tell(approvedNotice(hold, style, grant))
      else void status.linger(approvedText(hold)).catch(() => {})
      // Approved, but whoever asked has left meanwhile: it must not run unseen.
      if (signal.aborted) throw new BastionError('conflict', 'the one who asked is gone')
      await approvals.running(hold.id)
    } catch (error) {
      await approvals.revoke(hold.id, messageFor(error))
      throw error
    }
  }

  /** The request that has waited longest, which is the one that the status line speaks of. */
  get waiting(): Waiting | undefined {
    return this.#waiting.values().next().value
  }

  /** Adds why it is asked to a request that waits. */
  async explain(waiting: Waiting, text: string): Promise<void> {
    await waiting.explain(text)
    await this.#parts.recorder.marker(`reason given (${waiting.hold.id}): ${visibleStart(text, 200)}`)
  }

  /** The address where the requester may break the glass; undefined where they may not. */
  glassPage({ hold, mayBreakGlass }: Waiting): string | undefined {
    return mayBreakGlass ? this.#parts.context.services.holdPage(hold.id) : undefined
  }

  get isWaiting(): boolean {
    return this.#waiting.size > 0
  }

  /** Takes every waiting request of this session back; returns how many there were. */
  withdraw(reason: string): number {
    for (const waiting of this.#waiting) waiting.withdraw(reason)
    return this.#waiting.size
  }

  /** Tells the requester, and the recording, what a reviewer asks; the returned function ends that. */
  #hearQuestions({ hold: { id } }: Waiting): () => void {
    const { context, recorder, style, tell } = this.#parts
    const { desk, log } = context.services
    const told = new Set<number>()
    return desk.subscribe((hold) => {
      if (hold.id !== id) return
      for (const [index, word] of hold.explanations.entries()) {
        if (word.askedBy === undefined || told.has(index)) continue
        told.add(index)
        recorder
          .marker(`asked by ${visibleStart(word.askedBy.name, 100)} (${id}): ${visibleStart(word.text, 200)}`)
          .then(() => tell(questionNotice(word, hold, style)))
          .catch((error: unknown) => log.error({ session: context.record.id, err: error }, 'a question was not told'))
      }
    })
  }

  async #wait(waiting: Waiting, signal: AbortSignal): Promise<Outcome> {
    const withdraw = () => waiting.withdraw('the one who asked is gone')
    const ways = { hasKeys: hasKeys(waiting.hold), glassPage: this.glassPage(waiting) }
    this.#waiting.add(waiting)
    this.#parts.onWaiting(this.#waiting.size)
    signal.addEventListener('abort', withdraw, { once: true })
    if (signal.aborted) withdraw()
    try {
      await this.#parts.recorder.marker(`held ${waiting.hold.id}: ${visibleStart(waiting.hold.action.text, 200)}`)
      const isShown = await this.#parts.status?.add(waiting.hold, ways)
      if (!isShown) await this.#parts.tell(heldNotice(waiting.hold, this.#parts.style, ways))
    } catch (error) {
      // A hold that its requester cannot be told of must not go on to run something.
      waiting.withdraw(messageFor(error))
    }
    const stopHearing = this.#hearQuestions(waiting)
    const outcome = await waiting.outcome
    stopHearing()
    signal.removeEventListener('abort', withdraw)
    // Gone before anything runs; where that fails nothing more can be shown, and the outcome's own traces say so.
    await this.#parts.status?.remove(waiting.hold).catch(() => {})
    this.#waiting.delete(waiting)
    this.#parts.onWaiting(this.#waiting.size)
    return outcome
  }
}

function broken(message: string): Refusal {
  return { kind: 'refused', how: 'broken', message, because: { name: 'fault', file: '', line: 0 }, hold: undefined }
}
