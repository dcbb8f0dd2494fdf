/**
 * The one stream of changes that all parts of a page share. The browser reconnects it by itself; when the bastion
 * refuses it, we ask why, and show signed-out pages as such. What was missed meanwhile is told first, or `sync` where that is
 * not known any more.
 */
import { useEffect, useState } from 'preact/hooks'
import { ApiError, type HoldView, read } from './api.ts'

export type LiveState = 'connecting' | 'live' | 'offline' | 'signed-out'

interface Handlers {
  readonly hold?: (hold: HoldView) => void
  readonly sessions?: () => void
  readonly grants?: () => void
  readonly debts?: () => void
  readonly proposals?: (() => void) | undefined
  readonly sync?: (() => void) | undefined
}

const handlers = new Set<Handlers>()
const watchers = new Set<(state: LiveState) => void>()
let state: LiveState = 'connecting'
let source: EventSource | undefined
let retryMs = 1000
/** The last event that was told, also over several streams. */
let seen = ''

export function startLive(): void {
  if (source !== undefined) return
  const events = new EventSource(
    seen === '' ? '/api/v1/events' : `/api/v1/events?last-event-id=${encodeURIComponent(seen)}`,
  )
  source = events
  events.addEventListener('open', () => {
    retryMs = 1000
    become('live')
  })
  const hear = (name: string, take: (handler: Handlers, data: string) => void) =>
    events.addEventListener(name, (event: MessageEvent<string>) => {
      seen = event.lastEventId
      for (const handler of [...handlers]) take(handler, event.data)
    })
  hear('hold', ({ hold }, data) => hold?.(JSON.parse(data) as HoldView))
  hear('sessions', ({ sessions }) => sessions?.())
  hear('grants', ({ grants }) => grants?.())
  hear('debts', ({ debts }) => debts?.())
  hear('proposals', ({ proposals }) => proposals?.())
  hear('sync', ({ sync }) => sync?.())
  // A newer tab has taken this one's place; it comes back when it is looked at again.
  events.addEventListener('replaced', () => {
    stop()
    become('offline')
    document.addEventListener('visibilitychange', whenLookedAt)
  })
  events.addEventListener('error', () => {
    if (source !== events) return
    become('offline')
    if (events.readyState === EventSource.CLOSED) void askWhy()
  })
}

function whenLookedAt(): void {
  if (document.visibilityState !== 'visible') return
  document.removeEventListener('visibilitychange', whenLookedAt)
  startLive()
}

async function askWhy(): Promise<void> {
  stop()
  try {
    await read('/me')
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return become('signed-out')
  }
  setTimeout(startLive, retryMs)
  retryMs = Math.min(retryMs * 2, 30_000)
}

function stop(): void {
  source?.close()
  source = undefined
}

function become(next: LiveState): void {
  state = next
  for (const watcher of [...watchers]) watcher(state)
}

export function useLiveState(): LiveState {
  const [seen, setSeen] = useState(state)
  useEffect(() => {
    setSeen(state)
    watchers.add(setSeen)
    return () => {
      watchers.delete(setSeen)
    }
  }, [])
  return seen
}

/** `handled` may change with every render; the newest is called. */
export function useLive(handled: Handlers): void {
  useEffect(() => {
    handlers.add(handled)
    return () => {
      handlers.delete(handled)
    }
  })
}
