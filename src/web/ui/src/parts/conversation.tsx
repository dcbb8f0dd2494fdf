/**
 * What is said about a hold: why, by its requester, and what reviewers ask. While it waits, both may say more; the requester
 * reads questions in the terminal, and answers there or here.
 */
import { useState } from 'preact/hooks'
import { ApiError, type HoldView, post } from '../api.ts'
import { when } from '../time.ts'
import { ExactText } from './exact-text.tsx'

interface ConversationProps {
  readonly hold: HoldView
  readonly changed: (hold: HoldView) => void
}

export function Conversation({ hold, changed }: ConversationProps) {
  const { isRequester, mayDecide } = hold.viewer
  const maySay = hold.state.kind === 'pending' && (isRequester || mayDecide)
  return (
    <>
      {/* It may arrive while the page is open, so it is announced. */}
      <div aria-live="polite">
        {hold.explanations.map(({ at, text, askedBy }) => (
          <p class={askedBy === null ? 'message' : 'message question'} key={at}>
            {askedBy === null ? `${hold.requester.name} says: ` : `${askedBy.name} asks: `}
            <ExactText text={text} />
            <span class="sub">{when(at)}</span>
          </p>
        ))}
      </div>
      {maySay && <SayForm hold={hold} changed={changed} />}
    </>
  )
}

function SayForm({ hold, changed }: ConversationProps) {
  const [text, setText] = useState('')
  const [isSending, setIsSending] = useState(false)
  const [failure, setFailure] = useState('')
  const { isRequester } = hold.viewer
  const send = async (event: Event) => {
    event.preventDefault()
    if (isSending) return
    setIsSending(true)
    try {
      changed(await post<HoldView>(`/holds/${encodeURIComponent(hold.id)}/words`, { text }))
      setText('')
      setFailure('')
    } catch (error) {
      setFailure(error instanceof ApiError ? error.message : 'this page broke; reload it.')
    }
    setIsSending(false)
  }
  return (
    <form class="say" onSubmit={send}>
      {failure !== '' && (
        <p class="warning" role="alert">
          It was not said: {failure}
        </p>
      )}
      <label>
        <span>{isRequester ? 'Say why' : `Ask ${hold.requester.name}`}</span>
        <input
          type="text"
          maxLength={500}
          required
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>
      <button type="submit" class="button" disabled={isSending}>
        {isRequester ? 'Say it' : 'Ask'}
      </button>
    </form>
  )
}
