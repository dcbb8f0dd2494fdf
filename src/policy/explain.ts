/**
 * Why an action got its verdict: what became of every rule, and of a rule that did not match, the first condition that
 * failed, with what it wanted and what it found. As data for programs, and as text for people.
 */
import type { Action } from '../core/action.ts'
import type { RuleRef, Verdict } from '../core/verdict.ts'
import { type EvaluationContext, type RuleTrace, trace } from './evaluate.ts'
import { ruleShape } from './language/policy-file.ts'
import type { ConditionPath } from './match.ts'
import { formatDuration } from './pattern/duration.ts'
import { rolesOf } from './roles.ts'
import type { Policy, Rule } from './rule.ts'
import { quotable } from './shape/quotable.ts'
import type { Plain } from './shape/shape.ts'

export interface Explanation {
  readonly verdict: Verdict
  /** Of the person who asks. */
  readonly roles: readonly string[]
  readonly rules: readonly RuleExplanation[]
}

export interface RuleExplanation {
  readonly rule: RuleRef
  readonly answer: Verdict['kind']
  readonly outcome: RuleTrace['match']['kind']
  /** Of a rule that failed or is unclear: the condition that made it so. */
  readonly because: { readonly condition: string; readonly wanted: string; readonly found: string } | undefined
}

export function explain(policy: Policy, action: Action, context: EvaluationContext): Explanation {
  const { verdict, rules } = trace(policy, action, context)
  return {
    verdict,
    roles: rolesOf(policy, action.principal),
    rules: rules.map(({ rule, match }) => ({
      rule: { name: rule.name, file: policy.file, line: rule.line },
      answer: rule.then.kind,
      outcome: match.kind,
      because:
        'condition' in match
          ? {
              condition: match.condition.join('.'),
              wanted: wantedBy(rule, match.condition),
              found: foundIn(action, match.condition, { policy, context, rule }),
            }
          : undefined,
    })),
  }
}

/** One line for the verdict, one for each rule that was reached. */
export function formatExplanation(explanation: Explanation): string {
  const { verdict, roles, rules } = explanation
  const { name, file, line } = verdict.because
  const place = line === 0 ? file : `${file}:${line}`
  const lines = [`${verdict.kind} · ${name} (${place})${detail(verdict)}`, `roles: ${roles.join(', ') || 'none'}`]
  for (const { rule, answer, outcome, because } of rules) {
    if (outcome === 'not-reached') continue
    const mark = { matched: '=', failed: ' ', unclear: '?' }[outcome]
    const why =
      because === undefined
        ? 'matches'
        : `${because.condition} ${outcome === 'failed' ? 'does not hold' : 'cannot be known'}: it wants ${because.wanted}, and there is ${because.found}`
    lines.push(`${mark} ${rule.file}:${rule.line} ${rule.name} → ${answer}: ${why}`)
  }
  return lines.join('\n')
}

function detail(verdict: Verdict): string {
  if (verdict.kind === 'allow') return ''
  if (verdict.kind === 'deny') return `: ${verdict.message}`
  const { count, reviewers, expiresAfterMs } = verdict.quorum
  return `: ${count} approval${count === 1 ? '' : 's'} by ${reviewers.join(' or ')} within ${formatDuration(expiresAfterMs)}`
}

function wantedBy(rule: Rule, path: ConditionPath): string {
  let value: Plain | undefined = ruleShape.write(rule)
  for (const key of path)
    value =
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? (value as { readonly [key: string]: Plain })[key]
        : undefined
  return value === undefined ? 'something else' : inline(value)
}

function inline(value: Plain): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`
  if (typeof value === 'object' && value !== null)
    return `{ ${Object.entries(value)
      .map(([key, inner]) => `${key}: ${inline(inner)}`)
      .join(', ')} }`
  return String(value)
}

function foundIn(
  action: Action,
  path: ConditionPath,
  { policy, context }: { readonly policy: Policy; readonly context: EvaluationContext; readonly rule: Rule },
): string {
  const [section, key, part] = path
  if (section === 'who') return listed(rolesOf(policy, action.principal), 'no role')
  if (section === 'on') {
    switch (key) {
      case 'targets':
        return quotable(action.target.name)
      case 'labels':
        return quotable(action.target.labels[part ?? ''] ?? 'no such label')
      case 'protocols':
        return action.target.protocol
      default:
        return quotable(action.login)
    }
  }
  const isAboutCommands = key === 'effects' || key === 'commands' || key === 'objects' || key === 'text'
  if (action.kind === 'shell' && isAboutCommands) return 'a shell being opened, which is no command'
  switch (key) {
    case 'kind':
      return action.kind
    case 'interactive':
      return action.interactive ? 'a terminal' : 'no terminal'
    case 'assurance':
      return action.assurance
    case 'effects':
      return listed(action.effects, 'no effect')
    case 'commands':
      return withHidden(
        action,
        listed(
          action.commands.map(({ name }) => name ?? 'an unknown command'),
          'no command',
        ),
      )
    case 'objects':
      return withHidden(
        action,
        listed(
          action.objects.map(({ kind, value }) => (value === undefined ? `an unknown ${kind}` : value)),
          'no object',
        ),
      )
    case 'time':
      return context.now.toISOString()
    case 'network':
      return quotable(action.address)
    default:
      return `“${quotable(action.text)}”`
  }
}

function withHidden(action: Action, found: string): string {
  const hiding = action.effects.filter((effect) => effect === 'escape' || effect === 'opaque' || effect === 'unknown')
  return hiding.length === 0 ? found : `${found}, and what its effects (${hiding.join(', ')}) may hide`
}

function listed(values: readonly string[], none: string): string {
  if (values.length === 0) return none
  const shown = [...new Set(values)].slice(0, 8).map(quotable).join(', ')
  return values.length > 8 ? `${shown}, …` : shown
}
