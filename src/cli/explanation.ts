/**
 * What `sallyport policy explain` says: the command with each part of it pointed at, then the verdict, where the rule
 * stands, who may approve, and why no earlier rule answered.
 */
import type { Action, Effect, ObjectRef, SimpleCommand } from '../core/action.ts'
import type { Explanation, RuleExplanation } from '../policy/explain.ts'
import { formatDuration } from '../policy/pattern/duration.ts'
import { visible, visibleStart } from '../terminal/visible.ts'
import { type Mark, markedText } from './marked-text.ts'
import type { Output, Tone } from './output.ts'

export interface Judged {
  readonly action: Action
  readonly explanation: Explanation
  /** Names of those who are known here and could approve it; undefined where nobody is known. */
  readonly approvers: readonly string[] | undefined
  /** Why the gate itself would refuse this, whatever the policy says; undefined where it would not. */
  readonly invariant: string | undefined
}

/** A longer answer is not read; the JSON has all of it. */
const MOST_COMMANDS = 100
const MOST_OBJECTS = 6

const TONES: Readonly<Record<Effect, Tone>> = {
  read: 'green',
  write: 'yellow',
  transfer: 'yellow',
  escape: 'yellow',
  destroy: 'red',
  privilege: 'red',
  opaque: 'red',
  unknown: 'red',
}
const VERDICT_TONES = { allow: 'green', hold: 'yellow', deny: 'red' } as const satisfies Record<string, Tone>

export function explanationText(judged: Judged, { paint, columns }: Pick<Output, 'paint' | 'columns'>): string {
  const { action } = judged
  const { commands, effects, text } = action
  const shown = commands.slice(0, MOST_COMMANDS)
  const marks = shown.map((command) => markOf(command, text))
  const seen = new Set(commands.flatMap((command) => command.effects))
  const ofWhole = effects.filter((effect) => !seen.has(effect))
  return [
    ...asked(judged),
    '',
    ...(action.kind === 'shell' ? ['   │ (a login shell is opened)'] : markedText(text, marks, { paint, columns })),
    ...(action.kind !== 'shell' && commands.length === 0 ? ['   = nothing of it runs, so it has no effects'] : []),
    ...(commands.length > shown.length ? [`   = and ${commands.length - shown.length} more commands`] : []),
    ...(ofWhole.length > 0 ? [`   = the text as a whole: ${ofWhole.join(', ')}`] : []),
    '',
    ...verdictLines(judged, paint),
    ...ruleLines(judged, paint),
  ].join('\n')
}

/** The promise to programs: verdict, rule, effects and commands; the rest may grow. */
export function explanationData({ action, explanation, approvers, invariant }: Judged): unknown {
  const { verdict, roles, rules } = explanation
  return {
    verdict: verdict.kind,
    rule: verdict.because.name,
    effects: action.effects,
    commands: action.commands.map(({ text, effects, objects, name, because, start, end }) => ({
      text,
      effects,
      objects: objects.map(({ kind, value }) => ({ kind, value: value ?? null })),
      name: name ?? null,
      because,
      start,
      end,
    })),
    file: verdict.because.file,
    line: verdict.because.line,
    message: verdict.kind === 'allow' ? null : (verdict.message ?? null),
    ...(verdict.kind === 'hold' && { quorum: verdict.quorum, approvers: approvers ?? null }),
    invariant: invariant ?? null,
    who: action.principal.name,
    groups: action.principal.groups,
    roles,
    on: action.target.name,
    login: action.login,
    kind: action.kind,
    assurance: action.assurance,
    rules: rules.map(({ rule, answer, outcome, because }) => ({
      name: rule.name,
      line: rule.line,
      answer,
      outcome,
      because: because ?? null,
    })),
  }
}

function asked({ action, explanation }: Judged): readonly string[] {
  const { principal, target, login, kind, assurance } = action
  const labels = Object.entries(target.labels).map(([label, value]) => `${label}=${value}`)
  return [
    visible(
      `${principal.name} (${explanation.roles.join(', ') || 'no role'}) on ${login}@${target.name} (${labels.join(', ') || 'no labels'}), ${kind}, ${assurance}`,
    ),
  ]
}

function markOf(command: SimpleCommand, text: string): Mark {
  const { start, end, effects, objects, because } = command
  const worst = effects.find((effect) => TONES[effect] === 'red') ?? effects.find((effect) => effect !== 'read')
  // A command inside a quoted text, or one that only runs when a variable is empty, does not stand there as it runs.
  const isElsewhere = text.slice(start, end) !== command.text
  return {
    start,
    end,
    label: `${effects.join(', ')}${objects.length === 0 ? '' : `: ${objectList(objects)}`}`,
    notes: [...(isElsewhere ? [`runs: ${visibleStart(command.text, 200)}`] : []), `because: ${visible(because)}`],
    tone: TONES[worst ?? 'read'],
  }
}

function objectList(objects: readonly ObjectRef[]): string {
  const names = objects.map(({ kind, value }) => {
    if (value === undefined) return `${kind === 'path' ? 'a path' : `some ${kind}`} that is not known`
    return kind === 'path' ? visibleStart(value, 80) : `${kind} ${visibleStart(value, 80)}`
  })
  const unique = [...new Set(names)]
  const more = unique.length > MOST_OBJECTS ? `, and ${unique.length - MOST_OBJECTS} more` : ''
  return unique.slice(0, MOST_OBJECTS).join(', ') + more
}

function verdictLines(
  { action, explanation, approvers, invariant }: Judged,
  paint: Output['paint'],
): readonly string[] {
  const { verdict } = explanation
  const { name, file, line } = verdict.because
  const head = paint(VERDICT_TONES[verdict.kind], verdict.kind)
  const rule = line === 0 ? ({ 'no-rule-matched': 'no rule matched' }[name] ?? name) : `“${name}”`
  const lines = [`${head}: ${paint('bold', rule)}`, paint('cyan', `  --> ${line === 0 ? file : `${file}:${line}`}`)]
  if (verdict.kind === 'hold') {
    const { count, reviewers, expiresAfterMs, distinctRoles, reasonRequired, sign, grant } = verdict.quorum
    const terms = [
      `${count} approval${count === 1 ? '' : 's'} by ${reviewers.join(' or ')} within ${formatDuration(expiresAfterMs)}`,
      ...(distinctRoles ? ['each from another role'] : []),
      ...(reasonRequired ? ['with a written reason'] : []),
      ...(sign === 'passkey' ? ['signed with a passkey'] : []),
    ]
    lines.push(`   = it waits for ${terms.join(', ')}`)
    if (grant !== undefined)
      lines.push(
        `   = an approval may be good for up to ${formatDuration(grant.longestMs)}, ${grant.scope === 'person' ? 'in every session of theirs on this target' : 'in the session that asked'}`,
      )
    if (approvers !== undefined)
      lines.push(
        approvers.length === 0
          ? `   = nobody who is known here may approve it: ${visible(action.principal.name)} never decides their own`
          : `   = may approve: ${approvers.map((approver) => visibleStart(approver, 60)).join(', ')}; never ${visible(action.principal.name)}`,
      )
  }
  if (verdict.kind !== 'allow' && verdict.message !== undefined) lines.push(`   = ${visible(verdict.message)}`)
  if (invariant !== undefined)
    lines.push(`   = in a gated shell it is refused whatever the policy says: ${visible(invariant)}`)
  return lines
}

function ruleLines({ explanation }: Judged, paint: Output['paint']): readonly string[] {
  const { verdict, rules } = explanation
  const others = rules.filter(
    ({ rule, outcome }) => outcome === 'unclear' || (outcome === 'failed' && rule.name !== verdict.because.name),
  )
  if (others.length === 0) return []
  return [
    '',
    verdict.because.line === 0 ? 'why no rule answered:' : 'why no rule before it answered:',
    ...others.flatMap((other) => [
      `   ${other.rule.file}:${other.rule.line} “${other.rule.name}” (${other.answer})`,
      paint('dim', `   = ${reason(other)}`),
    ]),
  ]
}

function reason({ outcome, because }: RuleExplanation): string {
  if (because === undefined) return 'it matches'
  const { condition, wanted, found } = because
  return outcome === 'unclear'
    ? `it cannot be known whether ${condition} holds, so the stricter answer counts: it wants ${wanted}, and there is ${found}`
    : `${condition} wants ${wanted}, and there is ${found}`
}
