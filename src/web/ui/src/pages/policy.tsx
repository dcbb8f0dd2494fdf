/** The policy: what the file says, and a way to propose that it says something else. */
import { useState } from 'preact/hooks'
import type { PolicyView } from '../api.ts'
import { useLive } from '../live.ts'
import { Answered, Page } from '../parts/page.tsx'
import { PolicyEditor } from '../parts/policy-editor.tsx'
import { ProposalSection } from '../parts/proposals.tsx'
import { useAnswer } from '../use-answer.ts'
import { visibleLine } from '../visible-text.ts'

export function PolicyPage() {
  const { answer, reload } = useAnswer<PolicyView>('/policies')
  const [isEditing, setIsEditing] = useState(false)
  // What is being typed stays as it is: that the file has changed is told when it is proposed.
  useLive({ sync: isEditing ? undefined : reload, proposals: isEditing ? undefined : reload })
  return (
    <Page
      title={isEditing ? 'Change the policy' : 'Policy'}
      class="wide"
      aside={
        answer.kind === 'here' &&
        !isEditing && (
          <button type="button" class="button" onClick={() => setIsEditing(true)}>
            Propose a change
          </button>
        )
      }
    >
      <Answered answer={answer}>
        {(policy) =>
          isEditing ? (
            <PolicyEditor
              policy={policy}
              close={() => {
                setIsEditing(false)
                reload()
              }}
            />
          ) : (
            <Shown policy={policy} />
          )
        }
      </Answered>
    </Page>
  )
}

const TONES: Readonly<Record<string, string>> = { allow: 'good', hold: 'wait', deny: 'bad' }

function Shown({ policy }: { readonly policy: PolicyView }) {
  return (
    <>
      {policy.digest !== policy.inForce && (
        <p class="warning" role="alert">
          What the file says is not in force: it has mistakes, and the policy before it goes on. Propose a change, or
          mend the file.
        </p>
      )}
      <ProposalSection title="Waiting for another administrator" state="pending" />
      <div class="columns">
        <div class="main-column">
          <section class="card" aria-label="The file">
            <h2 class="mono">{policy.file}</h2>
            <ol class="source" aria-label={`Lines of ${policy.file}`}>
              {policy.text.split('\n').map((line, index) => (
                <li key={index} id={`line-${index + 1}`} tabIndex={-1}>
                  <code>{visibleLine(line)}</code>
                </li>
              ))}
            </ol>
            <p class="note digest">
              SHA-256 <span class="mono">{policy.inForce}</span>
            </p>
          </section>
        </div>
        <div class="side-column">
          <nav class="card" aria-label="Rules">
            <h2>{policy.rules.length} rules, in order</h2>
            <p class="note">The first that matches answers. When none does, the answer is no.</p>
            <ol class="rules">
              {policy.rules.map(({ name, line, answer }) => (
                <li key={line}>
                  <a
                    href={`#line-${line}`}
                    onClick={(event) => {
                      event.preventDefault()
                      const at = document.getElementById(`line-${line}`)
                      at?.scrollIntoView({ block: 'center' })
                      at?.focus()
                    }}
                  >
                    {visibleLine(name)}
                  </a>{' '}
                  <span class={`badge tone-${TONES[answer] ?? 'flat'}`}>{answer}</span>
                </li>
              ))}
            </ol>
          </nav>
        </div>
      </div>
      <ProposalSection title="Changes before" state="all" />
    </>
  )
}
