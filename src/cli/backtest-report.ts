/** What `sallyport policy backtest` says: how the load on reviewers changes, and which requests would be answered otherwise. */
import type { BacktestReport, Change, HoldLoad, RecordedVerdict } from '../policy/backtest.ts'
import { visible, visibleStart } from '../terminal/visible.ts'
import { inColumns } from './cells.ts'
import type { Paint } from './output.ts'

export interface Backtested extends BacktestReport {
  readonly policy: string
  readonly from: Date
  readonly to: Date
  /** Days between the two, at least one: what is counted is divided by it. */
  readonly days: number
  /** Requests that could not be judged again, by the reason. */
  readonly leftOut: Readonly<Record<string, number>>
}

const MOST_CHANGES = 50

export function backtestText(tested: Backtested, paint: Paint): string {
  const { policy, from, to, days, judged, changes, leftOut } = tested
  const changed = changes.reduce((sum, { count }) => sum + count, 0)
  return [
    `${judged} requests from ${minute(from)} to ${minute(to)} UTC (${days === 1 ? 'a day or less' : `${amount(days)} days`}), judged by ${policy}`,
    ...Object.entries(leftOut).map(([reason, count]) => `${count} left out: ${reason}`),
    '',
    ...inColumns(loadRows(tested)).map((line, index) => (index === 0 ? paint('bold', line) : line)),
    '',
    changes.length === 0
      ? paint('green', 'Nothing would be answered otherwise.')
      : paint('bold', `${changed} would be answered otherwise:`),
    ...changes.slice(0, MOST_CHANGES).flatMap((change) => changeLines(change, paint)),
    ...(changes.length > MOST_CHANGES
      ? [`  and ${changes.length - MOST_CHANGES} kinds more; --json has them all`]
      : []),
  ].join('\n')
}

export function backtestData({ from, to, before, after, days, ...rest }: Backtested): unknown {
  const load = ({ holds, byRole }: HoldLoad) => ({
    holds,
    perDay: holds / days,
    byRole: Object.fromEntries(
      Object.entries(byRole).map(([role, count]) => [role, { holds: count, perDay: count / days }]),
    ),
  })
  return {
    ...rest,
    days,
    from: from.toISOString(),
    to: to.toISOString(),
    holds: { before: load(before), after: load(after) },
  }
}

function loadRows({ before, after, days }: Backtested): readonly (readonly string[])[] {
  const roles = [...new Set([...Object.keys(before.byRole), ...Object.keys(after.byRole)])].toSorted()
  const row = (name: string, one: number, other: number) => [
    name,
    String(one),
    String(other),
    amount(one / days),
    amount(other / days),
  ]
  return [
    ['held', 'before', 'after', 'a day before', 'a day after'],
    row('in all', before.holds, after.holds),
    ...roles.map((role) => row(`for ${role}`, before.byRole[role] ?? 0, after.byRole[role] ?? 0)),
  ]
}

function changeLines({ before, after, text, target, people, count, effects }: Change, paint: Paint): readonly string[] {
  const tone = after.kind === 'allow' ? 'green' : after.kind === 'deny' ? 'red' : 'yellow'
  const asNow = `${effects.after.join(', ') || 'none'}`
  const asThen = `${effects.before.join(', ') || 'none'}`
  return [
    `  ${paint(tone, `${verdict(before)} → ${verdict(after)}`)}  ${count}×  ${visible(target)}  ${visibleStart(text, 100)}`,
    paint(
      'dim',
      `    “${visible(before.rule)}” → “${visible(after.rule)}”; asked by ${people.map((name) => visibleStart(name, 60)).join(', ')}; effects ${asNow}${sameWords(effects.before, effects.after) ? '' : ` (then ${visible(asThen)})`}`,
    ),
  ]
}

function sameWords(one: readonly string[], other: readonly string[]): boolean {
  return String(one.toSorted()) === String(other.toSorted())
}

function verdict({ kind, reviewers }: RecordedVerdict): string {
  return kind === 'hold' ? `hold (${visible(reviewers.join(' or '))})` : kind
}

function minute(date: Date): string {
  return date.toISOString().slice(0, 16).replace('T', ' ')
}

function amount(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(1)
}
