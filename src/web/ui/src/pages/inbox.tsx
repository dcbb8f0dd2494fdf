/** What waits for a second person, live: first what this person may decide, then what they asked for themselves. */
import { useState } from 'preact/hooks'
import type { HoldView, MeView } from '../api.ts'
import { useLive } from '../live.ts'
import { BulkDecisions } from '../parts/bulk-decision.tsx'
import { DebtSection } from '../parts/debts.tsx'
import { GrantSection } from '../parts/grants.tsx'
import { HoldRow } from '../parts/hold-row.tsx'
import { NotifyButton } from '../parts/notify-button.tsx'
import { Answered, Page } from '../parts/page.tsx'
import { ProposalSection } from '../parts/proposals.tsx'
import { type Asked, useAnswer } from '../use-answer.ts'

interface Holds {
  readonly holds: readonly HoldView[]
}

const RECENT = 12

export function InboxPage({ me }: { readonly me: MeView }) {
  const pending = useAnswer<Holds>('/holds?state=pending&limit=500')
  const recent = useAnswer<Holds>('/holds?limit=60')
  const [arrived, setArrived] = useState('')
  useLive({
    sync: () => {
      pending.reload()
      recent.reload()
    },
    hold: (hold) => {
      putHold(pending, hold)
      putHold(recent, hold)
      if (hold.state.kind === 'pending' && hold.viewer.mayDecide)
        setArrived(`New request by ${hold.requester.name} on ${hold.target.name}`)
    },
  })
  const waiting = pending.answer.kind === 'here' ? pending.answer.data.holds.filter(isPending) : []
  const toDecide = waiting.filter(({ viewer }) => viewer.mayDecide)
  return (
    <Page title="Inbox" count={toDecide.length} aside={<NotifyButton />}>
      <p class="visually-hidden" role="status">
        {arrived}
      </p>
      <Answered answer={pending.answer}>
        {() => (
          <>
            <BulkDecisions
              holds={toDecide}
              decided={(holds) => {
                for (const hold of holds) putHold(pending, hold)
              }}
            />
            <Waiting waiting={waiting} />
          </>
        )}
      </Answered>
      {me.permissions.administer && <ProposalSection title="Changes of the bastion itself" state="pending" />}
      <DebtSection />
      <GrantSection title="Granted, until a time" shows={() => true} />
      {recent.answer.kind === 'here' && <Recent holds={recent.answer.data.holds} />}
    </Page>
  )
}

function Waiting({ waiting }: { readonly waiting: readonly HoldView[] }) {
  const toDecide = waiting.filter(({ viewer }) => viewer.mayDecide)
  const own = waiting.filter(({ viewer }) => viewer.isRequester)
  const others = waiting.filter((hold) => !toDecide.includes(hold) && !own.includes(hold))
  if (waiting.length === 0) {
    return (
      <div class="card empty">
        <h2>Nothing waits</h2>
        <p>
          When somebody runs a command that needs a second person, it appears here by itself: with its exact text, what
          it does, and who asks. Your own requests appear here too, until somebody has decided them.
        </p>
      </div>
    )
  }
  return (
    <>
      <Section title="Yours to decide" holds={toDecide} />
      <Section title="Your own requests" holds={own} />
      <Section title="Waiting for others" holds={others} />
    </>
  )
}

function Recent({ holds }: { readonly holds: readonly HoldView[] }) {
  return <Section title="Decided lately" holds={holds.filter((hold) => !isPending(hold)).slice(0, RECENT)} />
}

function Section({ title, holds }: { readonly title: string; readonly holds: readonly HoldView[] }) {
  if (holds.length === 0) return null
  return (
    <section class="list-section">
      <h2>
        {title} <span class="count">{holds.length}</span>
      </h2>
      <ul class="rows">
        {holds.map((hold) => (
          <HoldRow key={hold.id} hold={hold} />
        ))}
      </ul>
    </section>
  )
}

function isPending(hold: HoldView): boolean {
  return hold.state.kind === 'pending'
}

/** Newest first, as the bastion lists them. */
function putHold({ put }: Asked<Holds>, hold: HoldView): void {
  put(({ holds }) => {
    const isKnown = holds.some(({ id }) => id === hold.id)
    return { holds: isKnown ? holds.map((each) => (each.id === hold.id ? hold : each)) : [hold, ...holds] }
  })
}
