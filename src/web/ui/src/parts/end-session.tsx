/** Ending a session: asked twice, because what runs in it is cut off. */
import { useState } from 'preact/hooks'
import { ApiError, remove } from '../api.ts'

interface EndSessionProps {
  readonly id: string
  /** Whose session it is; undefined where it is the viewer's own. */
  readonly of: string | undefined
  readonly ended: () => void
}

export function EndSession({ id, of, ended }: EndSessionProps) {
  const [step, setStep] = useState<'idle' | 'sure' | 'sending'>('idle')
  const [failure, setFailure] = useState('')
  const end = async () => {
    setStep('sending')
    try {
      await remove(`/sessions/${encodeURIComponent(id)}`)
      ended()
    } catch (error) {
      setFailure(error instanceof ApiError ? error.message : 'This page broke; reload it.')
      setStep('idle')
    }
  }
  return (
    <section class="card" aria-label="Ending the session">
      {failure !== '' && (
        <p class="warning" role="alert">
          {failure}
        </p>
      )}
      {step === 'idle' ? (
        <button type="button" class="button" onClick={() => setStep('sure')}>
          End this session…
        </button>
      ) : (
        <>
          <p>{of === undefined ? '' : `${of} is told. `}What runs in it is cut off, and its recording is closed.</p>
          <div class="buttons">
            <button type="button" class="button reject" onClick={end} disabled={step === 'sending'}>
              End it now
            </button>
            <button type="button" class="button" onClick={() => setStep('idle')} disabled={step === 'sending'}>
              Back
            </button>
          </div>
        </>
      )}
    </section>
  )
}
