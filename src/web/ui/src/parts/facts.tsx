/** A list of names and values. */
import type { ComponentChildren } from 'preact'

export function Facts({ children }: { readonly children: ComponentChildren }) {
  return <dl class="facts">{children}</dl>
}

interface FactProps {
  readonly name: string
  /** Long enough to need a whole row. */
  readonly isLong?: boolean
  readonly children: ComponentChildren
}

export function Fact({ name, isLong = false, children }: FactProps) {
  return (
    <div class={isLong ? 'whole' : undefined}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

export function Labels({ labels }: { readonly labels: Readonly<Record<string, string>> }) {
  const entries = Object.entries(labels)
  if (entries.length === 0) return null
  return (
    <ul class="chips" aria-label="Labels">
      {entries.map(([name, value]) => (
        <li key={name} class={name === 'env' && value === 'prod' ? 'chip label prod' : 'chip label'}>
          {name}={value}
        </li>
      ))}
    </ul>
  )
}
