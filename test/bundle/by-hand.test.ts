/** VERIFY.md's own lines, by the tools that it names: what it promises works without a line of ours. */
import { spawnSync } from 'node:child_process'
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { VERIFY_TEXT } from '../../src/bundle/verify-text.ts'
import { exported, newScene, unzipped } from './parts.ts'

const folder = mkdtempSync(join(tmpdir(), 'sallyport-bundle-'))
const script = VERIFY_TEXT.slice(VERIFY_TEXT.indexOf('# 1.') - 4, VERIFY_TEXT.indexOf('What the files are'))
  .split('\n')
  .map((line) => line.replace(/^ {4}/, ''))
  .join('\n')

beforeAll(async () => {
  const scene = await newScene({ lines: 3 })
  for (const [name, content] of await unzipped(await exported(scene))) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
  await scene.close()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const byHand = () => spawnSync('/bin/sh', ['-e', '-c', script], { cwd: folder, encoding: 'utf8' })

describe('VERIFY.md', () => {
  it('finds all good by openssl and sha256sum, and what was changed', () => {
    const good = byHand()
    expect(good.stdout + good.stderr).toContain('Signature Verified Successfully')
    expect(good.stdout).toContain('manifest OK')
    expect(good.stdout).toContain('index.html: OK')
    expect(good.stdout.match(/: OK$/gm)?.length).toBeGreaterThan(14)
    expect(good.status).toBe(0)
    appendFileSync(join(folder, 'index.html'), ' ')
    const bad = byHand()
    expect(bad.stdout).toContain('index.html: FAILED')
    expect(bad.status).not.toBe(0)
  })
})
