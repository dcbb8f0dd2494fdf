/**
 * Signed decisions with a real browser: Chromium's virtual authenticator (WebAuthn §11) makes bob's passkey and signs with
 * it, and the bastion is called localhost, because a passkey wants a name. The policy takes only signed approvals.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { auditHeadOf } from '../../src/approval/audit-head.ts'
import { relyingPartyOf, verifyReceipt } from '../../src/approval/receipt.ts'
import { verifyReceipts } from '../../src/approval/receipts-in-log.ts'
import type { HoldId } from '../../src/core/ids.ts'
import { DEFAULT_POLICY, startTestBastion, type TestBastion } from '../support/bastion.ts'
import type { TestTerminal } from '../support/terminal.ts'
import { barriers, startChromium } from './parts.ts'

const SHOTS = '.test/screenshots/passkeys'

const folder = mkdtempSync(join(tmpdir(), 'sallyport-passkeys-'))
let bastion: TestBastion
let browser: Browser
let terminal: TestTerminal
let page: Page
const complaints: string[] = []

beforeAll(async () => {
  mkdirSync(SHOTS, { recursive: true })
  const policyFile = join(folder, 'policy.yaml')
  const text = readFileSync(DEFAULT_POLICY, 'utf8')
  const signed = text.replace('        approvals: 1\n', '        approvals: 1\n        sign: passkey\n')
  expect(signed).not.toBe(text)
  writeFileSync(policyFile, signed)
  bastion = await startTestBastion({ webHost: 'localhost', policyFile })
  terminal = bastion.ssh('web-1', '-i', bastion.newKey('alice'))
  await bastion.signIn(terminal, await bastion.person('alice'))
  await terminal.shows('$ ')
  browser = await startChromium()
  page = await (await browser.newContext({ viewport: { width: 1100, height: 950 } })).newPage()
  page.on('console', (message) => {
    if (message.type() === 'error' && !/40[13]/.test(message.text())) complaints.push(message.text())
  })
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('WebAuthn.enable')
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      ...{ protocol: 'ctap2', transport: 'internal', hasResidentKey: true },
      ...{ hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
    },
  })
})

afterAll(async () => {
  terminal?.kill()
  await browser?.close()
  await bastion?.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Types a line whose first step is held, and resolves to the hold as bob's page shows it, with the question open. */
async function held(step: string, rest = ''): Promise<HoldId> {
  terminal.mark()
  terminal.type(`${step}${rest}\r`)
  const bob = await bastion.person('bob')
  await terminal.shows('held: ')
  const id = await bob.hold(step)
  await page.goto(`${bastion.web}/holds/${id}`)
  await page.getByRole('button', { name: /^Approve/ }).click()
  return id as HoldId
}

describe('signed decisions, seen in a browser', () => {
  it('no approval is taken while bob has no passkey, by the page or the API', async () => {
    await page.goto(`${bastion.web}/auth/start?return=/`)
    await page.fill('input[name=login]', 'bob')
    await page.fill('input[name=password]', 'demo')
    await page.click('button[type=submit]')
    await page.getByRole('heading', { level: 1 }).waitFor()
    const id = await held('touch /srv/data/one')
    await page.getByText('you have none here').waitFor()
    expect(await page.getByRole('button', { name: 'Approve this command' }).isDisabled()).toBe(true)
    await page.screenshot({ path: `${SHOTS}/1-none.png` })
    expect(await barriers(page)).toEqual([])
    const response = await (await bastion.person('bob')).decide(id, 'approve')
    expect([response.status, await response.text()]).toEqual([403, expect.stringContaining('signed with a passkey')])
    terminal.type('\x03')
    await terminal.shows('withdrawn')
  })

  it('bob adds one on his own page, and proves for it once more who he is', async () => {
    await page.goto(`${bastion.web}/me`)
    await page.getByText('Adding a passkey wants a sign-in that is at most 5 minutes old').waitFor()
    expect(await page.getByRole('button', { name: 'Add a passkey' }).count()).toBe(0)
    await page.getByRole('link', { name: 'Sign in again' }).click()
    await page.fill('input[name=login]', 'bob')
    await page.fill('input[name=password]', 'demo')
    await page.click('button[type=submit]')
    await page.getByLabel(/What you call it/).fill('laptop')
    await page.getByRole('button', { name: 'Add a passkey' }).click()
    await page.getByText('not used since').first().waitFor()
    await page.screenshot({ path: `${SHOTS}/2-me.png`, fullPage: true })
    expect(await barriers(page)).toEqual([])
    const [event] = await bastion.audit('passkey.registered')
    expect(event?.detail).toMatchObject({ label: 'laptop', site: 'localhost', publicKey: { kty: expect.any(String) } })
  })

  it('and approves with it: the command runs, and the receipt holds for whoever has the stored state', async () => {
    const id = await held('touch /srv/data/two', ' && echo made')
    await page.getByText('your passkey is asked for next').waitFor()
    const ran = terminal.until(() => /^made$/m.test(terminal.text()), 20_000)
    await page.getByRole('button', { name: 'Approve this command' }).click()
    expect(await ran).toBe(true)
    await page.getByText('signed with a passkey', { exact: true }).waitFor()
    await page.screenshot({ path: `${SHOTS}/3-signed.png`, fullPage: true })
    expect(await barriers(page)).toEqual([])

    const { store } = bastion.demo.bastion
    const hold = (await store.holds.find(id))!
    const decision = hold.decisions[0]!
    const receipt = decision.receipt!
    const passkey = (await store.passkeys.find(receipt.assertion.credential))!
    const { policy, auditHead, expiresAt, nonce } = receipt.statement as {
      policy: string
      auditHead: { size: number; hash: string }
      expiresAt: string
      nonce: string
    }
    const terms = { grant: undefined, policy, auditHead, nonce, expiresAt: new Date(expiresAt) }
    const claim = { hold, decision, terms, passkey, relyingParty: relyingPartyOf(new URL(bastion.web))! }
    expect(verifyReceipt(receipt, claim)).toEqual({ kind: 'holds' })
    const [newest] = await store.audit.list({ beforeSeq: auditHead.size + 1, limit: 1 })
    expect(auditHead).toEqual(auditHeadOf(newest))
    const [approved] = await bastion.audit('hold.approved')
    expect(approved?.detail.receipt).toEqual(receipt)
    const events = [...(await store.audit.list({ limit: 1000 }))].reverse()
    const after = async (seq: number) =>
      events.filter((event) => event.seq > seq).map((event) => ({ seq: event.seq, event }))
    expect(await verifyReceipts({ after })).toMatchObject({ signed: 1, findings: [], unproven: 0 })
    const other = { ...claim, hold: { ...hold, action: { ...hold.action, text: 'touch /srv/data/three' } } }
    expect(verifyReceipt(receipt, other).kind).toBe('refused')
    expect(passkey.lastUsedAt).toEqual(decision.at)
  })

  it('no page broke its content security policy or anything else', () => {
    expect(complaints).toEqual([])
  })
})
