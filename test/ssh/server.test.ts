import { connect, type Socket } from 'node:net'
import type { ClientChannel as Ssh2ClientChannel } from 'ssh2'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LOGIN_GRACE_MS, MAX_KNOCKING } from '../../src/ssh/waiting-room.ts'
import { bob } from '../approval/parts.ts'
import { type Attacker, type Door, newKey, openDoor, sshString, until } from './parts.ts'

const key = newKey()
let door: Door
beforeEach(async () => {
  door = await openDoor()
})
afterEach(() => door.close())

/** A connection on which bob is signed in. */
async function signedIn(from?: string): Promise<Attacker> {
  await door.bind(key, bob).catch(() => {})
  const attacker = await door.attacker(from === undefined ? {} : { from })
  expect((await attacker.sign(key)).kind).toBe('success')
  return attacker
}

const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

interface Ran {
  readonly channel: Ssh2ClientChannel
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

function run(attacker: Attacker, command: string, options = {}): Promise<Ran> {
  return new Promise((resolve, reject) => {
    attacker.client.exec(command, options, (error, channel) => {
      if (error) return reject(error)
      let stdout = ''
      let stderr = ''
      channel.on('data', (bytes: Buffer) => {
        stdout += bytes
      })
      channel.stderr.on('data', (bytes: Buffer) => {
        stderr += bytes
      })
      channel.on('close', (status: number | null) => resolve({ channel, status, stdout, stderr }))
    })
  })
}

const refusals = async () =>
  (await door.store.audit.list({ types: ['channel.refused'], limit: 500 })).map(({ detail }) => detail.what).reverse()

describe('before anybody is signed in', () => {
  it('fault 17a: no message number leads to a session', async () => {
    // 1 is DISCONNECT; 20 and 21 start a key exchange, which is not about authentication.
    const numbers = Array.from({ length: 100 }, (_, index) => index + 1).filter((n) => ![1, 20, 21].includes(n))
    const tails = [Buffer.alloc(0), Buffer.concat([uint32(0), sshString('exec'), Buffer.from([1]), sshString('id')])]
    for (const tail of tails) {
      let attacker = await door.attacker()
      for (const number of numbers) {
        if (!attacker.socket.writable) attacker = await door.attacker()
        attacker.send(Buffer.concat([Buffer.from([number]), tail]))
        await new Promise((done) => setImmediate(done))
        expect(attacker.isReady).toBe(false)
      }
    }
    expect(door.arrivals).toEqual([])
    await run(await signedIn(), 'true')
  })

  it('fault 17a: USERAUTH_SUCCESS and then a channel, as libssh let in', async () => {
    const attacker = await door.attacker()
    attacker.send(Buffer.from([52]))
    const open = [Buffer.from([90]), sshString('session'), uint32(0), uint32(1 << 20), uint32(1 << 15)]
    attacker.send(Buffer.concat(open))
    attacker.send(Buffer.concat([Buffer.from([98]), uint32(0), sshString('exec'), Buffer.from([1]), sshString('id')]))
    attacker.request('none', Buffer.alloc(0))
    expect((await attacker.next()).kind).toBe('failure')
    expect(door.arrivals).toEqual([])
  })

  it('fault 28: forwards, agents and sessions opened while the browser is waited for come to nothing', async () => {
    const attacker = await door.attacker()
    await attacker.askBrowser()
    for (const type of ['session', 'direct-tcpip', 'direct-streamlocal@openssh.com', 'x11']) {
      const address = [sshString('127.0.0.1'), uint32(22), sshString('127.0.0.1'), uint32(1)]
      const open = [Buffer.from([90]), sshString(type), uint32(0), uint32(1 << 20), uint32(1 << 15), ...address]
      attacker.send(Buffer.concat(open))
    }
    const forward = [sshString('tcpip-forward'), Buffer.from([1]), sshString('127.0.0.1'), uint32(0)]
    attacker.send(Buffer.concat([Buffer.from([80]), ...forward]))
    await attacker.query(key)
    expect(door.arrivals).toEqual([])
    expect(await refusals()).toEqual([])
  })
})

describe('fault 13: connections that do nothing', () => {
  const crowd: Socket[] = []
  afterEach(() => {
    for (const socket of crowd.splice(0)) socket.destroy()
  })
  const knock = (from: string, says = ''): Promise<Socket> =>
    new Promise((resolve) => {
      const socket = connect({ port: door.server.port, host: '127.0.0.1', localAddress: from }, () => resolve(socket))
      socket.on('error', () => {})
      if (says !== '') socket.write(says)
      crowd.push(socket)
    })
  const open = () => crowd.filter((socket) => !socket.destroyed && socket.readable).length

  it('many of them do not keep others out, and only so many are kept', async () => {
    for (let n = 0; n < MAX_KNOCKING * 2; n += 50) {
      await Promise.all(Array.from({ length: 50 }, (_, i) => knock('127.0.0.2', i % 2 === 0 ? '' : 'SSH-2.0-slow\r\n')))
    }
    for (const socket of crowd) socket.resume()
    await until(() => open() <= MAX_KNOCKING)
    const started = performance.now()
    await run(await signedIn(), 'true')
    expect(performance.now() - started).toBeLessThan(2000)
    expect(open()).toBeGreaterThan(MAX_KNOCKING - 10)
  })

  it('puts out the crowd, not the one who stands beside it', async () => {
    const patient = await door.attacker()
    for (let n = 0; n < MAX_KNOCKING + 20; n += 20)
      await Promise.all(Array.from({ length: 20 }, () => knock('127.0.0.2')))
    await door.bind(key, bob)
    expect((await patient.sign(key)).kind).toBe('success')
  })

  it('the grace time ends the silent, the half-spoken and the undecided, by the clock', async () => {
    const silent = await knock('127.0.0.1')
    const spoken = await knock('127.0.0.1', 'SSH-2.0-slow\r\n')
    const undecided = await door.attacker()
    await undecided.query(key)
    for (const socket of [silent, spoken]) socket.resume()
    door.clock.advance(LOGIN_GRACE_MS - 1)
    await undecided.query(key)
    expect(open()).toBe(2)
    door.clock.advance(1)
    await undecided.closed
    await until(() => open() === 0)
  })

  it('waits for a browser as long as the code lives, and then the grace time runs again', async () => {
    const attacker = await door.attacker()
    await attacker.askBrowser()
    door.clock.advance(LOGIN_GRACE_MS)
    door.clock.advance(LOGIN_GRACE_MS)
    expect(attacker.socket.destroyed).toBe(false)
    door.clock.advance(60_000)
    expect((await attacker.next()).text).toContain('expired')
    await until(() => door.clock.nextInMs !== undefined)
    door.clock.advance(LOGIN_GRACE_MS)
    await attacker.closed
  })

  it('closes with a crowd at the door', async () => {
    await Promise.all(Array.from({ length: 5 }, () => knock('127.0.0.2')))
    await door.attacker()
    await signedIn()
    await door.server.close()
  })
})

describe('a connection that is signed in', () => {
  it('fault 28: gets no forwarding, agent or X11, by any way, and hears why', async () => {
    const attacker = await signedIn()
    const failed = (open: (done: (error?: Error | null) => void) => void) =>
      new Promise<string>((resolve) => open((error) => resolve(error?.message ?? 'opened')))
    const { client } = attacker
    expect(await failed((done) => client.forwardOut('a', 1, '169.254.169.254', 80, done))).toContain('no gate')
    expect(await failed((done) => client.openssh_forwardOutStreamLocal('/run/x.sock', done))).toContain('no gate')
    expect(await failed((done) => client.forwardIn('127.0.0.1', 0, done))).not.toBe('opened')
    expect(await failed((done) => client.openssh_forwardInStreamLocal('/tmp/x', done))).not.toBe('opened')
    await expect(run(attacker, 'true', { x11: true })).rejects.toThrow()
    await until(async () => (await refusals()).length === 5)
    expect(await refusals()).toEqual([
      'direct-tcpip to 169.254.169.254:80',
      'direct-streamlocal',
      'tcpip-forward',
      'streamlocal-forward@openssh.com',
      'X11 forwarding',
    ])
    await run(attacker, 'true')
    expect(door.arrivals[0]?.request.remarks).toHaveLength(2)
  })

  it('fault 34: serves no files of its own: sftp and other subsystems are refused with a reason', async () => {
    const attacker = await signedIn()
    const said = await new Promise<string>((resolve) =>
      attacker.client.subsys('sftp', (error, channel) => {
        if (error) return resolve(error.message)
        channel.stderr.on('data', (bytes: Buffer) => resolve(String(bytes)))
        channel.resume()
      }),
    )
    expect(said).toContain('File transfer (sftp, scp)')
    expect(await refusals()).toEqual(['subsystem sftp'])
  })

  it('bounds what it records and remembers of a flood of requests', async () => {
    const attacker = await signedIn()
    for (let n = 0; n < 500; n++) {
      const forward = [sshString('tcpip-forward'), Buffer.from([0]), sshString('127.0.0.1'), uint32(n)]
      attacker.send(Buffer.concat([Buffer.from([80]), ...forward]))
    }
    await run(attacker, 'true')
    expect(door.arrivals[0]?.request.remarks).toHaveLength(1)
    attacker.leave()
    await until(async () => (await refusals()).length === 101)
    expect((await refusals()).at(-1)).toBe('400 more requests like these')
  })

  it('runs ten sessions at a time, and another when one is gone', async () => {
    const ends = Promise.withResolvers<void>()
    door.onSession = async ({ client }) => {
      await ends.promise
      await client.end({ kind: 'status', status: 0 })
    }
    const attacker = await signedIn()
    const running = Array.from({ length: 10 }, () => run(attacker, 'sleep'))
    await until(() => door.arrivals.length === 10)
    await expect(run(attacker, 'one more')).rejects.toThrow('Only 10 sessions')
    ends.resolve()
    await Promise.all(running)
    await run(attacker, 'true')
  })

  it('does not count a session out twice because its close is sent twice', async () => {
    door.onSession = () => new Promise(() => {})
    const attacker = await signedIn()
    const open = [Buffer.from([90]), sshString('session'), uint32(4000), uint32(1 << 20), uint32(1 << 15)]
    attacker.send(Buffer.concat(open))
    for (let n = 0; n < 20; n++) attacker.send(Buffer.concat([Buffer.from([97]), uint32(0)]))
    for (let n = 0; n < 15; n++) attacker.client.exec('sleep', () => {})
    await until(() => door.arrivals.length === 10)
    await new Promise((done) => setTimeout(done, 30))
    expect(door.arrivals).toHaveLength(10)
  })

  it('is ended when it opens sessions only to close them', async () => {
    const attacker = await signedIn()
    for (let n = 0; n < 120; n++) {
      attacker.send(
        Buffer.concat([Buffer.from([90]), sshString('session'), uint32(n), uint32(1 << 20), uint32(1 << 15)]),
      )
      attacker.send(Buffer.concat([Buffer.from([97]), uint32(n)]))
    }
    await attacker.closed
    expect(door.arrivals).toEqual([])
  })

  it('fault 33: takes only variables, and values, that cannot change what runs', async () => {
    const attacker = await signedIn()
    const env = {
      LANG: 'en_GB.UTF-8',
      LC_ALL: 'C',
      NO_COLOR: '1',
      TZ: 'Europe/Madrid',
      LC_TIME: 'x\u001b[2J',
      LC_NAME: 'y'.repeat(300),
      LD_PRELOAD: '/tmp/x.so',
      GLIBC_TUNABLES: 'glibc.malloc',
      BASH_ENV: '/tmp/x',
      ENV: '/tmp/x',
      PATH: '/tmp',
      IFS: 'x',
      LC_: 'x',
      LANGUAGE: 'x',
      '': 'x',
      __proto__x: 'x',
    }
    await run(attacker, 'true', { env })
    expect(door.arrivals[0]?.request.env).toEqual({
      LANG: 'en_GB.UTF-8',
      LC_ALL: 'C',
      NO_COLOR: '1',
      TZ: 'Europe/Madrid',
    })
  })

  it('takes no more than so many variables', async () => {
    const attacker = await signedIn()
    const name = (n: number) =>
      `LC_${String.fromCharCode(65 + (n % 26))}${String.fromCharCode(65 + Math.floor(n / 26))}`
    await run(attacker, 'true', { env: Object.fromEntries(Array.from({ length: 60 }, (_, n) => [name(n), 'x'])) })
    expect(Object.keys(door.arrivals[0]!.request.env)).toHaveLength(32)
  })

  it('keeps a terminal type that is not one from the target', async () => {
    const attacker = await signedIn()
    await run(attacker, 'true', { pty: { term: 'xterm-256color', cols: 100, rows: 40 } })
    await run(attacker, 'true', { pty: { term: 'x\u001b]0;owned\u0007', cols: 4_000_000_000, rows: 0 } })
    expect(door.arrivals.map(({ request }) => request.pty?.term)).toEqual(['xterm-256color', 'dumb'])
  })

  it('survives a command that is too long for a packet, and others go on', async () => {
    const other = await signedIn()
    const attacker = await signedIn()
    await Promise.race([run(attacker, 'x'.repeat(300_000)).catch(() => {}), attacker.closed])
    expect(door.arrivals).toEqual([])
    await run(other, 'y'.repeat(30_000))
    expect(door.arrivals[0]?.request.command).toHaveLength(30_000)
  })

  it('fault 29: opens no session after its sign-in has expired, though the connection is kept', async () => {
    const attacker = await signedIn()
    await run(attacker, 'true')
    door.clock.advance(3_600_000)
    expect(await run(attacker, 'true')).toMatchObject({ status: 77, stderr: expect.stringContaining('expired') })
    expect(door.arrivals).toHaveLength(1)
  })

  it('fault 29: a connection that is ended serves nothing more, even to a client that ignores the end', async () => {
    const attacker = await signedIn()
    attacker.socket.allowHalfOpen = true
    const other = await signedIn('127.0.0.3')
    const binding = door.arrivals.length
    door.server.endConnections(({ principal }) => principal.id === bob.id)
    attacker.send(Buffer.concat([Buffer.from([90]), sshString('session'), uint32(0), uint32(1 << 20), uint32(1 << 15)]))
    attacker.send(
      Buffer.concat([Buffer.from([98]), uint32(0), sshString('exec'), Buffer.from([0]), sshString('reboot')]),
    )
    await other.closed
    await new Promise((done) => setTimeout(done, 20))
    expect(door.arrivals).toHaveLength(binding)
  })
})
