/** One proposed change: what it is, who wants it, what it would do, and the word of another administrator. */
import { useState } from 'preact/hooks'
import { ApiError, type PolicyView, type ProposalView, post, remove } from '../api.ts'
import { useLive } from '../live.ts'
import { ExactText } from '../parts/exact-text.tsx'
import { Fact, Facts } from '../parts/facts.tsx'
import { Check, Cross } from '../parts/icons.tsx'
import { Answered, Page } from '../parts/page.tsx'
import { PolicyBacktest } from '../parts/policy-backtest.tsx'
import { PolicyFindings, useChecked } from '../parts/policy-check.tsx'
import { PolicyDiff } from '../parts/policy-diff.tsx'
import { ProposalBadge, proposalTitle } from '../parts/proposals.tsx'
import { SignInAgain, useDraft, useFreshness } from '../parts/step-up.tsx'
import { TrialList } from '../parts/trials.tsx'
import { when } from '../time.ts'
import { useAnswer } from '../use-answer.ts'

export function ProposalPage({ id }: { readonly id: string }) {
  const { answer, reload, put } = useAnswer<ProposalView>(`/proposals/${encodeURIComponent(id)}`)
  useLive({ sync: reload, proposals: reload })
  const proposal = answer.kind === 'here' ? answer.data : undefined
  return (
    <Page
      title={proposal === undefined ? 'Proposal' : proposalTitle(proposal)}
      class="wide"
      aside={proposal && <ProposalBadge proposal={proposal} />}
    >
      <Answered answer={answer}>
        {(data) => (
          <div class="columns">
            <div class="main-column">
              <Standing proposal={data} />
              <ProposalContent proposal={data} />
              <DecisionForm proposal={data} changed={(newer) => put(() => newer)} failed={reload} />
            </div>
            <div class="side-column">
              <Who proposal={data} />
            </div>
          </div>
        )}
      </Answered>
    </Page>
  )
}

const SENTENCES: Readonly<Record<ProposalView['state']['kind'], string>> = {
  pending: 'It waits for another administrator; nothing has changed.',
  approved: 'It was approved, and is being put into effect.',
  applied: 'It was approved, and is in force.',
  rejected: 'It was rejected; nothing has changed.',
  withdrawn: 'It was taken back; nothing has changed.',
  expired: 'Nobody decided in time; nothing has changed.',
  stale: 'It was made from something that has changed since, so it cannot be approved.',
  failed: 'It was approved, and could not be put into effect.',
}

function Standing({ proposal: { state } }: { readonly proposal: ProposalView }) {
  return (
    <p
      class={`sentence tone-${state.kind === 'applied' ? 'good' : state.kind === 'failed' ? 'bad' : 'flat'}`}
      role="status"
    >
      {SENTENCES[state.kind]} {state.reason}
    </p>
  )
}

function ProposalContent({ proposal: { change, state } }: { readonly proposal: ProposalView }) {
  if (change.kind === 'secret') {
    return (
      <section class="card">
        <h2>The new secret was tried</h2>
        <p class="note">It is sealed in the bastion, and nobody is shown it. When it is approved it is tried again.</p>
        <TrialList trials={change.trials} />
      </section>
    )
  }
  if (change.texts === null) return null
  return (
    <>
      <PolicyDiff before={change.texts.before} after={change.texts.after} />
      {state.kind === 'pending' && <Findings text={change.texts.after} />}
      {state.kind === 'pending' && <PolicyBacktest text={change.texts.after} />}
    </>
  )
}

function Findings({ text }: { readonly text: string }) {
  const checked = useChecked(text)
  return (
    <section class="card" aria-label="What the parser and the tests say">
      <h2>Parser and tests</h2>
      <PolicyFindings checked={checked} />
    </section>
  )
}

function Who({ proposal }: { readonly proposal: ProposalView }) {
  const { by, reason, decision } = proposal
  return (
    <section class="card" aria-label="Who and why">
      <Facts>
        <Fact name="Proposed by">
          {by.name}
          <span class="sub">{when(proposal.madeAt)}</span>
        </Fact>
        <Fact name="Because" isLong>
          <ExactText text={reason} />
        </Fact>
        {proposal.state.kind === 'pending' && <Fact name="Waits until">{when(proposal.expiresAt)}</Fact>}
        {decision !== null && (
          <Fact name={decision.kind === 'approve' ? 'Approved by' : 'Rejected by'}>
            {decision.by.name}
            <span class="sub">{when(decision.at)}</span>
            {decision.reason !== '' && <ExactText text={decision.reason} />}
          </Fact>
        )}
      </Facts>
    </section>
  )
}

interface DecisionFormProps {
  readonly proposal: ProposalView
  readonly changed: (proposal: ProposalView) => void
  readonly failed: () => void
}

function DecisionForm({ proposal, changed, failed }: DecisionFormProps) {
  const [reason, setReason, forget] = useDraft(`proposal-${proposal.id}`)
  const [isSending, setIsSending] = useState(false)
  const [failure, setFailure] = useState('')
  const { answer } = useAnswer<PolicyView>('/policies')
  const stepUp = answer.kind === 'here' ? answer.data.stepUp : null
  const freshness = useFreshness(stepUp)
  const path = `/proposals/${encodeURIComponent(proposal.id)}`
  const act = async (task: () => Promise<ProposalView>) => {
    if (isSending) return
    setIsSending(true)
    try {
      changed(await task())
      forget()
      setFailure('')
    } catch (error) {
      setFailure(error instanceof ApiError ? error.message : 'this page broke; reload it.')
      // Whatever it is now: somebody else may have decided, or it may have become stale.
      failed()
    }
    setIsSending(false)
  }
  const decide = (decision: 'approve' | 'reject') =>
    act(() => post<ProposalView>(`${path}/decisions`, { decision, reason }))
  const { isAuthor, mayDecide, why } = proposal.viewer
  const told = failure !== '' && (
    <p class="warning" role="alert">
      {failure}
    </p>
  )
  if (proposal.state.kind !== 'pending') return told || null
  if (!mayDecide) {
    return (
      <section class="card" aria-label="Your decision">
        {told}
        <p class="why-not">{why}</p>
        {isAuthor && (
          <button
            type="button"
            class="button reject"
            disabled={isSending}
            onClick={() => void act(() => remove<ProposalView>(path))}
          >
            Take it back
          </button>
        )}
      </section>
    )
  }
  return (
    <form
      class="card confirmation"
      aria-label="Your decision"
      onSubmit={(event) => {
        event.preventDefault()
        void decide('approve')
      }}
    >
      {told}
      <label>
        <span>
          Reason <span class="optional">(needed to reject)</span>
        </span>
        <textarea rows={2} maxLength={2000} value={reason} onInput={(event) => setReason(event.currentTarget.value)} />
      </label>
      {freshness === 'old' && stepUp !== null && (
        <SignInAgain
          wanted={stepUp}
          page={`/proposals/${proposal.id}`}
          because="The policy"
          after="what you typed stays here"
        />
      )}
      <div class="buttons">
        <button type="submit" class="button approve" disabled={isSending || freshness !== 'fresh'}>
          <Check /> Approve and put into force
        </button>
        <button
          type="button"
          class="button reject"
          disabled={isSending || reason.trim() === ''}
          onClick={() => void decide('reject')}
        >
          <Cross /> Reject
        </button>
      </div>
    </form>
  )
}
