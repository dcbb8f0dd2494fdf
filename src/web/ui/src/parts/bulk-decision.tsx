/** Deciding several holds at once that say exactly the same, letter by letter. What was not decided is told of each. */
import { useState } from 'preact/hooks'
import { ApiError, type BulkOutcomes, type HoldView, post } from '../api.ts'
import { Link } from '../router.tsx'
import { ExactText } from './exact-text.tsx'
import { Check, Cross } from './icons.tsx'

/** What one request to the bastion may name. */
const MOST_AT_ONCE = 50

interface BulkDecisionsProps {
  /** Those that this person may decide. */
  readonly holds: readonly HoldView[]
  readonly decided: (holds: readonly HoldView[]) => void
}

/** One offer for each text that waits more than once and needs no signature. */
export function BulkDecisions({ holds, decided }: BulkDecisionsProps) {
  const alike = Map.groupBy(
    holds.filter(({ quorum }) => quorum.sign === null),
    ({ text }) => text,
  )
  return (
    <>
      {[...alike]
        .filter(([, same]) => same.length > 1)
        .map(([text, same]) => (
          <Bulk key={text} text={text} holds={same.slice(0, MOST_AT_ONCE)} decided={decided} />
        ))}
    </>
  )
}

function Bulk({ text, holds, decided }: BulkDecisionsProps & { readonly text: string }) {
  const [isOpen, setIsOpen] = useState(false)
  const [reason, setReason] = useState('')
  const [isSending, setIsSending] = useState(false)
  const [failure, setFailure] = useState('')
  const [refused, setRefused] = useState<BulkOutcomes['outcomes']>([])
  const where = [...new Set(holds.map(({ login, target }) => `${login}@${target.name}`))]
  const who = [...new Set(holds.map(({ requester }) => requester.name))]
  const needsReason = holds.some(({ quorum }) => quorum.reasonRequired)
  const send = async (decision: 'approve' | 'reject') => {
    if (isSending) return
    setIsSending(true)
    try {
      const body = { decision, reason, text, holds: holds.map(({ id }) => id) }
      const { outcomes } = await post<BulkOutcomes>('/holds/decisions', body)
      setRefused(outcomes.filter(({ why }) => why !== null))
      decided(outcomes.flatMap(({ hold }) => (hold === null ? [] : [hold])))
      setFailure('')
    } catch (error) {
      setFailure(error instanceof ApiError ? error.message : 'this page broke; reload it.')
    }
    setIsSending(false)
  }
  return (
    <section class="card bulk" aria-label={`${holds.length} alike`}>
      <p>
        <strong>{holds.length} requests are the same, letter by letter:</strong>{' '}
        <code class="command">
          <ExactText text={text} />
        </code>
        <span class="sub">
          by {who.join(', ')} on {where.join(', ')}
        </span>
      </p>
      {failure !== '' && (
        <p class="warning" role="alert">
          Nothing was decided: {failure}
        </p>
      )}
      {refused.length > 0 && (
        <ul class="warning" role="alert">
          {refused.map(({ id, why }) => (
            <li key={id}>
              <Link to={`/holds/${id}`}>{id}</Link> was not decided: {why}
            </li>
          ))}
        </ul>
      )}
      {!isOpen ? (
        <button type="button" class="button" onClick={() => setIsOpen(true)}>
          Decide all {holds.length}…
        </button>
      ) : (
        <form
          class="confirmation"
          onSubmit={(event) => {
            event.preventDefault()
            void send('approve')
          }}
        >
          <label>
            <span>Reason, for each of them {!needsReason && <span class="optional">(needed to reject)</span>}</span>
            <textarea
              rows={2}
              maxLength={2000}
              required={needsReason}
              value={reason}
              onInput={(event) => setReason(event.currentTarget.value)}
            />
          </label>
          <div class="buttons">
            <button type="submit" class="button approve" disabled={isSending}>
              <Check /> Approve all {holds.length}, once each
            </button>
            <button
              type="button"
              class="button reject"
              disabled={isSending || reason.trim() === ''}
              onClick={() => void send('reject')}
            >
              <Cross /> Reject all {holds.length}
            </button>
            <button type="button" class="button" disabled={isSending} onClick={() => setIsOpen(false)}>
              Back
            </button>
          </div>
        </form>
      )}
    </section>
  )
}
