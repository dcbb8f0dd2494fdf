/** The page of a bundle in a real Chromium, opened from a disk: it replays, it checks, it asks nobody, and it finds a change. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { exported, newScene, type Scene, unzipped } from '../bundle/parts.ts'
import { startChromium } from './parts.ts'

const SHOTS = '.test/screenshots/bundle'
let scene: Scene
let browser: Browser
let folder: string

beforeAll(async () => {
  mkdirSync(SHOTS, { recursive: true })
  folder = mkdtempSync(join(tmpdir(), 'sallyport-page-'))
  scene = await newScene()
  for (const [name, content] of await unzipped(await exported(scene))) {
    if (name === 'index.html') writeFileSync(join(folder, name), content)
  }
  browser = await startChromium()
})
afterAll(async () => {
  await browser?.close()
  await scene?.close()
  rmSync(folder, { recursive: true, force: true })
})

async function open(file: string, colorScheme: 'light' | 'dark' = 'light') {
  const page = await (await browser.newContext({ viewport: { width: 1100, height: 900 }, colorScheme })).newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('request', (request) => {
    if (!/^(?:file|data|blob):/.test(request.url())) complaints.push(`asks ${request.url()}`)
  })
  await page.goto(pathToFileURL(file).href)
  return { page, complaints }
}

it('replays the recording, has the commands, and checks events, signature and chunks', async () => {
  const { page, complaints } = await open(join(folder, 'index.html'))
  await page.locator('.badge.good').waitFor()
  expect(await page.textContent('.badge')).toMatch(/as they were signed.*\d+ events lead to.*\d+ chunks/s)
  expect(await page.locator('.commands li').allTextContents()).toHaveLength(3)
  await page.getByRole('button', { name: /rm -rf \/srv\/old/ }).click()
  await expect.poll(() => page.locator('.ap-term').textContent()).toContain('line 5')
  await expect.poll(() => page.locator('.ap-term').textContent(), { timeout: 10_000 }).toContain('at last')
  await page.screenshot({ path: `${SHOTS}/light.png`, fullPage: true })
  expect(complaints).toEqual([])
  const dark = await open(join(folder, 'index.html'), 'dark')
  await dark.page.locator('.badge.good').waitFor()
  await dark.page.screenshot({ path: `${SHOTS}/dark.png`, fullPage: true })
})

it('says so where the recording in it was changed', async () => {
  const text = readFileSync(join(folder, 'index.html'), 'utf8')
  const start = text.indexOf('data-file="recording.cast">') + 'data-file="recording.cast">'.length
  const end = text.indexOf('</script>', start)
  const recording = Buffer.from(text.slice(start, end), 'base64').toString().replace('line 2', 'line 7')
  writeFileSync(
    join(folder, 'changed.html'),
    text.slice(0, start) + Buffer.from(recording).toString('base64') + text.slice(end),
  )
  const { page } = await open(join(folder, 'changed.html'))
  await page.locator('.badge.bad').waitFor()
  expect(await page.textContent('.badge')).toMatch(/NOT as it was signed.*Chunk \d+ of the recording/s)
})
