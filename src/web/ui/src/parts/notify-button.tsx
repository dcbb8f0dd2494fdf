/** Turns desktop notifications on and off in this browser; not shown where the browser has none. */
import { useNotifying } from '../notify.ts'

export function NotifyButton() {
  const { state, toggle } = useNotifying()
  if (state === 'unknown') return null
  if (state === 'refused') return <p class="note">This browser does not let the page notify you.</p>
  return (
    <button type="button" class="button" aria-pressed={state === 'on'} onClick={() => void toggle()}>
      {state === 'on' ? 'Notifications are on' : 'Notify me'}
    </button>
  )
}
