/**
 * The bastion's end of the stepped gate: it answers what a gated shell asks. A shell is `starting` until its first
 * prompt; from then on each line must be reported (at Enter) before any of its steps.
 *
 * INVARIANT: `go` is answered only to a question with the session's key and a counter that moved on, and only after a
 * verdict or a clearance for its text. Every other way out of here is `no`, or silence, and silence kills the shell.
 */
import { redeem } from '../../approval/clearance.ts'
import type { Outcome } from '../../approval/desk.ts'
import type { Hold } from '../../core/hold.ts'
import { MAX_TEXT } from '../../shell/text.ts'
import type { SideConnection } from '../channel.ts'
import type { Checkpoint } from '../checkpoint.ts'
import { type Draft, recordEvent } from '../context.ts'
import type { Entrance } from '../nested-shells.ts'
import type { Ungated } from '../ungated.ts'
import type { Dialect, LineDialect, StepDialect } from './dialect.ts'
import { Drafts, type DraftsParts, type Stage } from './drafts.ts'
import { Foresight } from './foresight.ts'
import { ofNestedShell } from './nested-shell.ts'
import { type Answer, formatAnswer, GO, type Keys, NO, type Question, readQuestion } from './question.ts'

export interface StepperParts extends DraftsParts {
  readonly checkpoint: Checkpoint
  /** Is told of the programs that the gate does not see into. */
  readonly ungated: Pick<Ungated, 'begin' | 'end'>
  readonly dialect: Dialect
  /** Makes a gate for the shell that a line starts; undefined where it starts none that can have one. */
  readonly entranceFor?: (line: string) => Promise<Entrance | undefined>
  readonly keys: Keys
  /** Whether the shell may keep a connection from its prompt to its line. */
  readonly keepsConnections: boolean
  /** Called at each prompt; the first one means that the gate is closed and the person may type. */
  readonly onPrompt: () => void
  /** Called when a line that was being entered has its answer; `asks` where its first step is going to be asked for. */
  readonly onLine: (line: { readonly asks: boolean }) => void
  /** Called when the shell itself, not a subshell, asks for a step, and again with the answer. */
  readonly onStep: (what: 'asked' | 'answered' | 'refused') => void
  /** Called when the gate answers wrongly: the session has to end. */
  readonly onBroken: (reason: string) => void
}

/** Questions under way at once; a fork bomb asks more than that. */
const MAX_OPEN_QUESTIONS = 256
const MAX_FOREIGN_REPORTS = 10
/** Variables of one step that the shell is asked about. */
const MAX_TOLD = 16
const PARAMETER = /\$\{?([A-Za-z_]\w*)/g
const ARITHMETIC = /\(\([^"'`]*?\)\)/g
const NAME = /[A-Za-z_]\w*/g
/** One more than an analysis reads, so that what is cut off here is opaque there. */
const MOST_LINE_CHARACTERS = MAX_TEXT + 1

export class Stepper {
  readonly #parts: StepperParts
  #stage: Stage = { kind: 'starting' }
  readonly #drafts: Drafts
  readonly #foresight: Foresight
  /** The last line's first step has no verdict yet. */
  #asksFirst = false
  #open = 0
  #foreign = 0
  /** The highest counter seen from each process; forgotten in the order of arrival when there are many. */
  readonly #counters = new Map<number, number>()
  /** Approved steps that have not reported their exit status yet, by process. */
  readonly #running = new Map<number, Hold>()

  constructor(parts: StepperParts) {
    this.#parts = parts
    this.#drafts = new Drafts(parts)
    this.#foresight = new Foresight({ ...parts, drafts: this.#drafts })
  }

  /** Reports whether the shell reads a line, or more of one: then Enter will be reported. */
  get isReadingLine(): boolean {
    return this.#stage.kind === 'prompt' || (this.#stage.kind === 'line' && this.#stage.reading.kind === 'incomplete')
  }

  /** Takes one connection to the gate's port; never rejects. */
  async serve(connection: SideConnection): Promise<void> {
    if (this.#open >= MAX_OPEN_QUESTIONS) return connection.end(new Uint8Array())
    this.#open++
    const input = connection.input[Symbol.asyncIterator]()
    try {
      const question = await readQuestion(input, this.#parts.keys.ask)
      if (typeof question === 'string') return await this.#reportForeign(connection)
      await this.#serve(question, connection, input)
    } catch (error) {
      this.#parts.context.services.log.error(
        { session: this.#parts.context.record.id, err: error },
        'a step could not be answered',
      )
      connection.end(new Uint8Array())
    } finally {
      this.#open--
    }
  }

  async #serve(first: Question, connection: SideConnection, input: AsyncIterator<Uint8Array>): Promise<void> {
    for (let question = first; ; ) {
      const isKept = question.isKept && question.kind === 'prompt' && this.#parts.keepsConnections
      // From here on nobody reads: the connection is only watched, for whether the one who asks is still there.
      if (!isKept) await input.return?.()
      const isStep = question.kind !== 'line' && question.kind !== 'prompt'
      const isInFront = isStep && !question.isSubshell && !question.isCompletion
      if (isInFront) this.#parts.onStep('asked')
      const answer = await this.#answer(question, connection.closed)
      const bytes = formatAnswer(question, this.#parts.keys.answer, answer)
      if (isKept) connection.write(bytes)
      else connection.end(bytes)
      if (isInFront) this.#parts.onStep(answer.word === 'no' ? 'refused' : 'answered')
      if (question.kind === 'line') this.#parts.onLine({ asks: answer.word === 'go' && this.#asksFirst })
      if (!isKept) return
      // A shell that ends at its prompt takes the connection with it.
      const next = await readQuestion(input, this.#parts.keys.ask).catch(() => 'nothing' as const)
      if (next === 'nothing') return connection.end(new Uint8Array())
      if (next === 'foreign') return this.#reportForeign(connection)
      question = next
    }
  }

  /** Enter was pressed behind what looks like this line; the shell is going to report it. */
  expect(line: string): void {
    const { dialect } = this.#parts
    if (dialect.reports === 'steps' && this.#stage.kind === 'prompt') this.#foresight.expect(dialect, line)
  }

  /** Settles approved steps whose shell is gone. */
  async close(): Promise<void> {
    for (const pid of [...this.#running.keys()]) await this.#settle(pid, undefined)
  }

  async #answer(question: Question, closed: AbortSignal): Promise<Answer> {
    const last = this.#counters.get(question.pid)
    if (last !== undefined && question.counter <= last) {
      await recordEvent(this.#parts.context, 'gate.failed', {
        why: 'a question came twice',
        counter: question.counter,
        pid: question.pid,
      })
      this.#parts.onBroken('the gate on the target repeated a question')
      return NO
    }
    const { dialect } = this.#parts
    this.#count(question)
    await this.#settle(question.pid, question.status)
    await this.#parts.ungated.end(question.kind === 'prompt' ? undefined : question.pid)
    switch (question.kind) {
      case 'prompt':
        this.#stage = { kind: 'prompt' }
        this.#parts.onPrompt()
        return dialect.reports === 'steps'
          ? { word: 'go', ...(await this.#foresight.ahead(dialect, this.#stage, [])) }
          : GO
      case 'line':
        return dialect.reports === 'steps'
          ? this.#line(dialect, question, closed)
          : this.#wholeLine(dialect, question, closed)
      case 'step':
      case 'told':
        return dialect.reports === 'steps' ? this.#step(dialect, question, closed) : NO
    }
  }

  /** A line is being entered: what its steps will not tell is judged now. */
  async #line(dialect: StepDialect, question: Question, closed: AbortSignal): Promise<Answer> {
    const stage = this.#stage
    const before = stage.kind === 'line' ? `${stage.text}\n` : ''
    const text = `${before}${question.text}`.slice(0, MOST_LINE_CHARACTERS)
    const { reading, steps } = this.#foresight.read(dialect, text)
    this.#stage = { kind: 'line', text, reading }
    this.#asksFirst = false
    if (reading.kind !== 'read') return GO
    if (reading.analysis.effects.length > 0) {
      const draft = { kind: 'line', text, assurance: 'stepped', analysis: reading.analysis } as const
      if ((await this.#pass(draft, question, closed)).kind !== 'cleared') {
        // The shell empties its line and stays where it was; no prompt tells so.
        this.#stage = stage
        return NO
      }
    }
    const ahead = await this.#foresight.ahead(dialect, this.#stage, steps)
    const [first] = steps
    // Where it asked for other words the last time (an alias), those have their verdict by now.
    const isKnown = this.#foresight.knows(this.#stage)
    this.#asksFirst = first !== undefined && !isKnown && !ahead.ahead.includes(first)
    return { word: 'go', ...ahead }
  }

  /**
   * The variables that a step's verdict depends on: the policy would not allow it as it stands, but would if these held
   * one plain word each, or digits where arithmetic names them, which only the shell can say (`systemctl is-active
   * "$unit"`: `$unit` could be an option).
   */
  #decisive(dialect: StepDialect, question: Question, draft: Draft): readonly string[] {
    if (!dialect.tells || question.kind === 'told') return []
    const arithmetic = question.text.match(ARITHMETIC)?.join() ?? ''
    const digits = new Set(arithmetic.match(NAME))
    const parameters = [...question.text.matchAll(PARAMETER)].map(([, name = '']) => name)
    const plain = new Set(parameters.filter((name) => !digits.has(name)))
    const names = [...digits, ...plain]
    if (names.length === 0 || names.length > MAX_TOLD || this.#parts.checkpoint.wouldAllow(draft)) return []
    const { alone } = this.#drafts.analyse(dialect, this.#stage, question, { plain, digits })
    return this.#parts.checkpoint.wouldAllow(this.#drafts.of(dialect, this.#stage, question.text, alone)) ? names : []
  }

  /** A line of a shell that reports no steps: this is the only word on all that it does. */
  async #wholeLine(dialect: LineDialect, question: Question, closed: AbortSignal): Promise<Answer> {
    const { context, checkpoint } = this.#parts
    const { text, analysis } = dialect.wholeLine(question.text, context.services.analyse)
    const draft = { kind: 'line', text, assurance: 'stepped', analysis } as const
    const forbidden = dialect.forbidden(text, analysis.commands)
    let answer = NO
    if (this.#stage.kind === 'starting') await checkpoint.refuse(draft, 'the shell has not shown a prompt yet.')
    else if (forbidden !== undefined)
      await checkpoint.refuse(draft, `${forbidden}; the gate of this session cannot be changed from inside.`)
    else if ((await this.#pass(draft, question, closed)).kind === 'cleared') answer = GO
    // A refused line leaves the shell where it was, and no prompt tells so.
    if (answer === GO) this.#stage = { kind: 'line', text, reading: { kind: 'read', analysis } }
    return answer
  }

  async #step(dialect: StepDialect, question: Question, closed: AbortSignal): Promise<Answer> {
    const { text } = question
    const isStarting = this.#stage.kind === 'starting'
    if (isStarting && dialect.initSteps.has(text)) return GO
    const { alone, commands } = this.#drafts.analyse(dialect, this.#stage, question, question)
    const draft = this.#drafts.of(dialect, this.#stage, text, alone)
    const forbidden = isStarting ? dialect.forbiddenAtStart(text) : dialect.forbidden(text, commands)
    if (forbidden !== undefined) {
      await this.#parts.checkpoint.refuse(
        draft,
        `${forbidden}; the gate of this session cannot be changed from inside.`,
      )
      return NO
    }
    // Completion and the prompt's own substitutions run between two lines; nothing else should.
    if (this.#stage.kind === 'prompt' && !question.isCompletion && !question.isSubshell) {
      await this.#parts.checkpoint.refuse(draft, 'the line it belongs to was not reported; type it and press Enter.')
      return NO
    }
    const names = isStarting ? [] : this.#decisive(dialect, question, draft)
    if (names.length > 0) return { word: 'tell', names }
    const stage = this.#stage
    const entrance = await this.#entranceFor(question)
    const nested = entrance && this.#nestedDraft(draft, entrance)
    if (entrance !== undefined && nested !== undefined) return this.#nest(nested, entrance, { question, closed })
    const outcome = await this.#pass(draft, question, closed)
    if (outcome.kind !== 'cleared') return NO
    // An approval is good once, and each use of a grant counts; what the policy itself allows needs no second question.
    const isEscape = draft.analysis?.effects.includes('escape') === true
    const isByPolicy = outcome.hold === undefined && outcome.grant === undefined
    // What a variable holds may be something else the next time.
    if (!isByPolicy || isEscape || isStarting || question.kind === 'told') return GO
    if (question.isCompletion && !dialect.hasWidgets) return GO
    if (!question.isFunctionCall) this.#foresight.keep(stage, text, question.isCompletion ? 'widget' : 'line')
    if (question.isCompletion) return GO
    return stage.kind === 'line' && stage.reading.kind !== 'read' ? GO : { word: 'again', ahead: [] }
  }

  /** Only where the whole line is this one command, so that nothing around it is lost. */
  async #entranceFor({ text, isSubshell, isFunctionCall, isCompletion }: Question): Promise<Entrance | undefined> {
    const stage = this.#stage
    const isWhole = stage.kind === 'line' && stage.text.trim() === text && stage.reading.kind === 'read'
    if (!isWhole || isSubshell || isFunctionCall || isCompletion) return undefined
    return this.#parts.entranceFor?.(text)
  }

  /** What is asked for instead; undefined where another rule than the one for the line would decide on it. */
  #nestedDraft(step: Draft, entrance: Entrance): Draft | undefined {
    const { context, checkpoint } = this.#parts
    const { analyse } = context.services
    const { command } = entrance
    const analysis = ofNestedShell(step.analysis ?? analyse(step.text), analyse(command))
    const nested = { ...step, text: command, analysis }
    if (checkpoint.isDecidedAlike(step, nested)) return nested
    entrance.close()
    return undefined
  }

  /** The step starts a shell: what runs instead of it, with a gate, is what is asked for. */
  async #nest(
    nested: Draft,
    entrance: Entrance,
    { question, closed }: { readonly question: Question; readonly closed: AbortSignal },
  ): Promise<Answer> {
    const outcome = await this.#pass(nested, question, closed)
    if (outcome.kind !== 'cleared') {
      entrance.close()
      return NO
    }
    entrance.open()
    return { word: 'nest', command: entrance.command }
  }

  async #pass(draft: Draft, question: Question, closed: AbortSignal): Promise<Outcome> {
    const outcome = await this.#parts.checkpoint.pass(this.#drafts.as(draft), closed)
    if (outcome.kind !== 'cleared') return outcome
    redeem(outcome.clearance, { session: this.#parts.context.record.id, text: draft.text })
    if (outcome.hold !== undefined) this.#running.set(question.pid, outcome.hold)
    // Nobody can type at what start files run: the way in is shut until the first prompt.
    if (this.#stage.kind !== 'starting' && draft.analysis?.effects.includes('escape'))
      await this.#parts.ungated.begin(question.pid, draft.text)
    return outcome
  }

  async #settle(pid: number, status: number | undefined): Promise<void> {
    const hold = this.#running.get(pid)
    if (hold === undefined) return
    this.#running.delete(pid)
    await this.#parts.checkpoint.finished(hold, status)
  }

  #count(question: Question): void {
    this.#counters.delete(question.pid)
    this.#counters.set(question.pid, question.counter)
    if (this.#counters.size > 1024) this.#counters.delete(this.#counters.keys().next().value!)
  }

  /** Somebody else on the target knocked at the port. They get no answer; the first ones are worth an audit event. */
  async #reportForeign(connection: SideConnection): Promise<void> {
    connection.end(new Uint8Array())
    if (this.#foreign++ < MAX_FOREIGN_REPORTS) {
      await recordEvent(this.#parts.context, 'gate.failed', {
        why: 'somebody on the target asked without the key of the session',
      })
    }
  }
}
