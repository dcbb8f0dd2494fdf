/**
 * Desktop notifications, where a person wants them in this browser: that somebody asks, and where. Never what: the text
 * of a command belongs on the page that shows it exactly, and not on a locked screen.
 */
import { useState } from 'preact/hooks'
import type { HoldView } from './api.ts'
import { useLive } from './live.ts'
import { isGlassBroken } from './parts/hold-state.tsx'
import { go } from './router.tsx'

const WANTED = 'sallyport-notify'
const MOST_REMEMBERED = 500
/** What was told already: a hold comes again with each change. */
const told = new Set<string>()
/** Chrome on Android has the name and the permission, but makes none without a service worker, and throws. */
let isUnable = false

export type Notifying = 'on' | 'off' | 'refused' | 'unknown'

function current(): Notifying {
  if (typeof Notification === 'undefined' || isUnable) return 'unknown'
  if (Notification.permission === 'denied') return 'refused'
  return Notification.permission === 'granted' && localStorage.getItem(WANTED) === 'yes' ? 'on' : 'off'
}

export function useNotifying(): { readonly state: Notifying; toggle(): Promise<void> } {
  const [state, setState] = useState(current)
  const toggle = async () => {
    localStorage.setItem(WANTED, current() === 'on' ? 'no' : 'yes')
    // Asked only after a click: browsers refuse a page that asks by itself.
    if (Notification.permission === 'default') await Notification.requestPermission()
    setState(current())
  }
  return { state, toggle }
}

/** To be used once, around all pages. */
export function useNotifications(): void {
  useLive({ hold: tell })
}

function tell(hold: HoldView): void {
  const isBroken = isGlassBroken(hold) && !hold.viewer.isRequester
  const isAsked = hold.state.kind === 'pending' && hold.viewer.mayDecide
  const tag = isBroken ? `${hold.id}-glass` : hold.id
  if (!(isBroken || isAsked) || told.has(tag) || current() !== 'on') return
  told.add(tag)
  if (told.size > MOST_REMEMBERED) told.delete(told.values().next().value!)
  try {
    show(hold, tag, isBroken)
  } catch {
    isUnable = true
  }
}

function show(hold: HoldView, tag: string, isBroken: boolean): void {
  // The tag keeps several tabs of one browser from telling the same twice.
  const note = new Notification(isBroken ? `${hold.requester.name} broke the glass` : `${hold.requester.name} asks`, {
    body: isBroken
      ? `A command on ${hold.target.name} runs without a second person.`
      : `A command on ${hold.target.name} waits for a second person.`,
    tag,
  })
  note.addEventListener('click', () => {
    window.focus()
    go(`/holds/${hold.id}`)
    note.close()
  })
}
