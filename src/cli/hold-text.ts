/** One hold for a terminal: what a reviewer has to read before deciding. Every text of a person's made visible. */
import { visible } from '../terminal/visible.ts'

/** Of the API's `Hold`, what is shown. */
export interface HoldFacts {
  readonly id: string
  readonly text: string
  readonly assurance: string
  readonly effects: readonly string[]
  readonly login: string
  readonly target: { readonly name: string }
  readonly requester: { readonly name: string }
  readonly rule: { readonly name: string; readonly file: string; readonly line: number }
  readonly quorum: { readonly reviewers: readonly string[]; readonly count: number }
  readonly expiresAt: string
  readonly state: { readonly kind: string; readonly reason: string | null }
  readonly explanations: readonly { readonly text: string; readonly askedBy?: { readonly name: string } | null }[]
  readonly decisions: readonly {
    readonly kind: string
    readonly by: { readonly name: string }
    readonly reason: string
  }[]
}

export function holdText(hold: HoldFacts): string {
  const { quorum, rule, state } = hold
  const facts: readonly (readonly [name: string, value: string])[] = [
    ['request', hold.id],
    ['state', state.reason ? `${state.kind}: ${state.reason}` : state.kind],
    ['text', hold.text],
    ['on', `${hold.login}@${hold.target.name}`],
    ['by', hold.requester.name],
    ...hold.explanations.map(
      ({ text, askedBy }) =>
        (askedBy ? ['question', `${askedBy.name}: ${text}`] : ['because', text]) as [string, string],
    ),
    ['effects', hold.effects.join(', ') || 'none'],
    ['known', hold.assurance],
    ['rule', `${rule.name} (${rule.file}:${rule.line})`],
    ['asked', `${quorum.count} of ${quorum.reviewers.join(' or ')}, until ${hold.expiresAt}`],
    ...hold.decisions.map(({ kind, by, reason }) => [kind, `${by.name}${reason === '' ? '' : `: ${reason}`}`] as const),
  ]
  return facts.map(([name, value]) => `${name.padEnd(9)}${visible(value)}`).join('\n')
}
