/** What the bastion's parser and the policy's tests say to a text, asked for again when typing pauses. */
import { useEffect, useState } from 'preact/hooks'
import { type CheckedView, post } from '../api.ts'
import { visibleLine } from '../visible-text.ts'

const PAUSE_MS = 300

/** Undefined until the newest text was looked at for the first time; while it is looked at again, the answer before. */
export function useChecked(text: string): CheckedView | undefined {
  const [checked, setChecked] = useState<CheckedView | undefined>(undefined)
  useEffect(() => {
    let isCurrent = true
    const timer = setTimeout(() => {
      post<CheckedView>('/policies/check', { text }).then(
        (found) => isCurrent && setChecked(found),
        () => isCurrent && setChecked(undefined),
      )
    }, PAUSE_MS)
    return () => {
      isCurrent = false
      clearTimeout(timer)
    }
  }, [text])
  return checked
}

interface PolicyFindingsProps {
  readonly checked: CheckedView | undefined
  readonly goTo?: (line: number) => void
}

export function PolicyFindings({ checked, goTo }: PolicyFindingsProps) {
  if (checked === undefined) return <p class="note">Asking the bastion…</p>
  const { problems, findings, tests } = checked
  return (
    <>
      <p class={problems.length > 0 ? 'check bad' : 'check good'} role="status">
        {problems.length > 0
          ? `${problems.length} ${problems.length === 1 ? 'mistake' : 'mistakes'}: it cannot be used.`
          : 'It can be used.'}
      </p>
      <Remarks remarks={problems} tone="bad" goTo={goTo} />
      {findings.length > 0 && <p class="note">Probably not meant:</p>}
      <Remarks remarks={findings} tone="wait" goTo={goTo} />
      {problems.length === 0 && <Tests tests={tests} />}
    </>
  )
}

interface RemarksProps {
  readonly remarks: readonly { readonly line: number; readonly message: string }[]
  readonly tone: 'bad' | 'wait'
  readonly goTo: ((line: number) => void) | undefined
}

function Remarks({ remarks, tone, goTo }: RemarksProps) {
  if (remarks.length === 0) return null
  return (
    <ul class={`remarks remarks-${tone}`}>
      {remarks.map(({ line, message }, index) => (
        <li key={index}>
          {goTo !== undefined && line > 0 ? (
            <button type="button" class="link" onClick={() => goTo(line)}>
              line {line}
            </button>
          ) : (
            <span class="mono">{line > 0 ? `line ${line}` : 'the file'}</span>
          )}{' '}
          {visibleLine(message)}
        </li>
      ))}
    </ul>
  )
}

function Tests({ tests }: { readonly tests: CheckedView['tests'] }) {
  if (tests === null) return <p class="note">The policy has no tests beside it.</p>
  return (
    <>
      <p class={tests.failed.length + tests.problems.length > 0 ? 'check bad' : 'check good'}>
        {tests.problems.length > 0
          ? `The tests in ${tests.file} cannot be run.`
          : `${tests.file}: ${tests.passed} passed, ${tests.failed.length} failed.`}
      </p>
      <Remarks remarks={tests.problems} tone="bad" goTo={undefined} />
      {tests.failed.length > 0 && (
        <ul class="remarks remarks-bad">
          {tests.failed.map((test) => (
            <li key={test.line}>
              <span class="mono">line {test.line}</span> {visibleLine(test.who)} on {visibleLine(test.on)}{' '}
              <code class="command">{test.run === null ? 'opens a shell' : visibleLine(test.run)}</code>
              {test.differences.map(({ what, expected, actual }) => (
                <span class="sub" key={what}>
                  {what}: expected {visibleLine(expected)}, got {visibleLine(actual)} (“{visibleLine(test.rule)}”)
                </span>
              ))}
            </li>
          ))}
        </ul>
      )}
    </>
  )
}
