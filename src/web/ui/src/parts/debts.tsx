/** Reviews of broken glass: in the inbox those that are open, on a hold's page its own, each with the way to close it. */
import { useState } from 'preact/hooks'
import { ApiError, type DebtView, post } from '../api.ts'
import { countdown } from '../duration.ts'
import { useLive } from '../live.ts'
import { Link } from '../router.tsx'
import { ago, useNow, when } from '../time.ts'
import { useAnswer } from '../use-answer.ts'
import { ExactText } from './exact-text.tsx'

interface Debts {
  readonly debts: readonly DebtView[]
}

/** Open ones, those first that this person may close. Not shown where there are none. */
export function DebtSection() {
  const { answer, reload } = useAnswer<Debts>('/debts?limit=500')
  useLive({ sync: reload, debts: reload })
  if (answer.kind !== 'here' || answer.data.debts.length === 0) return null
  const theirs = answer.data.debts.filter(({ viewer }) => viewer.mayClose)
  const others = answer.data.debts.filter(({ viewer }) => !viewer.mayClose)
  return (
    <section class="list-section">
      <h2>
        Broken glass, to be looked at <span class="count">{answer.data.debts.length}</span>
      </h2>
      <ul class="rows">
        {[...theirs, ...others].map((debt) => (
          <DebtRow key={debt.hold} debt={debt} />
        ))}
      </ul>
    </section>
  )
}

function DebtRow({ debt }: { readonly debt: DebtView }) {
  const now = useNow()
  return (
    <li class="row hold-row">
      <Link to={`/holds/${debt.hold}`} class="row-link">
        <code class="command">
          <ExactText text={debt.text} />
        </code>
      </Link>
      <p class="row-facts">
        <span class="where">
          {debt.login}@{debt.target}
        </span>
        <span>
          {debt.viewer.isDebtor ? 'you' : debt.person.name}, {ago(debt.brokenAt, now)}
        </span>
        <span>
          because: <ExactText text={debt.reason} />
        </span>
      </p>
      <p class="row-end">
        <Due debt={debt} now={now} />
      </p>
    </li>
  )
}

function Due({ debt, now }: { readonly debt: DebtView; readonly now: number }) {
  if (debt.closed !== null) return <span class="badge tone-good">looked at</span>
  const left = Date.parse(debt.dueAt) - now
  if (left <= 0) return <span class="badge tone-bad">overdue</span>
  return (
    <span class="badge tone-wait" title={when(debt.dueAt)}>
      {countdown(left)} left
    </span>
  )
}

/** The review of one hold, where its glass was broken and this person may see it. */
export function DebtPanel({ hold }: { readonly hold: string }) {
  const { answer, reload, put } = useAnswer<Debts>('/debts?state=all&limit=500')
  const now = useNow()
  useLive({ sync: reload, debts: reload })
  const debt = answer.kind === 'here' ? answer.data.debts.find((each) => each.hold === hold) : undefined
  if (debt === undefined) return null
  return (
    <section class="card" aria-label="The review">
      <div class="standing">
        <h2>The glass was broken</h2>
        <Due debt={debt} now={now} />
      </div>
      <p class="message">
        {debt.person.name} says: <ExactText text={debt.reason} />
      </p>
      {debt.closed !== null ? (
        <p>
          Looked at by {debt.closed.by.name}, {when(debt.closed.at)}: <ExactText text={debt.closed.word} />
        </p>
      ) : debt.viewer.mayClose ? (
        <ClosingForm
          debt={debt}
          closed={(newer) => put(({ debts }) => ({ debts: debts.map((each) => (each.hold === hold ? newer : each)) }))}
        />
      ) : (
        <p class="why-not">
          Somebody with the role {debt.reviewers.join(' or ')} has to look at it until {when(debt.dueAt)}.{' '}
          {debt.viewer.why}
        </p>
      )}
    </section>
  )
}

interface ClosingFormProps {
  readonly debt: DebtView
  readonly closed: (debt: DebtView) => void
}

function ClosingForm({ debt, closed }: ClosingFormProps) {
  const [word, setWord] = useState('')
  const [isSending, setIsSending] = useState(false)
  const [failure, setFailure] = useState('')
  const send = async (event: Event) => {
    event.preventDefault()
    if (isSending) return
    setIsSending(true)
    try {
      closed(await post<DebtView>(`/debts/${encodeURIComponent(debt.hold)}/closing`, { word }))
    } catch (error) {
      setFailure(error instanceof ApiError ? error.message : 'this page broke; reload it.')
      setIsSending(false)
    }
  }
  return (
    <form class="confirmation" onSubmit={send}>
      <p>
        See what ran and what became of it in the <Link to={`/sessions/${debt.session}`}>session</Link>, then say what
        you found.
      </p>
      {failure !== '' && (
        <p class="warning" role="alert">
          It was not closed: {failure}
        </p>
      )}
      <label>
        <span>What you found</span>
        <textarea
          rows={2}
          maxLength={2000}
          required
          value={word}
          onInput={(event) => setWord(event.currentTarget.value)}
        />
      </label>
      <div class="buttons">
        <button type="submit" class="button approve" disabled={isSending}>
          Close the review
        </button>
      </div>
    </form>
  )
}
