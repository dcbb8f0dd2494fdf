/** Quality of review, for who may read the log: figures to ask about, in the words of what they count. */
import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import type { QualityView } from '../api.ts'
import { duration } from '../duration.ts'
import { Fact, Facts } from '../parts/facts.tsx'
import { Answered, Page } from '../parts/page.tsx'
import { when } from '../time.ts'
import { useAnswer } from '../use-answer.ts'

const DAYS = [7, 30, 90] as const

export function QualityPage() {
  const [days, setDays] = useState<number>(30)
  const { answer } = useAnswer<QualityView>(`/quality?days=${days}`)
  return (
    <Page
      title="Quality of review"
      class="wide"
      aside={
        <fieldset class="buttons days" aria-label="Over how many days">
          {DAYS.map((each) => (
            <button key={each} type="button" class="button" aria-pressed={each === days} onClick={() => setDays(each)}>
              {each} days
            </button>
          ))}
        </fieldset>
      }
    >
      <Answered answer={answer}>{(quality) => <Quality quality={quality} />}</Answered>
    </Page>
  )
}

function Quality({ quality }: { readonly quality: QualityView }) {
  return (
    <div class="quality">
      <section class="card" aria-label="All decisions">
        <Facts>
          <Fact name="Decisions">
            {quality.decided}
            <span class="sub">
              {quality.approved} approved, {quality.rejected} rejected, of {quality.holds} held
            </span>
          </Fact>
          <Fact name="Time to decide">
            {seconds(quality.p50Seconds)}
            <span class="sub">half of them within this; 95 % within {seconds(quality.p95Seconds)}</span>
          </Fact>
          <Fact name="Approved under 3 s">
            {share(quality.fast, quality.approved)}
            <span class="sub">
              {quality.fast === 1 ? '1 approval' : `${quality.fast} approvals`}, faster than anybody reads
            </span>
          </Fact>
          <Fact name="Broken glass to be looked at">
            {quality.debts.open}
            <span class="sub">{quality.debts.overdue} overdue</span>
          </Fact>
        </Facts>
        <p class="note">
          Since {when(quality.since)}, as of {when(quality.at)}.
          {quality.isCut && ' There is more in this time; these are the newest.'}
        </p>
      </section>
      <Pairs pairs={quality.pairs} />
      <Reviewers quality={quality} />
      <Rules rules={quality.rules} />
    </div>
  )
}

function Pairs({ pairs }: Pick<QualityView, 'pairs'>) {
  return (
    <section class="card">
      <h2>Pairs who only approve each other</h2>
      {pairs.length === 0 ? (
        <p class="note">There are none.</p>
      ) : (
        <ul>
          {pairs.map(({ one, other, approvals }) => (
            <li key={`${one.id} ${other.id}`}>
              <strong>{one.name}</strong> and <strong>{other.name}</strong>: {approvals} approvals for each other,
              nothing for anybody else, no rejection.
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function Reviewers({ quality }: { readonly quality: QualityView }) {
  if (quality.reviewers.length === 0) return null
  return (
    <Table
      label="Reviewers"
      heads={['Reviewer', 'Decisions', 'Rejected', 'Half within', '95 % within', 'Approved under 3 s']}
    >
      {quality.reviewers.map((of) => (
        <tr key={of.person.id}>
          <th scope="row">{of.person.name}</th>
          <td class="number">{of.decided}</td>
          <td class="number">{of.rejected}</td>
          <td>{seconds(of.p50Seconds)}</td>
          <td>{seconds(of.p95Seconds)}</td>
          <td>{share(of.fast, of.approved)}</td>
        </tr>
      ))}
    </Table>
  )
}

function Rules({ rules }: Pick<QualityView, 'rules'>) {
  if (rules.length === 0) return null
  return (
    <Table
      label="Holds by rule"
      heads={['Rule', 'Held', 'Approved', 'Rejected', 'Expired', 'Withdrawn', 'Glass broken']}
    >
      {rules.map((of) => (
        <tr key={of.rule}>
          <th scope="row">{of.rule}</th>
          <td class="number">{of.held}</td>
          <td class="number">{of.approved}</td>
          <td class="number">{of.rejected}</td>
          <td class="number">{of.expired}</td>
          <td class="number">{of.withdrawn}</td>
          <td class="number">{of.brokenGlass}</td>
        </tr>
      ))}
    </Table>
  )
}

function Table(props: {
  readonly label: string
  readonly heads: readonly string[]
  readonly children: ComponentChildren
}) {
  return (
    <section class="card table-card" aria-label={props.label}>
      <table>
        <thead>
          <tr>
            {props.heads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{props.children}</tbody>
      </table>
    </section>
  )
}

function seconds(value: number | null): string {
  if (value === null) return '–'
  return value < 10 ? `${value.toFixed(1)} s` : duration(value * 1000)
}

function share(some: number, all: number): string {
  return all === 0 ? '–' : `${Math.round((some / all) * 100)} %`
}
