/**
 * What goes wrong, and what people are told: one clear sentence to the person, a cause in the log, nothing let through.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fileBlobs } from '../../src/blob/file/blobs.ts'
import { startDemo } from '../../src/demo.ts'
import { openLog } from '../../src/log.ts'
import { mountTinyDisk, noTinyDisk } from '../contract/tiny-disk.ts'
import {
  consent,
  DEFAULT_POLICY,
  invitationIn,
  type Person,
  runProgram,
  startTestBastion,
  type TestBastion,
  until,
} from '../support/bastion.ts'

let bastion: TestBastion
let alice: Person
let key: string
let policyFile: string
const folders: string[] = []

/** A folder that is removed when the tests are over. */
function newFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), name))
  folders.push(folder)
  return folder
}

beforeAll(async () => {
  const folder = newFolder('sallyport-policy-')
  policyFile = join(folder, 'policy.yaml')
  writeFileSync(policyFile, readFileSync(DEFAULT_POLICY))
  bastion = await startTestBastion({ policyFile })
  alice = await bastion.person('alice')
  key = await bastion.boundKey('alice')
})

afterAll(async () => {
  await bastion?.close()
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

describe('who and where', () => {
  it('an unknown target: says so, and which ones are open to this person', async () => {
    const result = await bastion.run('web-9', 'ls', { key })
    expect(result.status).toBe(77)
    expect(result.stderr).toContain('There is no target of that name. You can reach: web-1, web-2.')
  })

  it('an account that is not offered', async () => {
    const result = await bastion.run('root@web-1', 'id', { key })
    expect(result.status).toBe(77)
    expect(result.stderr).toContain('The account root is not offered on web-1; it offers deploy.')
  })

  it('a group that has no role: nothing is opened', async () => {
    const carolsKey = bastion.newKey('carol')
    const terminal = bastion.ssh('web-1', '-i', carolsKey)
    await bastion.signIn(terminal, await bastion.person('carol'))
    expect(await terminal.exited).toBe(77)
    expect(terminal.text()).toMatch(/sallyport: .*(role|group)/i)
    const [event] = await bastion.audit('session.refused')
    expect(event?.actorName).toBe('carol')
  })

  it('every way of naming an account is read', async () => {
    for (const name of ['deploy@web-1', 'deploy+web-1', 'deploy%web-1']) {
      expect((await bastion.run(name, 'id -un', { key })).stdout.toString()).toBe('deploy\n')
    }
  })
})

describe('sign-in', () => {
  it('refused in the browser: the terminal says by whom', async () => {
    const terminal = bastion.ssh('web-1')
    await terminal.shows('goes on by itself')
    const { code } = invitationIn(terminal.text())
    await alice.api(`logins/${code}/deny`, { method: 'POST', body: { notMe: true } })
    await terminal.shows('The sign-in was refused in the browser by alice.')
    expect(await terminal.exited).not.toBe(0)
  })

  it('the wrong words: it is not let in, and the code is gone', async () => {
    const terminal = bastion.ssh('web-1')
    await terminal.shows('goes on by itself')
    const { code } = invitationIn(terminal.text())
    const { response } = await consent(alice, code, 'wrong words')
    expect(response.status).toBe(403)
    await terminal.shows('were not the ones shown here')
    expect((await alice.api(`logins/${code}`)).status).toBe(404)
  })

  it('confirmed by somebody else than the one who clicks: refused (fault 6, fault 7)', async () => {
    const terminal = bastion.ssh('web-1')
    await terminal.shows('goes on by itself')
    const { code, words } = invitationIn(terminal.text())
    const dave = await bastion.person('dave')
    const { verificationUrl } = await alice.json<{ verificationUrl: string }>(`logins/${code}`)
    await dave.browser.confirmDevice(verificationUrl, 'dave')
    await until(async () => (await alice.json<{ waitsFor: string }>(`logins/${code}`)).waitsFor === 'other-person')
    const answer = await alice.api(`logins/${code}/consent`, { method: 'POST', body: { words } })
    expect(answer.status).toBe(403)
    expect(await answer.text()).toContain('confirmed by dave')
    terminal.kill()
  })
})

describe('what has no gate', () => {
  it.each([
    ['sftp', ['sftp']],
    ['scp', ['scp']],
  ])('%s is refused with a sentence (fault 27)', async (_name, [program]) => {
    const args = bastion.sshArgs('web-1', '-i', key)
    const host = args.at(-1)!
    const options = args
      .slice(0, -1)
      .flatMap((arg, at, all) => (arg === '-p' ? ['-P'] : all[at - 1] === '-p' ? [arg] : [arg]))
    const rest = program === 'sftp' ? [host] : [`${host}:/etc/hostname`, '/dev/null']
    const result = await runProgram(program!, [...options, ...rest])
    expect(result.status).not.toBe(0)
    expect(result.stderr).toContain('have no gate in Sallyport yet')
  })

  it('the old scp protocol is refused as well', async () => {
    const result = await bastion.run('web-1', 'scp -f /etc/hostname', { key })
    expect(result.status).toBe(77)
    expect(result.stderr).toContain('copying files has no gate yet')
  })

  it('port forwarding is refused, also while a command is held (fault 28)', async () => {
    const direct = await bastion.run('web-1', 'ls', { key, args: ['-W', '127.0.0.1:22'] })
    expect(direct.stderr).toContain('Port forwarding has no gate in Sallyport yet')
    const socket = join(bastion.folder, 'mux')
    const master = bastion.ssh('web-1', '-i', key, '-M', '-S', socket)
    await master.shows('$ ')
    master.type('rm -rf /srv/data/old\r')
    await master.shows('■ held')
    await runProgram('ssh', ['-F', 'none', '-S', socket, '-O', 'forward', '-R', '0:127.0.0.1:22', 'x'])
    const second = await runProgram('ssh', ['-F', 'none', '-S', socket, '-W', '127.0.0.1:22', 'x'])
    expect(second.status).not.toBe(0)
    const other = await runProgram('ssh', ['-F', 'none', '-S', socket, 'x', 'ls /srv'])
    expect(other.stdout.toString()).toBe('data\n')
    const refusals = (await bastion.audit('channel.refused')).map((event) => String(event.detail.what))
    expect(refusals.filter((what) => what.startsWith('direct-tcpip')).length).toBeGreaterThanOrEqual(2)
    expect(refusals).toContain('tcpip-forward')
    master.type('\x03')
    await master.shows('withdrawn')
    master.kill()
  })

  it('an agent is refused with a sentence, and the session goes on', async () => {
    const agent = spawnSync('ssh-agent', ['-s'], { encoding: 'utf8' }).stdout
    const socket = /SSH_AUTH_SOCK=([^;]+)/.exec(agent)![1]!
    const pid = Number(/SSH_AGENT_PID=(\d+)/.exec(agent)![1])
    try {
      const result = await bastion.run('web-1', 'echo on', { key, args: ['-A', '-o', `IdentityAgent=${socket}`] })
      expect(result.stdout.toString()).toBe('on\n')
      expect(result.stderr).toContain('Agent forwarding has no gate in Sallyport yet')
    } finally {
      process.kill(pid)
    }
  })

  it('only harmless variables reach the target (fault 33)', async () => {
    const result = await bastion.run('web-1', 'printenv LC_TEST GLIBC_TUNABLES LANG', {
      key,
      args: ['-o', 'SetEnv=GLIBC_TUNABLES=x LANG=C.UTF-8 LC_ALL=C'],
    })
    expect(result.stdout.toString()).toBe('C.UTF-8\n')
  })
})

describe('the policy file', () => {
  const good = readFileSync(DEFAULT_POLICY, 'utf8')

  it('broken at start: the bastion does not start, and every problem has its line', async () => {
    const folder = newFolder('sallyport-broken-')
    const file = join(folder, 'policy.yaml')
    writeFileSync(file, good.replace('permissions:', 'permisions:'))
    const start = startDemo({
      folder,
      policyFile: file,
      ports: { ssh: 0, web: 0, idp: 0 },
      log: openLog({ level: 'info', file: join(folder, 'log') }),
    })
    await expect(start).rejects.toThrow(/policy\.yaml:\d+:\d+: .*permisions/s)
  })

  it('broken at reload: the old one stays in force, and that is said', async () => {
    writeFileSync(policyFile, `${good}\n  - nonsense: true\n`)
    expect(await bastion.demo.bastion.reloadPolicy()).toBe(false)
    expect((await bastion.audit('policy.refused')).length).toBeGreaterThan(0)
    expect(bastion.log()).toContain('the changed policy was refused; the old one stays in force')
    expect((await bastion.run('web-1', 'echo still', { key })).stdout.toString()).toBe('still\n')
  })

  it('changed well: it counts from the next action on', async () => {
    writeFileSync(
      policyFile,
      good.replace(
        '  - name: open a shell',
        '  - name: nobody echoes\n    who: [engineer]\n    when: { commands: { any: [echo] } }\n    then: { deny: echo is out of fashion }\n\n  - name: open a shell',
      ),
    )
    expect(await bastion.demo.bastion.reloadPolicy()).toBe(true)
    const result = await bastion.run('web-1', 'echo still', { key })
    expect(result.status).toBe(77)
    expect(result.stderr).toContain('echo is out of fashion')
    writeFileSync(policyFile, good)
    expect(await bastion.demo.bastion.reloadPolicy()).toBe(true)
  })
})

describe('parts that fail', () => {
  it('a changed host key of the target: nothing is sent, the fingerprint is named (fault 20)', async () => {
    const target = bastion.demo.config.targets.find((each) => each.name === 'web-2')!
    const pinned = target.hostKeys[0]!
    const other = spawnSync('ssh-keygen', ['-lf', `${bastion.newKey('host')}.pub`], { encoding: 'utf8' })
    expect(other.status).toBe(0)
    Object.assign(target, { hostKeys: [bastion.demo.config.targets[0]!.hostKeys[0]!] })
    try {
      const result = await bastion.run('web-2', 'ls', { key })
      expect(result.status).toBe(77)
      expect(result.stderr).toContain('The host key of web-2 is not the pinned one')
      expect(bastion.log()).toContain('is not the pinned one')
    } finally {
      Object.assign(target, { hostKeys: [pinned] })
    }
  })

  it('the target down: says which, and what to do', async () => {
    const target = bastion.demo.config.targets.find((each) => each.name === 'web-2')!
    const { port } = target
    Object.assign(target, { port: 1 })
    try {
      const result = await bastion.run('web-2', 'ls', { key })
      expect(result.status).toBe(77)
      expect(result.stderr).toContain('web-2 does not answer. Try again later')
      expect(bastion.log()).toContain('ECONNREFUSED')
    } finally {
      Object.assign(target, { port })
    }
  })

  it('the identity provider down: live sessions and bound keys go on, new sign-ins are refused with a reason', async () => {
    const live = bastion.ssh('web-1', '-i', key)
    await live.shows('$ ')
    await bastion.demo.identityProvider.close()
    live.mark()
    live.type('echo still here\r')
    await live.shows('\nstill here')
    const fresh = bastion.ssh('web-1')
    await fresh.shows(/sallyport: .*identity provider/)
    expect(await fresh.exited).not.toBe(0)
    live.type('exit\r')
    await live.exited
  })
})

describe('a full disk under the recordings', () => {
  it.skipIf(noTinyDisk !== undefined)(
    'ends the session with a reason, and shows nothing that was not stored',
    async () => {
      const disk = mountTinyDisk(256)
      const small = await startTestBastion({ blobs: fileBlobs({ folder: disk.folder }) })
      try {
        const smallKey = await small.boundKey('alice')
        const result = await small.run('web-2', 'seq 1 200000', { key: smallKey })
        expect(result.stderr).toMatch(/sallyport: .*(full|room|space)/i)
        expect(result.stdout.length).toBeLessThan(256 * 1024)
        const [failed] = await small.audit('recording.failed')
        expect(failed).toBeDefined()
      } finally {
        await small.close()
        disk.unmount()
      }
    },
  )
})
