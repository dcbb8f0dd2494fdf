/**
 * The closing order of a channel: all output, then the exit status, then EOF and close (RFC 4254 §5.3, §6.10). Naive
 * piping loses the last bytes of a few transfers in a thousand, so this makes many, and counts every byte.
 */
import { createHash } from 'node:crypto'
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestBastion, type TestBastion } from '../support/bastion.ts'

/** All two hundred with SALLYPORT_LONG=1; they take minutes on two cores. */
const TRANSFERS = process.env.SALLYPORT_LONG === '1' ? 200 : 12
const BYTES = 20_000_000
const AT_ONCE = 4

let bastion: TestBastion
let key: string

beforeAll(async () => {
  bastion = await startTestBastion()
  key = await bastion.boundKey('alice')
})

afterAll(() => bastion?.close())

/** What `yes | head -c BYTES` writes. */
const EXPECTED = Buffer.alloc(BYTES, '0123456789abcdef\n')
const DIGEST = createHash('sha256').update(EXPECTED).digest('hex')

describe('the end of a channel', () => {
  it(`comes after the last of ${BYTES} bytes, ${TRANSFERS} times out of ${TRANSFERS}, with its exit status`, async () => {
    const results: string[] = []
    const worker = async (numbers: Iterator<number>) => {
      for (let next = numbers.next(); next.done !== true; next = numbers.next()) {
        const status = next.value % 200
        const {
          status: seen,
          stdout,
          stderr,
        } = await bastion.run('web-2', `yes 0123456789abcdef | head -c ${BYTES}; exit ${status}`, { key })
        const digest = createHash('sha256').update(stdout).digest('hex')
        results.push(
          seen === status && digest === DIGEST
            ? 'whole'
            : `transfer ${next.value}: ${stdout.length} bytes, status ${seen}, ${stderr}`,
        )
        dropRecordings()
      }
    }
    const numbers = Array.from({ length: TRANSFERS }, (_, index) => index).values()
    await Promise.all(Array.from({ length: AT_ONCE }, () => worker(numbers)))
    expect(results.filter((result) => result !== 'whole')).toEqual([])
    expect(results).toHaveLength(TRANSFERS)
  }, 900_000)

  it('passes input on to its last byte as well', async () => {
    const input = Buffer.alloc(5_000_000, 'input')
    const { status, stdout } = await bastion.run('web-2', 'sha256sum', { key, input })
    expect(status).toBe(0)
    expect(stdout.toString()).toContain(createHash('sha256').update(input).digest('hex'))
  })

  it('keeps stdout and stderr apart, each whole', async () => {
    const { status, stdout, stderr } = await bastion.run(
      'web-2',
      'yes out | head -c 3000000; yes err | head -c 3000000 >&2; exit 5',
      { key },
    )
    expect(status).toBe(5)
    expect(stdout.length).toBe(3_000_000)
    expect(stderr.length).toBe(3_000_000)
  })

  it('tells a signal as a signal', async () => {
    // Killing is held, so bob has to say yes first.
    const bob = await bastion.person('bob')
    const approve = () => void bob.hold('kill -TERM').then((id) => bob.decide(id, 'approve', 'go'))
    const { status, stdout } = await bastion.run('web-2', 'echo before; kill -TERM $$', {
      key,
      onStderr: ['request', approve],
    })
    expect(status).toBe(255)
    expect(stdout.toString()).toBe('before\n')
  })
})

/** Four gigabytes of recordings would fill a small disk; what is finished has been counted. */
function dropRecordings(): void {
  const folder = join(bastion.folder, 'recordings')
  const files = readdirSync(folder)
  for (const file of files.slice(0, Math.max(0, files.length - 3 * AT_ONCE)))
    rmSync(join(folder, file), { force: true })
}
