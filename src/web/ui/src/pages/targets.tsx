/** Targets and the vault: what there is, whether it works, and new secrets. A secret goes in, and never comes out. */
import { useState } from 'preact/hooks'
import { ApiError, post, type SecretView, type TargetView, type TrialView } from '../api.ts'
import { useLive } from '../live.ts'
import { Fact, Facts, Labels } from '../parts/facts.tsx'
import { Answered, Page } from '../parts/page.tsx'
import { SecretForm } from '../parts/secret-form.tsx'
import { TrialList } from '../parts/trials.tsx'
import { ago, useNow, when } from '../time.ts'
import { useAnswer } from '../use-answer.ts'

interface Targets {
  readonly targets: readonly TargetView[]
}
interface Secrets {
  readonly secrets: readonly SecretView[]
}

export function TargetsPage() {
  const targets = useAnswer<Targets>('/targets')
  const secrets = useAnswer<Secrets>('/secrets')
  const reload = () => {
    targets.reload()
    secrets.reload()
  }
  useLive({ sync: reload, proposals: reload })
  return (
    <Page title="Targets and vault">
      <Answered answer={targets.answer}>{(data) => <TargetList targets={data.targets} />}</Answered>
      <Answered answer={secrets.answer}>{(data) => <Vault secrets={data.secrets} changed={reload} />}</Answered>
    </Page>
  )
}

function TargetList({ targets }: Targets) {
  if (targets.length === 0) {
    return (
      <div class="card empty">
        <h2>No targets</h2>
        <p>Targets are written under “targets” in the bastion’s configuration file.</p>
      </div>
    )
  }
  return (
    <section class="targets" aria-label="Targets">
      <p class="note">
        Targets are written in the bastion’s configuration, and changed there; each names the secret that opens it.
      </p>
      {targets.map((target) => (
        <TargetCard key={target.name} target={target} />
      ))}
    </section>
  )
}

function TargetCard({ target }: { readonly target: TargetView }) {
  const { credential, place } = target
  return (
    <section class="card" aria-label={target.name}>
      <div class="text-head">
        <h2 class="mono">{target.name}</h2>
        <Labels labels={target.labels} />
      </div>
      <Facts>
        <Fact name="Where">
          <span class="mono">
            {target.host}:{target.port}
          </span>
        </Fact>
        <Fact name="Accounts">
          <span class="mono">{target.logins.join(', ')}</span>
        </Fact>
        <Fact name="Opened by">
          <span class="mono">{credential.name}</span>
          <span class="sub">
            {credential.updatedAt === null ? 'not in the vault' : `in the vault since ${when(credential.updatedAt)}`}
          </span>
        </Fact>
        <Fact name="Configured in">
          {place === null ? 'no file' : <span class="mono">{`${place.file}:${place.line}`}</span>}
        </Fact>
        <Fact name="Host keys" isLong>
          {target.hostKeys.length === 0
            ? 'none is pinned, so nobody is let in'
            : target.hostKeys.map((key) => (
                <span class="sub mono" key={key}>
                  {key}
                </span>
              ))}
        </Fact>
      </Facts>
      <Try target={target} />
    </section>
  )
}

function Try({ target }: { readonly target: TargetView }) {
  const [trials, setTrials] = useState<readonly TrialView[]>([])
  const [isTrying, setIsTrying] = useState(false)
  const [failure, setFailure] = useState('')
  const test = async () => {
    setIsTrying(true)
    setFailure('')
    const found: TrialView[] = []
    try {
      for (const login of target.logins) {
        found.push(await post<TrialView>(`/targets/${encodeURIComponent(target.name)}/trials`, { login }))
        setTrials([...found])
      }
    } catch (error) {
      setFailure(error instanceof ApiError ? error.message : 'this page broke; reload it.')
    }
    setIsTrying(false)
  }
  return (
    <>
      <button type="button" class="button" disabled={isTrying} onClick={() => void test()}>
        {isTrying ? 'Connecting…' : 'Test the connection'}
        <span class="visually-hidden"> to {target.name}</span>
      </button>
      <div role="status">{trials.length > 0 && <TrialList trials={trials} />}</div>
      {failure !== '' && (
        <p class="warning" role="alert">
          {failure}
        </p>
      )}
    </>
  )
}

function Vault({ secrets, changed }: Secrets & { readonly changed: () => void }) {
  const [asked, setAsked] = useState<string | undefined>(undefined)
  const now = useNow()
  return (
    <section class="list-section">
      <h2>Vault</h2>
      <p class="note">
        What is in the vault is shown to nobody. A secret that is there is replaced only when another administrator
        approves.
      </p>
      <ul class="rows">
        {secrets.map(({ name, updatedAt, usedBy, isOwn }) => (
          <li class="row" key={name}>
            <strong class="mono">{name}</strong>
            <p class="row-facts">
              <span>put there {ago(updatedAt, now)}</span>
              <span>
                {isOwn ? 'the bastion’s own' : usedBy.length === 0 ? 'nothing uses it' : `used by ${usedBy.join(', ')}`}
              </span>
            </p>
            {!isOwn && asked !== name && (
              <p class="row-end">
                <button type="button" class="button" onClick={() => setAsked(name)}>
                  Rotate…<span class="visually-hidden"> {name}</span>
                </button>
              </p>
            )}
            {asked === name && (
              <div class="row-question">
                <SecretForm name={name} done={changed} close={() => setAsked(undefined)} />
              </div>
            )}
          </li>
        ))}
        <li class="row">
          {asked === '' ? (
            <div class="row-question">
              <SecretForm name={undefined} done={changed} close={() => setAsked(undefined)} />
            </div>
          ) : (
            <button type="button" class="button" onClick={() => setAsked('')}>
              Add a secret…
            </button>
          )}
        </li>
      </ul>
    </section>
  )
}
