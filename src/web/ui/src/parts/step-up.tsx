/**
 * Whether this browser's sign-in is fresh enough for what a rule asks, and the way to a fresh one. That leads away to the
 * identity provider and back, so what was typed is kept in this tab meanwhile.
 */
import { useState } from 'preact/hooks'
import type { HoldView, MeView } from '../api.ts'
import { useNow } from '../time.ts'
import { useAnswer } from '../use-answer.ts'

type Wanted = NonNullable<HoldView['quorum']['stepUp']>

/** `asking`: not known yet. The bastion decides; this only says what it would say. */
export type Freshness = 'asking' | 'fresh' | 'old'

export function useFreshness(wanted: Wanted | null): Freshness {
  const { answer } = useAnswer<MeView>('/me')
  const now = useNow()
  if (wanted === null) return 'fresh'
  if (answer.kind === 'waiting') return 'asking'
  const { at = null, acr = null } = (answer.kind === 'here' ? answer.data.authentication : null) ?? {}
  if (at === null || now - Date.parse(at) > wanted.maxAgeSeconds * 1000) return 'old'
  return wanted.acr.length === 0 || (acr !== null && wanted.acr.includes(acr)) ? 'fresh' : 'old'
}

/** What was typed and not sent, for this hold and this question. */
export function useDraft(key: string, first = ''): readonly [string, (text: string) => void, () => void] {
  const name = `sallyport-draft-${key}`
  const [text, setText] = useState(() => sessionStorage.getItem(name) ?? first)
  const set = (newer: string) => {
    sessionStorage.setItem(name, newer)
    setText(newer)
  }
  return [text, set, () => sessionStorage.removeItem(name)]
}

interface SignInAgainProps {
  readonly wanted: Wanted
  /** The page to come back to. */
  readonly page: string
  /** What wants it, and what becomes of what was typed. */
  readonly because: string
  readonly after: string
}

export function SignInAgain({ wanted, page, because, after }: SignInAgainProps) {
  const query = new URLSearchParams([
    ['fresh', '1'],
    ...wanted.acr.map((context) => ['acr', context]),
    ['return', page],
  ])
  return (
    <p class="note">
      {because} wants a sign-in that is at most {minutes(wanted.maxAgeSeconds)} old.{' '}
      <a href={`/auth/start?${query}`}>Sign in again</a>; {after}.
    </p>
  )
}

/** Of a hold, whose rule wants it. */
export function SignInForRule({ wanted, hold }: { readonly wanted: Wanted; readonly hold: HoldView }) {
  return <SignInAgain wanted={wanted} page={`/holds/${hold.id}`} because="The rule" after="what you typed stays here" />
}

function minutes(seconds: number): string {
  return seconds < 120 ? `${seconds} seconds` : `${Math.floor(seconds / 60)} minutes`
}
