/** The last lines of a terminal, as plain text. */
import { visibleLine } from '../visible-text.ts'

export function Screen({ lines }: { readonly lines: readonly string[] }) {
  if (lines.length === 0) return null
  return (
    <section class="card">
      <h2>The screen when it was held</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so it must be reachable by keyboard */}
      <section class="screen" tabIndex={0} aria-label="The session's last lines">
        <pre>{lines.map(visibleLine).join('\n')}</pre>
      </section>
    </section>
  )
}
