/**
 * The main story with a real browser on both sides: Debian's Chromium signs alice in and lets her terminal go on, and is
 * bob's when he approves. Screenshots are kept under .test/screenshots, for a person to look at.
 */
import { mkdirSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { invitationIn, startTestBastion, type TestBastion } from '../support/bastion.ts'
import type { TestTerminal } from '../support/terminal.ts'
import { startChromium } from './parts.ts'

const SHOTS = '.test/screenshots/story'

let bastion: TestBastion
let browser: Browser
let terminal: TestTerminal
const complaints: string[] = []

beforeAll(async () => {
  mkdirSync(SHOTS, { recursive: true })
  bastion = await startTestBastion()
  browser = await startChromium()
})

afterAll(async () => {
  terminal?.kill()
  await browser?.close()
  await bastion?.close()
})

/** A window of its own, with its own cookies, as another person's computer has. */
async function newPage(scheme: 'light' | 'dark' = 'light'): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1100, height: 950 }, colorScheme: scheme })
  const page = await context.newPage()
  page.on('console', (message) => {
    // 401 is how a page learns that nobody is signed in yet.
    if (message.type() === 'error' && !message.text().includes('401')) complaints.push(message.text())
  })
  return page
}

async function fillIn(page: Page, person: string): Promise<void> {
  await page.fill('input[name=login]', person)
  await page.fill('input[name=password]', 'demo')
  await page.click('button[type=submit]')
}

describe('the story, seen in browsers', () => {
  it('alice signs in, confirms the code, picks the words; her terminal goes on', async () => {
    terminal = bastion.ssh('web-1', '-i', bastion.newKey('alice'))
    await terminal.shows('goes on by itself')
    const { link, words } = invitationIn(terminal.text())
    const page = await newPage()
    await page.goto(link)
    await fillIn(page, 'alice')
    const confirm = page.locator('a:has-text("Confirm the code")')
    await confirm.waitFor()
    await page.screenshot({ path: `${SHOTS}/1-who-asks.png` })
    expect(await page.textContent('main')).toContain('web-1')
    const [provider] = await Promise.all([page.context().waitForEvent('page'), confirm.click()])
    await provider.click('button[name=confirm]')
    const choice = page.getByRole('button', { name: words })
    await choice.waitFor()
    await page.screenshot({ path: `${SHOTS}/2-pick-the-words.png` })
    await choice.click()
    await terminal.shows('alice · deploy@web-1 · recorded')
    await page.getByText('Your terminal goes on').waitFor()
    await terminal.shows('$ ')
  })

  it('bob sees the hold appear without reloading, and approves it', async () => {
    const page = await newPage()
    await page.goto(`${bastion.web}/auth/start?return=/`)
    await fillIn(page, 'bob')
    await page.getByRole('heading', { level: 1 }).waitFor()
    terminal.mark()
    terminal.type('cd /srv && rm -rf /srv/data/old && echo gone\r')
    const row = page.getByText('rm -rf /srv/data/old').first()
    await row.waitFor()
    await page.screenshot({ path: `${SHOTS}/3-inbox.png` })
    await row.click()
    await page.getByText('stepped').first().waitFor()
    const text = (await page.textContent('main')) ?? ''
    for (const part of [
      'rm -rf /srv/data/old',
      'destroy',
      'deploy@web-1',
      'alice',
      'ask before change',
      '$ cd /srv && rm',
    ])
      expect(text).toContain(part)
    await page.screenshot({ path: `${SHOTS}/4-hold.png`, fullPage: true })
    await page.getByRole('button', { name: /^Approve/ }).click()
    const ran = terminal.until(() => /^gone$/m.test(terminal.text()), 20_000)
    await page.getByRole('button', { name: 'Approve this command' }).click()
    expect(await ran).toBe(true)
    await page.getByText('done, exit status 0').waitFor()
    await page.screenshot({ path: `${SHOTS}/5-done.png`, fullPage: true })
  })

  it('alice sees her own request, and no button to decide it', async () => {
    const page = await newPage()
    await page.goto(`${bastion.web}/auth/start?return=/`)
    await fillIn(page, 'alice')
    await page.getByRole('heading', { level: 1 }).waitFor()
    terminal.mark()
    terminal.type('touch /srv/data/new\r')
    const row = page.getByText('touch /srv/data/new').first()
    await row.waitFor()
    await row.click()
    await page.getByText('somebody else').first().waitFor()
    expect(await page.getByRole('button', { name: /^Approve/ }).count()).toBe(0)
    await page.screenshot({ path: `${SHOTS}/6-own-request.png`, fullPage: true })
    terminal.type('\x03')
    await terminal.shows('withdrawn')
    terminal.type('exit\r')
    await terminal.exited
  })

  it('carol plays the recording, with its markers', async () => {
    const page = await newPage('dark')
    await page.goto(`${bastion.web}/auth/start?return=/sessions`)
    await fillIn(page, 'carol')
    await page.getByText('deploy@web-1').first().click()
    await page.locator('.ap-player').waitFor()
    await page.getByText('approved by bob: rm -rf').last().click()
    await page.locator('.ap-player', { hasText: 'rm -rf /srv/data/old && echo gone' }).waitFor()
    await page.screenshot({ path: `${SHOTS}/7-recording.png`, fullPage: true })
  })

  it('no page broke its content security policy or anything else', () => {
    expect(complaints).toEqual([])
  })
})
