/** What administrators see and change of the bastion itself, in a real Chromium and with a real policy file. */
import { readFileSync, writeFileSync } from 'node:fs'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { newKeyPair } from '../../src/ssh/host-key.ts'
import { POLICY } from '../support/administration.ts'
import { PEOPLE, type PersonName } from '../web/world.ts'
import { pagesUnderTest } from './pages-under-test.ts'
import { barriers, DARK, DESK, LOOKS, PHONE, picture } from './parts.ts'

const here = pagesUnderTest()
const isLong = process.env.SALLYPORT_LONG !== undefined
const looks = Object.entries(LOOKS).filter(([name]) => isLong || name === 'phone')

const NEXT = POLICY.replace('hold: { reviewers: [reviewer] }', 'hold: { reviewers: [reviewer], reason: required }')
const onDisk = () => readFileSync(here.world.admin.policyFile, 'utf8')

async function drawn(page: Page, name: string): Promise<void> {
  await picture(page, name)
  expect(await barriers(page)).toEqual([])
  expect(here.complaints).toEqual([])
}

/** An editor in which something else was typed. */
async function editing(who: PersonName, text: string, look?: BrowserContextOptions): Promise<Page> {
  const page = await here.open(who, '/policy', look)
  await page.getByRole('button', { name: 'Propose a change' }).click()
  await page.getByRole('textbox', { name: 'policy.yaml' }).fill(text)
  return page
}

describe('the policy', () => {
  it.each(looks)('is shown with its rules, each leading to its line (%s)', async (name, look) => {
    const page = await here.open('rita', '/policy', look)
    await page.getByRole('link', { name: 'ask before change' }).click()
    expect(await page.evaluate('document.activeElement.id')).toBe('line-13')
    // Nothing is wider than the window, so that a phone shows the whole page.
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0)
    await drawn(page, `policy-${name}`)
  })

  it('fault 43: is changed by two: one writes it with the parser reading along, the other approves what they see', async () => {
    const page = await editing('rita', NEXT.replace('reviewers:', 'reviewrs:'))
    await page.getByText('2 mistakes: it cannot be used.').waitFor()
    await page.getByRole('button', { name: 'line 16' }).first().click()
    await page.getByRole('region', { name: 'What may stand here' }).getByText('rules › then').waitFor()
    expect(await page.getByRole('button', { name: 'Propose it' }).isDisabled()).toBe(true)
    await drawn(page, 'policy-mistake')
    await page.getByRole('textbox', { name: 'policy.yaml' }).fill(NEXT)
    await page.getByText('policy.test.yaml: 2 passed, 0 failed.').waitFor()
    await page.getByRole('button', { name: /Try it on the last/ }).click()
    await page.getByText('Nothing would be answered otherwise.').waitFor()
    await page.getByRole('textbox', { name: 'Why it should change' }).fill('reasons help who audits')
    await drawn(page, 'policy-edit')
    await page.getByRole('button', { name: 'Propose it' }).click()
    await page.getByText('You proposed this yourself').waitFor()
    expect(onDisk()).toBe(POLICY)

    const other = await here.open('olga', '/', DARK)
    await other.getByRole('link', { name: 'Change policy.yaml' }).click()
    await other.getByText('policy.test.yaml: 2 passed, 0 failed.').waitFor()
    await drawn(other, 'proposal-dark')
    await other.getByRole('button', { name: 'Approve and put into force' }).click()
    await other.getByText('It was approved, and is in force.').waitFor()
    expect(onDisk()).toBe(NEXT)
    // The author's page hears of it without a reload.
    await page.getByText('It was approved, and is in force.').waitFor()
    await page.getByText('Approved by').waitFor()
    await drawn(page, 'proposal-applied')
  })

  it.runIf(isLong)('that was changed on disk meanwhile stays, and whoever approves reads why', async () => {
    const page = await editing('rita', NEXT)
    await page.getByText('It can be used.').waitFor()
    await page.getByRole('textbox', { name: 'Why it should change' }).fill('reasons')
    await page.getByRole('button', { name: 'Propose it' }).click()
    await page.getByText('You proposed this yourself').waitFor()
    const other = await here.open('olga', new URL(page.url()).pathname, PHONE)
    await other.getByRole('button', { name: 'Approve and put into force' }).waitFor()
    await drawn(other, 'proposal-phone')
    writeFileSync(here.world.admin.policyFile, `${POLICY}# by hand\n`)
    await other.getByText('It was made from something that has changed since').waitFor()
    expect(onDisk()).toBe(`${POLICY}# by hand\n`)
    expect(here.complaints).toEqual([])
  })

  it.runIf(isLong)('is rejected with a reason, from the keyboard', async () => {
    const { id } = await here.world.admin.services.policies.propose(PEOPLE.rita, {
      text: NEXT,
      base: here.world.admin.policy.current.digest,
      reason: 'reasons \u202e',
    })
    const page = await here.open('olga', `/proposals/${id}`)
    await page.getByRole('textbox', { name: /Reason/ }).fill('not before the audit')
    await page.getByRole('button', { name: 'Reject' }).press('Enter')
    await page.getByText('It was rejected; nothing has changed.').waitFor()
    await page.getByText('not before the audit').waitFor()
    expect(onDisk()).toBe(POLICY)
  })
})

describe('targets and vault', () => {
  it.each(looks)(
    'are shown, a connection is tried, a secret goes in and another is proposed (%s)',
    async (name, look) => {
      const secret = newKeyPair('new').privateKey
      await here.world.admin.vault.put('web-1-credential', Buffer.from(newKeyPair('old').privateKey))
      const page = await here.open('rita', '/targets', look)
      await page.getByRole('button', { name: 'Test the connection to web-1' }).click()
      await page.getByText('no answer', { exact: true }).waitFor()
      await page.getByRole('button', { name: 'Add a secret…' }).click()
      await page.getByRole('textbox', { name: 'Name' }).fill('hook')
      await page.getByRole('textbox', { name: /^Secret/ }).fill('hunter2')
      await drawn(page, `targets-${name}`)
      await page.getByRole('button', { name: 'Put it into the vault' }).click()
      await page.getByRole('button', { name: 'Rotate… hook' }).waitFor()
      await page.getByRole('button', { name: 'Rotate… web-1-credential' }).click()
      await page.getByRole('textbox', { name: /^The new secret/ }).fill(secret)
      await page.getByRole('textbox', { name: 'Why' }).fill('a year old')
      await page.getByRole('button', { name: 'Try and propose it' }).click()
      await page.getByRole('heading', { name: 'Rotate the secret web-1-credential' }).waitFor()
      await page.getByText('web-1 does not answer').waitFor()
      await drawn(page, `proposal-secret-${name}`)
      expect(await page.content()).not.toContain(secret.split('\n')[2])
    },
  )

  it('are not there for who is no administrator', async () => {
    const page = await here.open('carol', '/policy', DESK)
    await page.getByText('Only administrators may do this.').waitFor()
    expect(await page.getByRole('link', { name: 'Targets' }).count()).toBe(0)
  })
})
