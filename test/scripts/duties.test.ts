/**
 * What a rule lays on the sessions it opens, as people meet it: what is masked is seen by nobody (the person, the reviewer,
 * the auditor), a read-only session changes nothing, a bulk output is recorded as its digest, and a session that is
 * open feels a change of the policy.
 */
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Person, startTestBastion, type TestBastion } from '../support/bastion.ts'
import type { TestTerminal } from '../support/terminal.ts'

const MASKS = '[{ name: card-number, keep: 4 }, { name: ticket, pattern: "T-\\\\d{6}" }]'
const policy = (web1: string) => `
version: 1
roles:
  engineer: { groups: [engineering] }
  sre: { groups: [sre] }
  auditor: { groups: [compliance] }
permissions: { recordings: [auditor], audit: [auditor] }
rules:
  - name: bulk
    who: [engineer]
    when: { kind: [exec], interactive: false, commands: { only: [seq] }, effects: { only: [read] } }
    then: allow
    session: { record: digest }
  - name: look at staging
    who: [engineer]
    on: { labels: { env: staging } }
    when: { kind: [shell, exec] }
    then: allow
    session: { read-only: true }
  - name: open a shell
    who: [engineer]
    when: { kind: [shell] }
    then: allow
    session: { ${web1} }
  - name: reading and writing
    who: [engineer]
    when: { effects: { only: [read, write] } }
    then: allow
  - name: a second person for the rest
    who: [engineer]
    then: { hold: { reviewers: [sre] } }
`

/** A card number in colours, as a log viewer that highlights its hits prints it. */
const FILE = '/srv/data/cards'
const LINE = 'paid by 4111 \x1b[31m1111\x1b[0m 11\x1b[1m11 9\x1b[0m876 for T-123456, order 77\n'
const READABLE = 'paid by •••••••••••••••9876 for ••••••••, order 77'

let bastion: TestBastion
let folder: string
let policyFile: string
let bob: Person
let carol: Person
let key: string
let terminal: TestTerminal

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-duties-'))
  policyFile = join(folder, 'policy.yaml')
  writeFileSync(policyFile, policy(`mask: ${MASKS}`))
  bastion = await startTestBastion({ policyFile })
  ;[bob, carol] = await Promise.all([bastion.person('bob'), bastion.person('carol')])
  key = await bastion.boundKey('alice')
  const put = await bastion.run('web-1', `cat >> ${FILE}`, { key, input: Buffer.from(LINE) })
  expect(put).toMatchObject({ status: 0, stderr: '' })
  terminal = bastion.ssh('web-1', '-i', key)
  await terminal.shows('$ ')
})

afterAll(async () => {
  terminal?.kill()
  await bastion?.close()
  rmSync(folder, { recursive: true, force: true })
})

interface Session {
  readonly id: string
  readonly kind: string
  readonly target: string
}

/** The recording of the youngest session that fits. */
async function recordingOf(fits: (session: Session) => boolean) {
  const { sessions } = await carol.json<{ sessions: readonly Session[] }>('sessions')
  const { id } = sessions.find(fits)!
  const cast = await (await carol.api(`recordings/${id}/cast`)).text()
  const events = cast
    .trim()
    .split('\n')
    .slice(1)
    .filter((line) => !line.startsWith('#'))
    .map((line) => JSON.parse(line) as [number, string, string])
  const of = (code: string) => events.filter((event) => event[1] === code).map(([, , data]) => data)
  return { id, cast, shown: of('o').join(''), markers: of('m') }
}

describe('masks', () => {
  it('hide it from the person, colours and layout as they were', async () => {
    terminal.mark()
    terminal.type(`cat ${FILE}\r`)
    await terminal.shows(READABLE)
    expect(terminal.raw()).toContain('paid by •••••\x1b[31m••••\x1b[0m•••\x1b[1m•••9\x1b[0m876 for ••••••••, order 77')
  })

  it('hide it from the reviewer, whose page shows that screen', async () => {
    terminal.mark()
    terminal.type(`rm ${FILE}\r`)
    await terminal.shows(`■ held: rm ${FILE}`)
    const page = JSON.stringify(await bob.json(`holds/${await bob.hold(`rm ${FILE}`)}`))
    expect(page).toContain(READABLE)
    expect(page).not.toMatch(/4111|1111|123456/)
    terminal.type('\x03')
    await terminal.shows('withdrawn')
    await terminal.shows('$ ')
  })

  it('leave echo and prompt as they are', async () => {
    terminal.mark()
    terminal.type('echo 1')
    await terminal.shows('echo 1')
    terminal.type('2\r')
    await terminal.shows('\n12\n')
    await terminal.shows('$ ')
  })
})

describe('a change of the policy', () => {
  it('is felt by a session that is open: what it could write before, it cannot write under read-only', async () => {
    terminal.mark()
    terminal.type('touch /srv/data/before; ls /srv/data\r')
    await terminal.shows(/\nbefore\b/)
    terminal.mark()
    terminal.type('rm /srv/data/before\r')
    await terminal.shows('■ held: rm /srv/data/before')
    const hold = await bob.hold('rm /srv/data/before')
    writeFileSync(policyFile, policy(`read-only: true, mask: ${MASKS}`))
    expect(await bastion.demo.bastion.reloadPolicy()).toBe(true)
    await terminal.shows('✗ not run: withdrawn')
    expect((await bob.decide(hold, 'approve', 'too late')).status).toBe(409)
    await terminal.shows('$ ')
    terminal.mark()
    terminal.type('touch /srv/data/after\r')
    await terminal.shows('this session is read-only, and what this does is write')
    await terminal.shows('$ ')
    terminal.mark()
    terminal.type(`ls /srv/data && cat ${FILE}\r`)
    await terminal.shows(READABLE)
    expect(terminal.text()).not.toContain('\nafter')
  })

  it('with a key that nobody knows is refused whole: the duties that were in force stay', async () => {
    writeFileSync(policyFile, policy('readonly: false'))
    expect(await bastion.demo.bastion.reloadPolicy()).toBe(false)
    terminal.mark()
    terminal.type('touch /srv/data/after\r')
    await terminal.shows('this session is read-only')
    await terminal.shows('$ ')
    expect((await bastion.audit('policy.refused'))[0]?.detail).toMatchObject({
      why: expect.stringContaining('readonly'),
    })
  })

  it('that takes away what opened a session ends it, with the reason', async () => {
    const other = bastion.ssh('web-2', '-i', key)
    await other.shows('$ ')
    const without = policy('read-only: true').replace(
      /then: allow\n {4}session: \{ read-only: true \}/,
      'then: { deny: no }',
    )
    expect(without).toContain('deny: no')
    writeFileSync(policyFile, without)
    expect(await bastion.demo.bastion.reloadPolicy()).toBe(true)
    await other.shows('The policy changed, and it does not let you open this now. Connect again.')
    await other.exited
    writeFileSync(policyFile, policy(`mask: ${MASKS}`))
    expect(await bastion.demo.bastion.reloadPolicy()).toBe(true)
  })
})

describe('the recording', () => {
  it('has what the person saw and no more, says what was masked, and the audit log how often', async () => {
    terminal.mark()
    terminal.type('exit\r')
    await terminal.exited
    const { id, cast, shown, markers } = await recordingOf(({ kind, target }) => kind === 'shell' && target === 'web-1')
    expect(shown).toContain('paid by •••••\x1b[31m••••\x1b[0m•••\x1b[1m•••9\x1b[0m876')
    expect(cast).not.toMatch(/4111|1111|123456/)
    expect(markers).toContain('masked card-number ×1, ticket ×1')
    const [masked] = await bastion.audit('output.masked')
    expect(masked).toMatchObject({ session: id, detail: { masks: { 'card-number': 2, ticket: 2 } } })
  })

  it('of a bulk command has size and digest of what was shown, and nothing of its text', async () => {
    const result = await bastion.run('web-1', 'seq 1000000 1080000', { key })
    expect(result.status).toBe(0)
    expect(result.stdout.length).toBe(80_001 * 8)
    const { cast, markers } = await recordingOf(({ kind }) => kind === 'exec')
    expect(markers).toContain('from here on only size and digest of the output are recorded')
    const digest = createHash('sha256').update(result.stdout).digest('hex')
    expect(markers).toContain(`output: ${result.stdout.length} bytes, SHA-256 ${digest}`)
    expect(cast).not.toMatch(/1000001|1040000/)
  })
})

describe('a read-only session', () => {
  it('refuses what writes with a sentence, and runs what reads', async () => {
    const shell = bastion.ssh('web-2', '-i', key)
    await shell.shows('$ ')
    shell.mark()
    shell.type('touch /srv/data/flag\r')
    await shell.shows(
      '✗ not run: this session is read-only, and what this does is write. Open a session that may change things.',
    )
    await shell.shows('$ ')
    shell.mark()
    shell.type('ls -d /srv/data\r')
    await shell.shows('\n/srv/data\n')
    shell.mark()
    shell.type('ls /srv/data; echo looked\r')
    await shell.shows('\nlooked')
    expect(shell.text()).not.toMatch(/^flag/m)
    shell.type('exit\r')
    await shell.exited
  })

  it('is what a command opens, too', async () => {
    const touched = await bastion.run('web-2', 'touch /srv/data/flag', { key })
    expect(touched.status).toBe(77)
    expect(touched.stderr).toContain('this session is read-only')
    expect(await bastion.run('web-2', 'ls -d /srv/data', { key })).toMatchObject({ status: 0, stderr: '' })
  })
})
