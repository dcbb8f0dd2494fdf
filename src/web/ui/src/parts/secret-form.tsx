/** Puts a secret into the vault: a new one at once, one in the place of another by a proposal. */
import { useEffect, useRef, useState } from 'preact/hooks'
import { ApiError, type ProposalView, post } from '../api.ts'
import { go } from '../router.tsx'

interface SecretFormProps {
  /** Undefined: a new one. */
  readonly name: string | undefined
  readonly done: () => void
  readonly close: () => void
}

export function SecretForm({ name, done, close }: SecretFormProps) {
  const [newName, setNewName] = useState('')
  const [secret, setSecret] = useState('')
  const [reason, setReason] = useState('')
  const [isSending, setIsSending] = useState(false)
  const [failure, setFailure] = useState('')
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => form.current?.querySelector<HTMLElement>('input, textarea')?.focus(), [])
  const send = async (event: Event) => {
    event.preventDefault()
    if (isSending) return
    setIsSending(true)
    try {
      if (name === undefined) await post('/secrets', { name: newName, secret })
      else {
        const { id } = await post<ProposalView>('/proposals', { kind: 'secret', name, secret, reason })
        go(`/proposals/${id}`)
      }
      done()
      close()
    } catch (error) {
      setFailure(error instanceof ApiError ? error.message : 'this page broke; reload it.')
      setIsSending(false)
    }
  }
  return (
    <form ref={form} class="confirmation" onSubmit={send} autocomplete="off">
      {failure !== '' && (
        <p class="warning" role="alert">
          {failure}
        </p>
      )}
      {name === undefined && (
        <label>
          <span>Name</span>
          <input
            type="text"
            required
            maxLength={128}
            spellcheck={false}
            value={newName}
            onInput={(event) => setNewName(event.currentTarget.value)}
          />
        </label>
      )}
      <label>
        <span>{name === undefined ? 'Secret' : 'The new secret'}, such as a private key without a passphrase</span>
        <textarea
          class="mono"
          rows={5}
          required
          spellcheck={false}
          autocomplete="off"
          value={secret}
          onInput={(event) => setSecret(event.currentTarget.value)}
        />
      </label>
      {name !== undefined && (
        <>
          <label>
            <span>Why</span>
            <input
              type="text"
              required
              maxLength={2000}
              value={reason}
              onInput={(event) => setReason(event.currentTarget.value)}
            />
          </label>
          <p class="note">
            Put its public half on the targets first. It is tried on each account now and again when another
            administrator approves; the old one stays until then.
          </p>
        </>
      )}
      <div class="buttons">
        <button type="submit" class="button primary" disabled={isSending}>
          {isSending ? 'Trying it…' : name === undefined ? 'Put it into the vault' : 'Try and propose it'}
        </button>
        <button type="button" class="button" disabled={isSending} onClick={close}>
          Back
        </button>
      </div>
    </form>
  )
}
