/** What the schema says of where the caret is. */
import { helpAt, type Schema } from '../schema-help.ts'
import { useAnswer } from '../use-answer.ts'
import { placeAt } from '../yaml-place.ts'

export function PolicyHelp({ text, caret }: { readonly text: string; readonly caret: number }) {
  const { answer } = useAnswer<Schema>('/policies/schema')
  if (answer.kind !== 'here') return null
  const place = placeAt(text, caret)
  const { about, keys } = helpAt(answer.data, place)
  return (
    <section class="card help" aria-label="What may stand here">
      <h2>{place.path.length === 0 ? 'The file' : place.path.filter((step) => step !== '[]').join(' › ')}</h2>
      {about !== undefined && (
        <p>
          <code>{about.key}</code> {about.text}
          {about.values.length > 0 && <span class="sub">One of: {about.values.join(', ')}</span>}
        </p>
      )}
      {keys.length > 0 && (
        <dl class="keys">
          {keys.map(({ name, text: meaning, isRequired }) => (
            <div key={name}>
              <dt>
                <code>{name}</code>
                {isRequired && <span class="optional"> needed</span>}
              </dt>
              <dd>{meaning}</dd>
            </div>
          ))}
        </dl>
      )}
      {about === undefined && keys.length === 0 && <p class="note">A value stands here.</p>}
    </section>
  )
}
