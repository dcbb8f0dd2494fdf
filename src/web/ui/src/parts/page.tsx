/** The frame of each page: its heading, which is also the tab's title and takes the focus when the page changes. */
import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { ApiError } from '../api.ts'
import type { Answer } from '../use-answer.ts'

interface PageProps {
  readonly title: string
  /** Shown beside the heading. */
  readonly aside?: ComponentChildren
  /** Before the tab's title, as in `(2) Inbox`. */
  readonly count?: number
  readonly class?: string
  readonly children: ComponentChildren
}

let isFirstPage = true

export function Page({ title, aside, count = 0, children, ...rest }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${count > 0 ? `(${count}) ` : ''}${title} · Sallyport`
  }, [title, count])
  useEffect(() => {
    if (!isFirstPage) heading.current?.focus()
    isFirstPage = false
  }, [])
  return (
    <main id="main" class={`page ${rest.class ?? ''}`}>
      <div class="page-head">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {aside}
      </div>
      {children}
    </main>
  )
}

const FAILURE_TITLES: Readonly<Record<number, string>> = {
  0: 'No connection',
  403: 'Not yours to see',
  404: 'Not there',
  429: 'Too many tries',
}

export function Failure({ error }: { readonly error: ApiError }) {
  return (
    <div class="card failure" role="alert">
      <h2>{FAILURE_TITLES[error.status] ?? 'That did not work'}</h2>
      <p>{error.message}</p>
    </div>
  )
}

interface AnsweredProps<T> {
  readonly answer: Answer<T>
  readonly children: (data: T) => ComponentChildren
}

/** Shows the answer when it is there, and until then that it is awaited or why it will not come. */
export function Answered<T>({ answer, children }: AnsweredProps<T>) {
  if (answer.kind === 'waiting') return <p class="waiting">Asking the bastion…</p>
  if (answer.kind === 'failed') return <Failure error={answer.error} />
  return <>{children(answer.data)}</>
}
