/** The recording's page in a real Chromium: seeking, moments in addresses, search, integrity, and watching live. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import type { SessionRecord } from '../../src/core/session.ts'
import { parseCast } from '../../src/recording/asciicast-reader.ts'
import { Onlookers } from '../../src/session/onlookers.ts'
import { ReplayScreen } from '../../src/terminal/replay-screen.ts'
import { Screen } from '../../src/terminal/screen.ts'
import { EXAMPLE_CAST } from '../web/example-cast.ts'
import { PEOPLE } from '../web/world.ts'
import { pagesUnderTest } from './pages-under-test.ts'
import { barriers, LOOKS, picture } from './parts.ts'

const here = pagesUnderTest()
/** The player is large, and the machine may be busy. */
const PATIENT = { timeout: 15_000 }

async function endedSession(cast: string): Promise<SessionRecord> {
  const startedAt = new Date(Date.now() - 400_000)
  const endedAt = new Date(Date.now() - 310_000)
  const session = await here.world.openSession(PEOPLE.alice, { startedAt, endedAt, exitStatus: 0 })
  await here.world.record(session, cast)
  return session
}

/** A session of many segments: a log that scrolls, a full-screen program, pauses. */
function longCast(lines: number): string {
  const cast: unknown[] = [{ version: 3, term: { cols: 80, rows: 18 }, timestamp: 1_764_020_000 }]
  for (let n = 0; n < lines; n++) {
    if (n % 1_000 === 500) cast.push([4, 'o', `\u001b[?1049h\u001b[H\u001b[44m menu ${n} \u001b[0m\u001b[5;3Hchoose`])
    if (n % 1_000 === 600) cast.push([1, 'o', '\u001b[?1049l'])
    if (n % 1_000 === 700) cast.push([0.1, 'm', `mark ${n}`])
    const isMenu = n % 1_000 >= 500 && n % 1_000 < 600
    const text = isMenu
      ? `\u001b[${(n % 10) + 6};4H\u001b[3${n % 8}mrow ${n}\u001b[0m`
      : `\u001b[3${n % 8}mNov 28\u001b[0m web-1 app[${n}]: ${'request '.repeat(n % 8)}\r\n`
    cast.push([n % 997 === 0 ? 45 : 0.05, 'o', text])
  }
  return `${cast.map((line) => JSON.stringify(line)).join('\n')}\n`
}

/** What stands on the screen at that time, by the terminal model alone. */
async function truthAt(cast: string, seconds: number): Promise<string> {
  const { header, events } = await parseCast(cast)
  const screen = new ReplayScreen(header.cols, header.rows)
  for (const event of events) {
    if (event.seconds > seconds) break
    if (event.kind === 'output') screen.write(event.text)
  }
  return screen.rows().join('\n').trimEnd()
}

async function shown(page: Page): Promise<string> {
  const lines = await page.locator('.ap-line').allTextContents()
  return lines
    .map((line) => line.trimEnd())
    .join('\n')
    .trimEnd()
}

/** Eight hours in which something is printed all the time; with what stands on the screen at some moments. */
async function recordLong(session: SessionRecord) {
  const blobs = here.world.blobs
  const name = `${session.id}.long`
  const writer = await blobs.create(name)
  const screen = new ReplayScreen(120, 40)
  const truth: [number, string][] = []
  const asked = [1_234, 9_876, 20_000, 28_000]
  let bytes = 0
  const append = async (lines: readonly unknown[]) => {
    const piece = Buffer.from(`${lines.map((line) => JSON.stringify(line)).join('\n')}\n`)
    bytes += piece.length
    await writer.append(piece)
  }
  await append([{ version: 3, term: { cols: 120, rows: 40 }, timestamp: 1_764_020_000 }])
  // Once a second for eight hours, 7 kB each.
  for (let n = 0; n < 28_800; n++) {
    const text = Array.from(
      { length: 60 },
      (_, line) =>
        `\u001b[3${line % 8}mNov 28 web-${n % 7}\u001b[0m ${n}.${line} ${'request '.repeat((n + line) % 12)}\r\n`,
    )
    screen.write(text.join(''))
    await append([[1, 'o', text.join('')]])
    if (asked[0] === n + 1) truth.push([asked.shift() ?? 0, screen.rows().join('\n').trimEnd()])
  }
  await append([[1, 'o', 'the end']])
  await writer.close()
  renameSync(join(dirname(here.world.recordingFile(session)), name), here.world.recordingFile(session))
  return { truth, megabytes: Math.round(bytes / 1_000_000) }
}

describe('a recording’s page', () => {
  it('shows after each seek what a terminal shows that was there from the beginning', async () => {
    const cast = longCast(9_000)
    const session = await endedSession(cast)
    await here.world.prepare(session)
    const page = await here.open('carol', `/sessions/${session.id}`)
    const fetched: string[] = []
    page.on('request', (request) => fetched.push(new URL(request.url()).pathname))
    for (const seconds of [120.5, 30, 790.2, 402.75, 5]) {
      await page.evaluate(`location.hash = '#t=${seconds}'`)
      const truth = await truthAt(cast, seconds)
      await expect.poll(() => shown(page), PATIENT).toBe(truth)
    }
    // Only what is near those moments was fetched.
    const segments = new Set(fetched.filter((path) => /\/replay\/\d+$/.test(path)))
    expect(segments.size).toBeGreaterThan(2)
    expect(fetched.filter((path) => path.endsWith('/cast')).length).toBeLessThanOrEqual(1)
    expect(here.complaints).toEqual([])
  })

  it.each(Object.entries(LOOKS))('has its commands, search and integrity (%s)', async (name, look) => {
    const session = await endedSession(EXAMPLE_CAST)
    const { hold } = await here.world.hold(session)
    await here.world.desk.decide(hold.id, PEOPLE.bob, { kind: 'approve', reason: 'space' })
    await here.world.seal(session, EXAMPLE_CAST)
    await here.world.prepare(session)
    const page = await here.open('carol', `/sessions/${session.id}#t=1.2`, look)
    await expect.poll(() => shown(page), PATIENT).toContain('orders.csv')
    expect(await shown(page)).not.toContain('Filesystem')
    await page.getByText('checked here').waitFor()
    await page.getByRole('link', { name: /held: approved by Bob Bell/ }).waitFor()
    await page.getByRole('searchbox').fill('mounted on')
    await page.getByRole('button', { name: 'Search' }).click()
    await page.getByText('1 place in 1 recording').waitFor()
    await page.getByRole('list', { name: 'Found' }).getByRole('link').click()
    await expect.poll(() => shown(page), PATIENT).toContain('Filesystem')
    expect(new URL(page.url()).hash).toBe('#t=78.54')
    await picture(page, `recording-${name}`)
    await page.screenshot({
      path: join(import.meta.dirname, `../../.test/screenshots/recording-${name}-whole.png`),
      fullPage: true,
    })
    expect(await barriers(page)).toEqual([])
    expect(here.complaints).toEqual([])
  })

  it.runIf(process.env.SALLYPORT_LONG === '1')(
    'opens within a second where it is eight hours and 200 MB long, and seeks within another',
    { timeout: 900_000 },
    async () => {
      const session = await endedSession('')
      const { truth, megabytes } = await recordLong(session)
      const begun = performance.now()
      await here.world.prepare(session)
      console.info(`${megabytes} MB were prepared in ${Math.round(performance.now() - begun)} ms`)
      const page = await here.open('carol', '/sessions')
      const opening = performance.now()
      await page.goto(`${here.address}/sessions/${session.id}`, { waitUntil: 'commit' })
      await expect.poll(() => shown(page), { ...PATIENT, interval: 10 }).toContain('the end')
      const opened = Math.round(performance.now() - opening)
      for (const [seconds, text] of truth) {
        const seeking = performance.now()
        await page.evaluate(`location.hash = '#t=${seconds}'`)
        await expect.poll(() => shown(page), { ...PATIENT, interval: 10 }).toBe(text)
        console.info(`seek to ${seconds} s: ${Math.round(performance.now() - seeking)} ms`)
      }
      console.info(`opened in ${opened} ms`)
      expect(opened).toBeLessThan(1_000)
      expect(here.complaints).toEqual([])
    },
  )

  it('says at which chunk a recording was changed', async () => {
    const session = await endedSession(EXAMPLE_CAST)
    await here.world.seal(session, EXAMPLE_CAST)
    const file = here.world.recordingFile(session)
    writeFileSync(file, readFileSync(file, 'utf8').replace('80G', '90G'))
    const page = await here.open('carol', `/sessions/${session.id}`)
    await page.getByText('does not match at chunk 2').waitFor()
    await picture(page, 'recording-changed')
    expect(here.complaints).toEqual([])
  })

  it('is found by what was on its screen, at that moment', async () => {
    const session = await endedSession(EXAMPLE_CAST)
    await here.world.prepare(session)
    const page = await here.open('alice', '/sessions')
    await page.getByRole('searchbox').fill('dev vda3')
    await page.keyboard.press('Enter')
    await page.getByText('1 place in 1 recording').waitFor()
    await picture(page, 'recordings-found')
    expect(await barriers(page)).toEqual([])
    await page.getByRole('link', { name: /vda3/ }).click()
    await page.waitForURL(`**/sessions/${session.id}#t=78.54`)
    await expect.poll(() => shown(page), PATIENT).toContain('/dev/vda3')
    expect(here.complaints).toEqual([])
  })
})

describe('a live session’s page', () => {
  it('begins with the screen as it is, goes on, and tells of the end', async () => {
    const screen = new Screen({ cols: 60, rows: 10 })
    const onlookers = new Onlookers(screen)
    const show = async (text: string) => {
      const bytes = Buffer.from(text)
      const noticeStored = onlookers.noticeFed(bytes)
      await screen.feed(bytes)
      noticeStored()
    }
    await show('\u001b[2J\u001b[Hbefore you came\r\n\u001b[1mdeploy@web-1\u001b[0m$ ')
    const session = await here.world.openSession(PEOPLE.alice, {
      watch: (watcher) => onlookers.add(watcher, async () => {}),
    })
    const page = await here.open('carol', `/sessions/${session.id}`)
    await expect.poll(() => shown(page), PATIENT).toBe('before you came\ndeploy@web-1$')
    await show('uptime\r\n')
    await expect.poll(() => shown(page), PATIENT).toBe('before you came\ndeploy@web-1$ uptime')
    await picture(page, 'session-watched')
    expect(await barriers(page)).toEqual([])
    const views = await here.world.events('recording.viewed')
    expect(views.map(({ detail }) => detail.way)).toContain('live')
    screen.resize({ cols: 40, rows: 8 })
    onlookers.noticeResized(async () => {})
    await show('narrow')
    await expect.poll(() => shown(page), PATIENT).toContain('narrow')
    onlookers.end()
    expect(here.complaints).toEqual([])
    screen.dispose()
  })

  it('shows its last lines on the page of what it has asked for', async () => {
    const session = await here.world.openSession(PEOPLE.alice, { screen: ['deploy@web-1$ rm -rf /srv/data/old'] })
    const { hold } = await here.world.hold(session, { screen: ['as it was'] })
    const page = await here.open('bob', `/holds/${hold.id}`)
    await page.getByRole('heading', { name: 'The screen now' }).waitFor()
    await page.getByLabel("The session's last lines").getByText('deploy@web-1$ rm -rf /srv/data/old').waitFor()
    expect(await barriers(page)).toEqual([])
    await picture(page, 'hold-screen-live')
    expect(here.complaints).toEqual([])
  })
})
