/** What changes between two texts, with every character visible. */
import { type DiffLine, hunks, lineDiff } from '../line-diff.ts'
import { ExactText } from './exact-text.tsx'

const MARK = { same: ' ', gone: '−', new: '+' } as const
const WORD = { same: '', gone: 'removed: ', new: 'added: ' } as const

export function PolicyDiff({ before, after }: { readonly before: string; readonly after: string }) {
  const pieces = hunks(lineDiff(before, after))
  return (
    <section class="card" aria-label="What changes">
      <h2>What changes</h2>
      {pieces.map((lines, index) => (
        <div key={index} class="diff">
          {lines.map((line, at) => (
            <div key={at} class={`diff-line diff-${line.kind}`}>
              <span class="diff-number">{numberOf(line)}</span>
              <span aria-hidden="true">{MARK[line.kind]}</span>
              <span class="visually-hidden">{WORD[line.kind]}</span>
              <code>
                <ExactText text={line.text} />
              </code>
            </div>
          ))}
        </div>
      ))}
    </section>
  )
}

function numberOf(line: DiffLine): number {
  return line.kind === 'gone' ? line.before : line.after
}
