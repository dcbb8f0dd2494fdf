/** What the bastion answers to one question, asked when the part appears, when the path changes and on `reload`. */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import { ApiError, read } from './api.ts'

export type Answer<T> =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'here'; readonly data: T }
  | { readonly kind: 'failed'; readonly error: ApiError }

export interface Asked<T> {
  readonly answer: Answer<T>
  reload(): void
  /** Puts newer data in place, as an event or another answer brought it. */
  put(change: (data: T) => T): void
}

export function useAnswer<T>(path: string): Asked<T> {
  const [answer, setAnswer] = useState<Answer<T>>({ kind: 'waiting' })
  // Only the newest question's answer counts: they may come back in another order.
  const turn = useRef(0)
  // Set while a question is under way whose answer may be older than what an event has brought meanwhile.
  const isAsking = useRef(false)
  const isOutdated = useRef(false)

  const reload = useCallback(() => {
    turn.current += 1
    const mine = turn.current
    isAsking.current = true
    isOutdated.current = false
    read<T>(path).then(
      (data) => {
        if (mine !== turn.current) return
        isAsking.current = false
        setAnswer({ kind: 'here', data })
        if (isOutdated.current) reload()
      },
      (error) => {
        if (mine !== turn.current) return
        isAsking.current = false
        const failure = error instanceof ApiError ? error : new ApiError(0, 'This page broke; reload it.')
        // What was there stays there while the bastion cannot be reached.
        setAnswer((before) =>
          failure.status === 0 && before.kind === 'here' ? before : { kind: 'failed', error: failure },
        )
      },
    )
  }, [path])

  useEffect(() => {
    setAnswer({ kind: 'waiting' })
    reload()
    return () => {
      turn.current += 1
    }
  }, [reload])

  const put = useCallback((change: (data: T) => T) => {
    isOutdated.current = isAsking.current
    setAnswer((before) => (before.kind === 'here' ? { kind: 'here', data: change(before.data) } : before))
  }, [])

  return { answer, reload, put }
}
