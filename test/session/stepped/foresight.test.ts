/** What is judged while a shell is on its way to report a line: stored before it is asked, and good for that line alone. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Action } from '../../../src/core/action.ts'
import type { Verdict } from '../../../src/core/verdict.ts'
import { bash } from '../../../src/session/stepped/bash.ts'
import { Drafts, type Stage } from '../../../src/session/stepped/drafts.ts'
import { Foresight } from '../../../src/session/stepped/foresight.ts'
import { createAnalyser } from '../../../src/shell/analyse.ts'
import { defaultCatalogue } from '../../../src/shell/catalogue/catalogue.ts'
import { foreseenSteps } from '../../../src/shell/foreseen.ts'
import { hold, RULE } from '../../approval/parts.ts'
import { ManualClock } from '../../support/manual-clock.ts'
import { STORAGE_FULL, type TemporaryStore, temporaryStore, withAudit } from '../../support/store.ts'
import { session } from '../parts.ts'

const analyse = createAnalyser(defaultCatalogue())
const ALLOW: Verdict = { kind: 'allow', because: RULE }

let temporary: TemporaryStore
beforeAll(async () => {
  temporary = await temporaryStore()
})
afterAll(() => temporary.close())

async function foresight(verdict: (action: Action) => Verdict, before: () => void = () => {}) {
  const clock = new ManualClock()
  const { live } = await session({ store: withAudit(temporary.store, before), clock, verdict })
  const context = { ...live.context, services: { ...live.context.services, analyse } }
  const made = new Foresight({
    context,
    checkpoint: live.checkpoint,
    drafts: new Drafts({ context, secured: new Set() }),
  })
  const stage = (text: string): Stage => ({ kind: 'line', text, reading: bash.between(text, analyse) })
  return {
    allowed: async () =>
      (await temporary.store.audit.list({ session: context.record.id, types: ['command.allowed'], limit: 100 }))
        .toReversed()
        .map(({ detail }) => detail.text),
    reported: async (text: string) => (await made.ahead(bash, stage(text), foreseenSteps(text))).ahead,
    expect: (text: string) => made.expect(bash, text),
  }
}

it('stores what is expected before it is asked, and does not store it again', async () => {
  const { expect: expectLine, reported, allowed } = await foresight(() => ALLOW)
  expectLine('echo one | cat')
  await expect.poll(allowed).toEqual(['echo one', 'cat'])
  expect(await reported('echo one | cat')).toEqual(['echo one', 'cat'])
  expect(await allowed()).toEqual(['echo one', 'cat'])
})

it('judges a line that was reported in other words for itself, and any line only once', async () => {
  const { expect: expectLine, reported, allowed } = await foresight(() => ALLOW)
  expectLine('echo one')
  expect(await reported('echo two')).toEqual(['echo two'])
  expect(await reported('echo one')).toEqual(['echo one'])
  expect(await allowed()).toEqual(['echo one', 'echo two', 'echo one'])
})

it('lets nothing through that the policy has taken back since', async () => {
  let verdict: Verdict = ALLOW
  const { expect: expectLine, reported } = await foresight(() => verdict)
  expectLine('echo one')
  verdict = { kind: 'deny', because: RULE, message: 'no' }
  expect(await reported('echo one')).toEqual([])
})

it('stores nothing of what the policy would not allow, nor of a line that does more than its steps', async () => {
  const {
    expect: expectLine,
    reported,
    allowed,
  } = await foresight(({ text }) => (text.startsWith('rm') ? hold() : ALLOW))
  expectLine('rm -rf /srv; echo done')
  expect(await reported('rm -rf /srv; echo done')).toEqual(['echo done'])
  expectLine('{ echo one; } > /etc/motd')
  expectLine('for i in 1 2; do')
  expectLine('vim x')
  expect(await allowed()).toEqual(['echo done'])
})

it('passes nothing on that could not be stored', async () => {
  const { expect: expectLine, reported } = await foresight(
    () => ALLOW,
    () => {
      throw STORAGE_FULL
    },
  )
  expectLine('echo one')
  expect(await reported('echo one')).toEqual([])
})
