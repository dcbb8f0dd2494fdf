/**
 * Which page is shown, by the address. The page with the recording player has a wider Content-Security-Policy than the
 * others, and a policy belongs to a document: so going to it or away from it loads a new one.
 */
import type { ComponentChildren, TargetedMouseEvent } from 'preact'
import { useEffect, useState } from 'preact/hooks'

const listeners = new Set<() => void>()

function needsOwnDocument(path: string): boolean {
  return /^\/sessions\/[^/]+$/.test(path)
}

export function go(path: string): void {
  const to = new URL(path, location.href)
  if (needsOwnDocument(to.pathname) || needsOwnDocument(location.pathname)) {
    location.assign(to)
    return
  }
  history.pushState(null, '', to)
  scrollTo(0, 0)
  for (const listener of [...listeners]) listener()
}

export function usePath(): string {
  const [path, setPath] = useState(location.pathname)
  useEffect(() => {
    const update = () => {
      if (needsOwnDocument(location.pathname) !== needsOwnDocument(path)) location.reload()
      else setPath(location.pathname)
    }
    listeners.add(update)
    addEventListener('popstate', update)
    return () => {
      listeners.delete(update)
      removeEventListener('popstate', update)
    }
  }, [path])
  return path
}

interface LinkProps {
  readonly to: string
  readonly class?: string
  readonly isCurrent?: boolean
  readonly children: ComponentChildren
}

export function Link({ to, isCurrent = false, children, ...rest }: LinkProps) {
  const follow = (event: TargetedMouseEvent<HTMLAnchorElement>) => {
    const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey
    if (!isPlain) return
    event.preventDefault()
    go(to)
  }
  return (
    <a href={to} onClick={follow} aria-current={isCurrent ? 'page' : undefined} {...rest}>
      {children}
    </a>
  )
}
