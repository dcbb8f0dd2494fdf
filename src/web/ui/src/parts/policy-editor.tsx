/**
 * A policy being changed. The bastion's own parser reads along; what the keys mean is the schema's word. Before it is
 * proposed, its author has seen what its tests say and can see what it would have answered lately.
 */
import { useEffect, useRef, useState } from 'preact/hooks'
import { ApiError, type PolicyView, type ProposalView, post } from '../api.ts'
import { go } from '../router.tsx'
import { PolicyBacktest } from './policy-backtest.tsx'
import { PolicyFindings, useChecked } from './policy-check.tsx'
import { PolicyDiff } from './policy-diff.tsx'
import { PolicyHelp } from './policy-help.tsx'
import { useDraft } from './step-up.tsx'

interface PolicyEditorProps {
  readonly policy: PolicyView
  readonly close: () => void
}

export function PolicyEditor({ policy, close }: PolicyEditorProps) {
  const [text, setText, forget] = useDraft(`policy-${policy.digest}`, policy.text)
  const [caret, setCaret] = useState(0)
  const field = useRef<HTMLTextAreaElement>(null)
  useEffect(() => field.current?.focus(), [])
  const checked = useChecked(text)
  const isChanged = text !== policy.text
  const hasMistakes = checked === undefined || checked.problems.length > 0

  const goTo = (line: number) => {
    const area = field.current
    if (area === null) return
    const lines = text.split('\n')
    const [wanted = ''] = lines.slice(line - 1, line)
    const before = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0)
    const start = before + wanted.search(/\S|$/)
    area.focus()
    area.setSelectionRange(start, before + wanted.length)
    setCaret(start)
    area.scrollTop = (line - 4) * Number.parseFloat(getComputedStyle(area).lineHeight)
  }

  return (
    <div class="columns">
      <div class="main-column">
        <section class="card">
          <label class="source-label">
            <span class="mono">{policy.file}</span>
            <textarea
              ref={field}
              class="source-field mono"
              rows={28}
              wrap="off"
              spellcheck={false}
              autocapitalize="off"
              autocomplete="off"
              value={text}
              aria-describedby="policy-findings"
              onInput={(event) => {
                setText(event.currentTarget.value)
                setCaret(event.currentTarget.selectionStart)
              }}
              onKeyUp={(event) => setCaret(event.currentTarget.selectionStart)}
              onClick={(event) => setCaret(event.currentTarget.selectionStart)}
            />
          </label>
          <div id="policy-findings">
            <PolicyFindings checked={checked} goTo={goTo} />
          </div>
        </section>
        {isChanged && <PolicyDiff before={policy.text} after={text} />}
        {isChanged && !hasMistakes && <PolicyBacktest text={text} />}
        <ProposeForm
          policy={policy}
          text={text}
          isReady={isChanged && !hasMistakes}
          proposed={(id) => {
            forget()
            go(`/proposals/${id}`)
          }}
          discard={() => {
            forget()
            close()
          }}
        />
      </div>
      <div class="side-column">
        <PolicyHelp text={text} caret={caret} />
      </div>
    </div>
  )
}

interface ProposeFormProps {
  readonly policy: PolicyView
  readonly text: string
  readonly isReady: boolean
  readonly proposed: (id: string) => void
  readonly discard: () => void
}

function ProposeForm({ policy, text, isReady, proposed, discard }: ProposeFormProps) {
  const [reason, setReason] = useState('')
  const [isSending, setIsSending] = useState(false)
  const [failure, setFailure] = useState('')
  const send = async (event: Event) => {
    event.preventDefault()
    if (isSending) return
    setIsSending(true)
    try {
      const made = await post<ProposalView>('/proposals', { kind: 'policy', text, base: policy.digest, reason })
      proposed(made.id)
    } catch (error) {
      setFailure(error instanceof ApiError ? error.message : 'this page broke; reload it.')
      setIsSending(false)
    }
  }
  return (
    <form class="card confirmation" aria-label="Propose" onSubmit={send}>
      {failure !== '' && (
        <p class="warning" role="alert">
          It was not proposed: {failure}
        </p>
      )}
      <label>
        <span>Why it should change</span>
        <textarea
          rows={2}
          maxLength={2000}
          required
          value={reason}
          onInput={(event) => setReason(event.currentTarget.value)}
        />
      </label>
      <p class="note">Nothing changes yet: another administrator has to approve it, with your name and theirs on it.</p>
      <div class="buttons">
        <button type="submit" class="button primary" disabled={isSending || !isReady}>
          Propose it
        </button>
        <button type="button" class="button" disabled={isSending} onClick={discard}>
          Discard
        </button>
      </div>
    </form>
  )
}
