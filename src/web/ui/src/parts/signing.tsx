/** Whether a decision is signed with a passkey: as the rule says, and else as the person wants. */
import type { HoldView, PasskeysView } from '../api.ts'
import { Link } from '../router.tsx'
import type { Answer } from '../use-answer.ts'

/** `no`: there is nothing to sign with, and no need to; `cannot`: there is need to. */
export type SigningChoice = 'asking' | 'no' | 'may' | 'must' | 'cannot'

export function signingChoice(
  passkeys: Answer<PasskeysView>,
  hold: HoldView,
  word: 'approve' | 'reject',
): SigningChoice {
  const isNeeded = word === 'approve' && hold.quorum.sign === 'passkey'
  // A rejection need not be signed, and must not wait either.
  if (passkeys.kind === 'waiting') return word === 'approve' ? 'asking' : 'no'
  const hasOne = passkeys.kind === 'here' && passkeys.data.passkeys.some(({ state }) => state === 'in-force')
  if (isNeeded) return hasOne ? 'must' : 'cannot'
  return hasOne ? 'may' : 'no'
}

interface SigningProps {
  readonly choice: SigningChoice
  readonly isSigned: boolean
  readonly set: (isSigned: boolean) => void
}

export function Signing({ choice, isSigned, set }: SigningProps) {
  switch (choice) {
    case 'asking':
    case 'no':
      return null
    case 'must':
      return <p class="note">The rule wants this approval signed: your passkey is asked for next.</p>
    case 'cannot':
      return (
        <p class="warning">
          The rule takes only approvals that are signed with a passkey, and you have none here.{' '}
          <Link to="/me">Add one on your own page.</Link>
        </p>
      )
    case 'may':
      return (
        <label class="choice">
          <input type="checkbox" checked={isSigned} onInput={(event) => set(event.currentTarget.checked)} />{' '}
          <span>Sign it with my passkey</span>
        </label>
      )
  }
}
