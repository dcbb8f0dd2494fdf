/**
 * Recorded requests, judged again. The audit log keeps what was asked and what it was answered; the session's record has
 * who asked, with their groups of that day. It reads the database and changes nothing that is in it.
 */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { catalogueOf } from './catalogue-file.ts'
import type { Backtested } from './cli/backtest-report.ts'
import type { Config } from './config.ts'
import type { Action, ActionKind, Analysis, Assurance } from './core/action.ts'
import { ASSURANCES } from './core/action.ts'
import type { StoredAuditEvent } from './core/audit.ts'
import { BastionError } from './core/errors.ts'
import { newActionId } from './core/ids.ts'
import type { Store } from './core/ports.ts'
import type { SessionRecord } from './core/session.ts'
import type { Target } from './core/target.ts'
import type { Verdict } from './core/verdict.ts'
import { Backtest, type Replayed } from './policy/backtest.ts'
import type { Policy } from './policy/policy.ts'
import { parseable } from './session/stepped/step-text.ts'
import { createAnalyser } from './shell/analyse.ts'
import { betweenSteps } from './shell/between-steps.ts'
import { ofFunctionCall, ofStartFileStep, ofStepAlone } from './shell/step.ts'
import { openSqliteStore } from './store/sqlite/store.ts'

export interface BacktestOptions {
  /** Undefined: the demo's. */
  readonly config: Config | undefined
  readonly targets: readonly Target[]
  readonly sinceMs: number
}

interface Reading {
  readonly kind: ActionKind
  readonly analysis: Analysis
}

type Analyse = (text: string) => Analysis

const VERDICTS: Readonly<Record<string, Verdict['kind']>> = {
  'command.allowed': 'allow',
  'command.held': 'hold',
  // The policy held it; a reviewer had granted it before.
  'grant.used': 'hold',
  'command.denied': 'deny',
}
const TYPES = ['command.allowed', 'command.held', 'grant.used', 'command.denied'] as const
const PAGE = 1000
const MOST_EVENTS = 500_000
/** Some milliseconds' worth. */
const EVENTS_AT_ONCE = 100
const DAY_MS = 86_400_000
const NOTHING: Analysis = { commands: [], effects: [], objects: [] }
/** The answers that no policy gives: the gate's own. */
const NOT_OF_THE_POLICY = new Set(['invariant of the gate', 'fault'])

export async function runBacktest(policy: Policy, { config, targets, sinceMs }: BacktestOptions): Promise<Backtested> {
  const store = await openExisting(config?.stateFolder ?? resolve(process.env.SALLYPORT_STATE_DIR ?? '.demo', 'state'))
  try {
    const analyse = createAnalyser(await catalogueOf(config?.catalogueFile))
    return await backtestOver(store, policy, { targets, analyse, to: new Date(), sinceMs, most: MOST_EVENTS })
  } finally {
    await store.close()
  }
}

/** Of an open store, the newest `most` events at most; others have their turn meanwhile, as keystrokes may be waiting. */
export async function backtestOver(
  store: Pick<Store, 'audit' | 'sessions'>,
  policy: Policy,
  {
    targets,
    analyse,
    to,
    sinceMs,
    most,
  }: {
    readonly targets: readonly Target[]
    readonly analyse: Analyse
    readonly to: Date
    readonly sinceMs: number
    readonly most: number
  },
): Promise<Backtested> {
  const since = new Date(to.getTime() - sinceMs)
  const leftOut: Record<string, number> = {}
  const backtest = new Backtest(policy)
  // A bastion that is younger than the question has not had those days.
  let from = since
  const replay = new Replay(store, targets, analyse)
  let read = 0
  for await (const event of eventsSince(store, { since, most, leftOut })) {
    read += 1
    if (read % EVENTS_AT_ONCE === 0) await new Promise<void>((resolve) => setImmediate(resolve))
    const replayed = await replay.request(event)
    if (typeof replayed === 'string') leftOut[replayed] = (leftOut[replayed] ?? 0) + 1
    else {
      backtest.add(replayed)
      from = replayed.at
    }
  }
  return {
    ...backtest.report,
    policy: policy.file,
    from,
    to,
    days: Math.max(1, (to.getTime() - from.getTime()) / DAY_MS),
    leftOut,
  }
}

async function openExisting(folder: string): Promise<Store> {
  const file = join(folder, 'sallyport.db')
  if (!existsSync(file))
    throw new BastionError(
      'not-found',
      `There are no recorded requests at ${file}. Name the configuration of the bastion with -c.`,
    )
  return openSqliteStore({ file })
}

/** Newest first. */
async function* eventsSince(
  store: Pick<Store, 'audit'>,
  { since, most, leftOut }: { readonly since: Date; readonly most: number; readonly leftOut: Record<string, number> },
): AsyncGenerator<StoredAuditEvent> {
  let beforeSeq: number | undefined
  for (let read = 0; read < most; read += PAGE) {
    const events = await store.audit.list({ types: TYPES, limit: PAGE, ...(beforeSeq !== undefined && { beforeSeq }) })
    for (const event of events) {
      if (event.at < since) return
      yield event
    }
    if (events.length < PAGE) return
    beforeSeq = events.at(-1)!.seq
  }
  leftOut[`older ones, because ${most} are read at most`] = 1
}

class Replay {
  readonly #store: Pick<Store, 'sessions'>
  readonly #targets: ReadonlyMap<string, Target>
  readonly #analyse: Analyse
  readonly #sessions = new Map<string, SessionRecord | undefined>()

  constructor(store: Pick<Store, 'sessions'>, targets: readonly Target[], analyse: Analyse) {
    this.#store = store
    this.#analyse = analyse
    this.#targets = new Map(targets.map((target) => [target.name, target]))
  }

  /** Resolves to the request as it would be judged now, or to why it cannot be. */
  async request(event: StoredAuditEvent): Promise<Replayed | string> {
    const { text, target: targetName, rule, reviewers } = event.detail
    const assurance = ASSURANCES.find((candidate) => candidate === event.detail.assurance)
    const kind = VERDICTS[event.type]
    if (typeof text !== 'string' || typeof targetName !== 'string' || assurance === undefined || kind === undefined)
      return 'recorded without what is needed to judge them'
    const ruleName = nameOf(rule)
    if (NOT_OF_THE_POLICY.has(ruleName)) return 'refused by the gate itself, whatever the policy says'
    const session = await this.#session(event)
    if (session === undefined) return 'their session is not recorded'
    const target = this.#targets.get(targetName)
    if (target === undefined) return 'their target is no longer in the configuration'
    const effects = texts(event.detail.effects)
    const { kind: actionKind, analysis } = readingOf({ text, assurance, session, effects }, this.#analyse)
    const action: Action = {
      ...analysis,
      id: newActionId(),
      kind: actionKind,
      text,
      assurance,
      principal: session.principal,
      target,
      login: session.login,
      session: session.id,
      interactive: session.kind === 'shell',
      address: session.address,
    }
    return { at: event.at, action, verdict: { kind, rule: ruleName, reviewers: texts(reviewers) }, effects }
  }

  async #session({ session: id }: StoredAuditEvent): Promise<SessionRecord | undefined> {
    if (id === undefined) return undefined
    if (!this.#sessions.has(id)) this.#sessions.set(id, await this.#store.sessions.find(id))
    return this.#sessions.get(id)
  }
}

/**
 * Reads the text as the gate did. A gate knows more than the text says (that a step calls a function, stands in a start
 * file, or belongs to a line that could not be read), and the log does not keep it; so the reading that comes to the
 * recorded effects is taken for the one. Where none does, the catalogue has changed, and the plain one counts.
 */
function readingOf(
  recorded: {
    readonly text: string
    readonly assurance: Assurance
    readonly session: SessionRecord
    readonly effects: readonly string[]
  },
  analyse: Analyse,
): Reading {
  const { text, assurance, session, effects } = recorded
  if (session.kind === 'exec') return { kind: 'exec', analysis: analyse(text) }
  if (assurance === 'exact') return { kind: 'shell', analysis: NOTHING }
  if (assurance === 'inferred') return { kind: 'line', analysis: analyse(text) }
  const plain: Reading = { kind: 'step', analysis: stepAlone(text, analyse) }
  return stepReadings(text, plain, analyse).find(({ analysis }) => isSameSet(analysis.effects, effects)) ?? plain
}

function stepReadings(text: string, plain: Reading, analyse: Analyse): readonly Reading[] {
  const { analysis: alone } = plain
  const line = betweenSteps(text, analyse)
  return [
    plain,
    { kind: 'step', analysis: ofStartFileStep(alone) },
    { kind: 'step', analysis: ofFunctionCall(parseable(text), analyse) },
    ...(line.kind === 'read' ? [{ kind: 'line', analysis: line.analysis } as const] : []),
    { kind: 'step', analysis: { ...alone, effects: [...new Set([...alone.effects, 'opaque' as const])] } },
  ]
}

function stepAlone(text: string, analyse: Analyse): Analysis {
  const whole = parseable(text)
  return ofStepAlone(whole, analyse(whole))
}

function isSameSet(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((effect) => other.includes(effect))
}

function nameOf(rule: unknown): string {
  return typeof rule === 'object' && rule !== null && 'name' in rule ? String(rule.name) : 'unknown'
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : []
}
