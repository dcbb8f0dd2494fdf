/**
 * Breaking the glass, for the requester of a hold whose rule lets them: a reason, a proof of who they are, and what follows
 * from it, said before and not after.
 */
import { useState } from 'preact/hooks'
import { ApiError, type HoldView, type PasskeysView, post } from '../api.ts'
import { breakSigned } from '../passkey.ts'
import { useAnswer } from '../use-answer.ts'
import { SignInForRule, useDraft, useFreshness } from './step-up.tsx'

interface GlassPanelProps {
  readonly hold: HoldView
  readonly changed: (hold: HoldView) => void
}

export function GlassPanel({ hold, changed }: GlassPanelProps) {
  const { glass, viewer } = hold
  const [isOpen, setIsOpen] = useState(() => sessionStorage.getItem(`sallyport-draft-glass-${hold.id}`) !== null)
  if (glass === null || !viewer.mayBreakGlass) return null
  return (
    <section class="card glass" aria-label="Break the glass">
      <h2>If it cannot wait</h2>
      <p>
        You may run it at once. {glass.alert.join(' and ')} {glass.alert.length === 1 ? 'is' : 'are'} told, and somebody
        else with the role {glass.reviewers.join(' or ')} has to look at it within {reviewTime(glass)}. If nobody has by
        then, you can break no other until somebody does.
      </p>
      {isOpen ? (
        <GlassForm hold={hold} glass={glass} changed={changed} close={() => setIsOpen(false)} />
      ) : (
        <div class="buttons">
          <button type="button" class="button reject" onClick={() => setIsOpen(true)}>
            Break the glass…
          </button>
        </div>
      )}
    </section>
  )
}

function reviewTime({ reviewWithinMinutes: minutes }: NonNullable<HoldView['glass']>): string {
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`
}

interface GlassFormProps extends GlassPanelProps {
  readonly glass: NonNullable<HoldView['glass']>
  readonly close: () => void
}

function GlassForm({ hold, glass, changed, close }: GlassFormProps) {
  // What was said in the terminal need not be said again.
  const [reason, setReason, forget] = useDraft(
    `glass-${hold.id}`,
    hold.explanations.findLast(({ askedBy }) => askedBy === null)?.text,
  )
  const [isSending, setIsSending] = useState(false)
  const [failure, setFailure] = useState('')
  const freshness = useFreshness(glass.stepUp)
  const passkeys = useAnswer<PasskeysView>('/passkeys')
  const hasPasskey =
    glass.stepUp.acr.length === 0 &&
    passkeys.answer.kind === 'here' &&
    passkeys.answer.data.passkeys.some(({ state }) => state === 'in-force')
  const path = `/holds/${encodeURIComponent(hold.id)}/glass`

  const send = async (event: Event) => {
    event.preventDefault()
    if (isSending) return
    setIsSending(true)
    try {
      const broken = freshness === 'fresh' ? await post<HoldView>(path, { reason }) : await breakSigned(hold.id, reason)
      forget()
      changed(broken)
    } catch (error) {
      setFailure(error instanceof ApiError ? error.message : 'this page broke; reload it.')
      setIsSending(false)
    }
  }
  return (
    <form class="confirmation" onSubmit={send}>
      {failure !== '' && (
        <p class="warning" role="alert">
          It was not run: {failure}
        </p>
      )}
      <label>
        <span>Why it cannot wait</span>
        <textarea
          rows={2}
          maxLength={2000}
          required
          value={reason}
          onInput={(event) => setReason(event.currentTarget.value)}
        />
      </label>
      {freshness === 'old' && <SignInForRule wanted={glass.stepUp} hold={hold} />}
      {freshness === 'old' && hasPasskey && <p class="note">Or sign it with your passkey, which is asked for next.</p>}
      <div class="buttons">
        <button
          type="submit"
          class="button reject"
          disabled={isSending || !(freshness === 'fresh' || (freshness === 'old' && hasPasskey))}
        >
          {freshness === 'old' && hasPasskey ? 'Sign and run it now' : 'Run it now'}
        </button>
        <button
          type="button"
          class="button"
          disabled={isSending}
          onClick={() => {
            forget()
            close()
          }}
        >
          Back
        </button>
      </div>
    </form>
  )
}
