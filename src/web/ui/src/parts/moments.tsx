/** Moments of a recording as links that seek: each is an address that can be sent to somebody. */
import type { ComponentChildren } from 'preact'
import { countdown } from '../duration.ts'
import { momentHash } from '../moment.ts'
import { visibleLine } from '../visible-text.ts'

export function MomentLink({ seconds, children }: { readonly seconds: number; readonly children: ComponentChildren }) {
  const hash = momentHash(seconds)
  // The browser tells of an address that changes; going to the same one again is told of here.
  const again = () => {
    if (location.hash === hash) dispatchEvent(new Event('moment-again'))
  }
  return (
    <a class="moment" href={hash} onClick={again}>
      <span class="at">{countdown(Math.floor(seconds) * 1000)}</span>
      {children}
    </a>
  )
}

interface MomentsProps {
  readonly label: string
  readonly moments: readonly { readonly seconds: number; readonly text: string }[]
}

export function Moments({ label, moments }: MomentsProps) {
  if (moments.length === 0) return null
  return (
    <ol class="moments" aria-label={label}>
      {moments.map(({ seconds, text }, index) => (
        <li key={index}>
          <MomentLink seconds={seconds}>
            <span>{visibleLine(text)}</span>
          </MomentLink>
        </li>
      ))}
    </ol>
  )
}
