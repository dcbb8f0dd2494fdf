import { describe, expect, it } from 'vitest'
import { systemClock } from '../../src/core/clock.ts'
import { GLASS, PEOPLE } from '../web/world.ts'
import { pagesUnderTest } from './pages-under-test.ts'
import { barriers, LOOKS, PHONE, picture } from './parts.ts'

const here = pagesUnderTest()

async function held() {
  const session = await here.world.openSession(PEOPLE.alice)
  return here.world.hold(session, { text: 'rm -rf /srv/data/old', quorum: { glass: GLASS } })
}
const brokenBy = (who: 'alice' | 'dave', reason: string) =>
  here.world.openSession(PEOPLE[who]).then(async (session) => {
    const { hold } = await here.world.hold(session, { text: `systemctl restart ${who}`, quorum: { glass: GLASS } })
    const authentication = { authTime: systemClock.now(), acr: undefined }
    await here.world.desk.glass.break(hold.id, PEOPLE[who], { reason, authentication })
    return hold.id
  })

describe('the glass', () => {
  it('is broken on its requester’s page after a fresh sign-in, with what was typed kept over it', async () => {
    const waiting = await held()
    await waiting.explain('the disk is full')
    here.world.provider.isStale = true
    const page = await here.open('alice', `/holds/${waiting.hold.id}`, PHONE)
    await page.getByRole('button', { name: 'Break the glass…' }).click()
    const why = page.getByRole('textbox', { name: 'Why it cannot wait' })
    // What she said in the terminal stands there.
    expect(await why.inputValue()).toBe('the disk is full')
    await why.fill('the disk is full, and pages fail')
    expect(await page.getByRole('button', { name: 'Run it now' }).isDisabled()).toBe(true)
    await picture(page, 'glass-phone')
    expect(await barriers(page)).toEqual([])
    here.world.provider.isStale = false
    await page.getByRole('link', { name: 'Sign in again' }).click()
    await page.waitForSelector('.live-live')
    expect(here.world.provider.fresh).toEqual({ acr: [] })
    expect(await why.inputValue()).toBe('the disk is full, and pages fail')
    await page.getByRole('button', { name: 'Run it now' }).click()
    await page.getByText('The glass was broken by Alice Ames').waitFor()
    expect(await waiting.outcome).toMatchObject({ kind: 'cleared' })
    await page.getByText('glass broken', { exact: true }).waitFor()
    await page.getByText('You broke the glass yourself').waitFor()
    expect((await here.world.desk.debts.find(waiting.hold.id)).reason).toBe('the disk is full, and pages fail')
    expect(here.complaints).toEqual([])
  })

  it.runIf(process.env.SALLYPORT_LONG).each(Object.entries(LOOKS))(
    'stands in the inbox until somebody looked at it (%s)',
    async (name, look) => {
      await brokenBy('alice', 'the disk is full \u202e and a name')
      await brokenBy('dave', 'nobody answered')
      const page = await here.open('bob', '/', look)
      await page.getByRole('heading', { name: /Broken glass/ }).waitFor()
      await page.getByText('because: nobody answered').waitFor()
      await picture(page, `inbox-glass-${name}`)
      expect(await barriers(page)).toEqual([])
      expect(here.complaints).toEqual([])
    },
  )

  it('is looked at by somebody else, who says what they found', async () => {
    const page = await here.open('bob', '/')
    const id = await brokenBy('alice', 'the disk is full')
    // Without a reload.
    await page.getByRole('link', { name: 'systemctl restart alice' }).first().click()
    const found = page.getByRole('textbox', { name: 'What you found' })
    await found.fill('I would have done the same')
    await picture(page, 'review-light')
    expect(await barriers(page)).toEqual([])
    await page.getByRole('button', { name: 'Close the review' }).click()
    await page.getByText('Looked at by Bob Bell').waitFor()
    expect((await here.world.desk.debts.find(id)).closed).toMatchObject({ word: 'I would have done the same' })
    expect(here.complaints).toEqual([])
  })

  it('is not needed where a reviewer asks first, signs in again as the rule wants, and decides', async () => {
    const session = await here.world.openSession(PEOPLE.alice)
    const waiting = await here.world.hold(session, {
      quorum: { glass: GLASS, stepUp: { maxAgeMs: 300_000, acr: ['mfa'] } },
    })
    const { hold } = waiting
    const page = await here.open('bob', `/holds/${hold.id}`)
    // A question first, and its answer as it comes.
    await page.getByRole('textbox', { name: 'Ask Alice Ames' }).fill('which ticket?')
    await page.getByRole('button', { name: 'Ask', exact: true }).click()
    await page.getByText('Bob Bell asks: which ticket?').waitFor()
    await waiting.explain('4711')
    await page.getByText('Alice Ames says: 4711').waitFor()
    expect(await barriers(page)).toEqual([])
    await page.getByRole('button', { name: /Approve/ }).click()
    // Hers alone, where her rule has one.
    expect(await page.getByRole('button', { name: 'Break the glass…' }).count()).toBe(0)
    await page.getByRole('textbox', { name: /Reason/ }).fill('ticket 4711')
    await picture(page, 'step-up-light')
    here.world.provider.acr = 'mfa'
    await page.getByRole('link', { name: 'Sign in again' }).click()
    await page.waitForSelector('.live-live')
    expect(here.world.provider.fresh).toEqual({ acr: ['mfa'] })
    await page.getByRole('button', { name: 'Approve this command' }).click()
    await page.getByText('Approved by Bob Bell').waitFor()
    expect((await here.world.desk.find(hold.id)).decisions[0]?.reason).toBe('ticket 4711')
    expect(here.complaints).toEqual([])
  })

  it('and all decisions are counted for auditors, on a page of its own', async () => {
    for (const [asker, reviewer] of [
      ['bob', 'erin'],
      ['erin', 'bob'],
    ] as const)
      for (let at = 0; at < 3; at += 1) {
        const { hold } = await here.world.hold(await here.world.openSession(PEOPLE[asker]))
        await here.world.desk.decide(hold.id, PEOPLE[reviewer], { kind: 'approve', reason: '' })
      }
    await brokenBy('alice', 'the disk is full')
    const page = await here.open('carol', '/')
    await page.getByRole('link', { name: 'Review' }).click()
    await page.getByText(/6 approvals for each other/).waitFor()
    expect(await page.getByText('100 %').count()).toBe(3)
    await page.getByRole('button', { name: '7 days' }).click()
    await page.getByRole('button', { name: '7 days', pressed: true }).waitFor()
    await page.getByText(/6 approvals for each other/).waitFor()
    await picture(page, 'quality-light')
    expect(await barriers(page)).toEqual([])
    expect(here.complaints).toEqual([])
  })
})
