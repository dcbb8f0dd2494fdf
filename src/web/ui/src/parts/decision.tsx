/**
 * Where a hold stands, and approving or rejecting it. The keys `a` and `r`, like the first click, only open the question and put the focus into it; the
 * decision is always a second, deliberate act. Who may not decide reads why.
 */
import { useEffect, useRef, useState } from 'preact/hooks'
import { ApiError, type HoldView, type PasskeysView, post } from '../api.ts'
import { useKeys } from '../keys.ts'
import { decideSigned } from '../passkey.ts'
import { useAnswer } from '../use-answer.ts'
import { stateSentence, TimeLeft, toneOf } from './hold-state.tsx'
import { type GrantWish, HowLong } from './how-long.tsx'
import { Check, Cross } from './icons.tsx'
import { Signing, signingChoice } from './signing.tsx'
import { SignInForRule, useDraft, useFreshness } from './step-up.tsx'

type Word = 'approve' | 'reject'

interface DecisionPanelProps {
  readonly hold: HoldView
  readonly changed: (hold: HoldView) => void
}

export function DecisionPanel({ hold, changed }: DecisionPanelProps) {
  const [word, setWord] = useState<Word | undefined>(() => begun(hold.id))
  const [failure, setFailure] = useState('')
  const { mayDecide, why } = hold.viewer
  useKeys(mayDecide, (key) => {
    const opened = ({ a: 'approve', r: 'reject' } as const)[key]
    return opened && (() => setWord(opened))
  })

  if (hold.state.kind !== 'pending') {
    return (
      <>
        {failure !== '' && <Refused message={failure} />}
        <p class={`sentence tone-${toneOf(hold)}`} role="status">
          {stateSentence(hold)}
        </p>
      </>
    )
  }
  return (
    <section class="card decision" aria-label="Your decision">
      {failure !== '' && <Refused message={failure} />}
      <div class="standing">
        <p role="status">{stateSentence(hold)}</p>
        <TimeLeft hold={hold} />
      </div>
      {!mayDecide ? (
        <p class="why-not">{why}</p>
      ) : word === undefined ? (
        <div class="buttons">
          <button type="button" class="button approve" onClick={() => setWord('approve')} aria-keyshortcuts="a">
            <Check /> Approve… <kbd>a</kbd>
          </button>
          <button type="button" class="button reject" onClick={() => setWord('reject')} aria-keyshortcuts="r">
            <Cross /> Reject… <kbd>r</kbd>
          </button>
        </div>
      ) : (
        <Confirmation
          key={word}
          word={word}
          hold={hold}
          close={() => setWord(undefined)}
          decided={(newer) => {
            setFailure('')
            changed(newer)
          }}
          failed={(message) => {
            setWord(undefined)
            setFailure(message)
          }}
        />
      )}
    </section>
  )
}

/** What was being said when its person went to sign in again. */
function begun(hold: string): Word | undefined {
  return (['approve', 'reject'] as const).find(
    (word) => sessionStorage.getItem(`sallyport-draft-${word}-${hold}`) !== null,
  )
}

function Refused({ message }: { readonly message: string }) {
  return (
    <p class="warning" role="alert">
      Your decision was not taken: {message}
    </p>
  )
}

interface ConfirmationProps {
  readonly word: Word
  readonly hold: HoldView
  readonly close: () => void
  readonly decided: (hold: HoldView) => void
  readonly failed: (message: string) => void
}

function Confirmation({ word, hold, close, decided, failed }: ConfirmationProps) {
  const [reason, setReason, forget] = useDraft(`${word}-${hold.id}`)
  const freshness = useFreshness(word === 'approve' ? hold.quorum.stepUp : null)
  const [isSending, setIsSending] = useState(false)
  const [grant, setGrant] = useState<GrantWish | undefined>(undefined)
  const [isSigned, setIsSigned] = useState(true)
  const passkeys = useAnswer<PasskeysView>('/passkeys')
  const choice = signingChoice(passkeys.answer, hold, word)
  const field = useRef<HTMLTextAreaElement>(null)
  useEffect(() => field.current?.focus(), [])
  const isSigning = choice === 'must' || (choice === 'may' && isSigned)
  const isEnough = freshness === 'fresh' || (isSigning && hold.quorum.stepUp?.acr.length === 0)
  const needsReason = word === 'reject' || hold.quorum.reasonRequired

  const send = async (event: Event) => {
    event.preventDefault()
    if (isSending) return
    setIsSending(true)
    try {
      const said = { decision: word, reason, grant }
      // A passkey is as good as a fresh sign-in, where the rule names no context.
      const path = `/holds/${encodeURIComponent(hold.id)}/decisions`
      const newer = isSigning ? await decideSigned(hold.id, said) : await post<HoldView>(path, said)
      forget()
      decided(newer)
    } catch (error) {
      failed(error instanceof ApiError ? error.message : 'this page broke; reload it.')
    }
  }

  return (
    <form
      class="confirmation"
      onSubmit={send}
      onKeyDown={(event) => {
        if (event.key === 'Escape') close()
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) event.currentTarget.requestSubmit()
      }}
    >
      <p>
        {word === 'approve'
          ? `It runs ${grant === undefined ? 'once' : 'now'}, with exactly this text, on ${hold.target.name} as ${hold.login}.`
          : `It does not run. ${hold.requester.name} reads your reason in the terminal.`}
      </p>
      {word === 'approve' && hold.grantable !== null && (
        <HowLong hold={hold} offer={hold.grantable} chosen={grant} choose={setGrant} />
      )}
      <label>
        <span>Reason {!needsReason && <span class="optional">(may be left empty)</span>}</span>
        <textarea
          ref={field}
          rows={2}
          maxLength={2000}
          required={needsReason}
          value={reason}
          onInput={(event) => setReason(event.currentTarget.value)}
        />
      </label>
      {freshness === 'old' && !isEnough && hold.quorum.stepUp !== null && (
        <SignInForRule wanted={hold.quorum.stepUp} hold={hold} />
      )}
      <Signing choice={choice} isSigned={isSigned} set={setIsSigned} />
      <div class="buttons">
        <button
          type="submit"
          class={`button ${word}`}
          disabled={isSending || choice === 'asking' || choice === 'cannot' || !isEnough}
        >
          {word === 'approve' ? <Check /> : <Cross />}{' '}
          {word === 'reject'
            ? 'Reject this command'
            : grant === undefined
              ? 'Approve this command'
              : `Approve it for ${grant.minutes} min`}
        </button>
        <button
          type="button"
          class="button"
          onClick={() => {
            forget()
            close()
          }}
          disabled={isSending}
        >
          Back
        </button>
      </div>
    </form>
  )
}
