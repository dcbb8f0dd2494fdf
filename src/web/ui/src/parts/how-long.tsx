/** Whether an approval is for once or for a time. Shown only where the rule lets it be granted, and no more than that. */
import { useState } from 'preact/hooks'
import type { HoldView } from '../api.ts'

type Scope = NonNullable<HoldView['grantable']>['scopes'][number]

export interface GrantWish {
  readonly minutes: number
  readonly scope: Scope
}

interface HowLongProps {
  readonly hold: HoldView
  readonly offer: NonNullable<HoldView['grantable']>
  readonly chosen: GrantWish | undefined
  readonly choose: (wish: GrantWish | undefined) => void
}

const USUAL_MINUTES = 30

export function HowLong({ hold, offer, chosen, choose }: HowLongProps) {
  const [minutes, setMinutes] = useState(Math.min(USUAL_MINUTES, offer.longestMinutes))
  const where: Readonly<Record<Scope, string>> = {
    session: 'and again, in this session',
    person: `and again, in every session of ${hold.requester.name} on ${hold.login}@${hold.target.name}`,
  }
  return (
    <fieldset class="how-long">
      <legend>How often</legend>
      <label>
        <input type="radio" name="how-long" checked={chosen === undefined} onChange={() => choose(undefined)} />
        <span>Once</span>
      </label>
      {offer.scopes.map((scope) => (
        <label key={scope}>
          <input
            type="radio"
            name="how-long"
            checked={chosen?.scope === scope}
            onChange={() => choose({ minutes, scope })}
          />
          <span>Now {where[scope]}</span>
        </label>
      ))}
      {chosen !== undefined && (
        <>
          <label>
            <span>for</span>
            <input
              type="number"
              min={1}
              max={offer.longestMinutes}
              step={1}
              required
              value={minutes}
              onInput={(event) => {
                const next = event.currentTarget.valueAsNumber
                if (!Number.isInteger(next)) return
                setMinutes(next)
                choose({ ...chosen, minutes: next })
              }}
            />
            <span>minutes, {offer.longestMinutes} at most by this rule</span>
          </label>
          <p class="note">
            Only this text, letter by letter, and only for {hold.requester.name}; anything else is asked for as before.
            You, the other reviewers and {hold.requester.name} can revoke it, and a change of the policy ends it.
          </p>
        </>
      )}
    </fieldset>
  )
}
