/** Proposed changes of the bastion itself, in lists. Only administrators are shown them. */
import type { ProposalView } from '../api.ts'
import { useLive } from '../live.ts'
import { Link } from '../router.tsx'
import { ago, useNow } from '../time.ts'
import { useAnswer } from '../use-answer.ts'
import { visibleLine } from '../visible-text.ts'

interface Proposals {
  readonly proposals: readonly ProposalView[]
}

interface ProposalSectionProps {
  readonly title: string
  /** `all`: those that no longer wait. */
  readonly state: 'pending' | 'all'
}

const RECENT = 12

/** Those first that this person may decide. Not shown where there are none. */
export function ProposalSection({ title, state }: ProposalSectionProps) {
  const { answer, reload } = useAnswer<Proposals>(`/proposals?state=${state}&limit=100`)
  useLive({ sync: reload, proposals: reload })
  if (answer.kind !== 'here') return null
  const shown = answer.data.proposals.filter((each) => (each.state.kind === 'pending') === (state === 'pending'))
  const theirs = shown.filter(({ viewer }) => viewer.mayDecide)
  const rows = [...theirs, ...shown.filter(({ viewer }) => !viewer.mayDecide)].slice(0, state === 'all' ? RECENT : 100)
  if (rows.length === 0) return null
  return (
    <section class="list-section">
      <h2>
        {title} <span class="count">{rows.length}</span>
      </h2>
      <ul class="rows">
        {rows.map((proposal) => (
          <ProposalRow key={proposal.id} proposal={proposal} />
        ))}
      </ul>
    </section>
  )
}

function ProposalRow({ proposal }: { readonly proposal: ProposalView }) {
  const now = useNow()
  return (
    <li class="row">
      <Link to={`/proposals/${proposal.id}`} class="row-link">
        <strong>{proposalTitle(proposal)}</strong>
      </Link>
      <p class="row-facts">
        <span>
          {proposal.viewer.isAuthor ? 'you' : proposal.by.name}, {ago(proposal.madeAt, now)}
        </span>
        <span>{visibleLine(proposal.reason)}</span>
      </p>
      <p class="row-end">
        <ProposalBadge proposal={proposal} />
      </p>
    </li>
  )
}

export function proposalTitle({ change }: ProposalView): string {
  return change.kind === 'policy' ? `Change ${change.file}` : `Rotate the secret ${change.name}`
}

const TONES: Readonly<Record<ProposalView['state']['kind'], string>> = {
  pending: 'wait',
  approved: 'wait',
  applied: 'good',
  rejected: 'bad',
  withdrawn: 'flat',
  expired: 'flat',
  stale: 'flat',
  failed: 'bad',
}

export function ProposalBadge({ proposal: { state } }: { readonly proposal: ProposalView }) {
  return <span class={`badge tone-${TONES[state.kind]}`}>{state.kind === 'applied' ? 'in force' : state.kind}</span>
}
