import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { BastionError } from '../../src/core/errors.ts'
import { fingerprint } from '../../src/ssh/public-key.ts'
import { alice, bob, person } from '../approval/parts.ts'
import { type Attacker, type Door, newKey, openDoor, sshString, until } from './parts.ts'

const admin = person('admin', { groups: ['admins'] })
const keyA = newKey()
const keyB = newKey()
const rsa = newKey('rsa')
const smallRsa = newKey('rsa', 1024)

let door: Door
beforeEach(async () => {
  door = await openDoor()
})
afterEach(() => door.close())

const typesOf = async () => (await door.store.audit.list({ limit: 200 })).map(({ type }) => type).reverse()

/** Who the server thinks is at the other end, by what a session is given. */
async function identityOf(attacker: Attacker) {
  const before = door.arrivals.length
  attacker.client.exec('true', () => {})
  await until(() => door.arrivals.length > before)
  return door.arrivals[before]!.identity.principal.name
}

describe('fault 1: a key that was only asked about proves nothing', () => {
  it('identity is what was signed, not what was queried before', async () => {
    await door.bind(keyA, admin)
    await door.bind(keyB, bob)
    const attacker = await door.attacker()
    expect((await attacker.query(keyA)).kind).toBe('pk-ok')
    expect((await attacker.query(keyB)).kind).toBe('pk-ok')
    expect((await attacker.query(keyA)).kind).toBe('pk-ok')
    expect((await attacker.sign(keyB)).kind).toBe('success')
    expect(await identityOf(attacker)).toBe('bob')
    expect((await door.store.audit.list({ types: ['key.used'], limit: 9 })).map(({ actorName }) => actorName)).toEqual([
      'bob',
    ])
  })

  it('a signature by B over a claim of A is refused, before and after B was queried', async () => {
    await door.bind(keyA, admin)
    await door.bind(keyB, bob)
    const attacker = await door.attacker()
    expect((await attacker.sign(keyB, { claimed: keyA.blob })).kind).toBe('failure')
    await attacker.query(keyB)
    expect((await attacker.sign(keyB, { claimed: keyA.blob })).kind).toBe('failure')
    expect(attacker.isReady).toBe(false)
    expect(await typesOf()).not.toContain('key.used')
  })

  it('signed with B, which is not bound, and then A queried: the browser binds B', async () => {
    await door.bind(keyA, admin)
    const attacker = await door.attacker()
    expect((await attacker.sign(keyB)).kind).toBe('failure')
    await attacker.query(keyA)
    await signInAs(attacker, alice, (await attacker.askBrowser()).text)
    expect(await identityOf(attacker)).toBe('alice')
    expect((await door.store.keys.findLive(fingerprint(keyB.blob), door.clock.now()))?.principal.name).toBe('alice')
    expect((await door.store.keys.findLive(fingerprint(keyA.blob), door.clock.now()))?.principal.name).toBe('admin')
  })

  it('a key that was only queried is not bound by the browser', async () => {
    const attacker = await door.attacker()
    await attacker.query(keyB)
    await signInAs(attacker, alice, (await attacker.askBrowser()).text)
    expect(await identityOf(attacker)).toBe('alice')
    expect(await door.store.keys.findLive(fingerprint(keyB.blob), door.clock.now())).toBeUndefined()
  })
})

describe('fault 2: an offer without a signature', () => {
  it('is answered the same for a bound and an unknown key, and lets nobody in', async () => {
    await door.bind(keyA, admin)
    const attacker = await door.attacker()
    expect(await attacker.query(keyA)).toEqual({ kind: 'pk-ok', text: '' })
    expect(await attacker.query(newKey())).toEqual({ kind: 'pk-ok', text: '' })
    expect(attacker.isReady).toBe(false)
    expect(await typesOf()).toEqual([])
  })
})

describe('a signature', () => {
  it('is accepted for ed25519 and for RSA with SHA-2', async () => {
    for (const [key, options] of [
      [keyA, {}],
      [rsa, { algorithm: 'rsa-sha2-256', hash: 'sha256' }],
      [rsa, { algorithm: 'rsa-sha2-512', hash: 'sha512' }],
    ] as const) {
      if (!(await door.store.keys.findLive(fingerprint(key.blob), door.clock.now()))) await door.bind(key, bob)
      expect((await (await door.attacker()).sign(key, options)).kind).toBe('success')
    }
  })

  it.each([
    ['of RSA over SHA-1 (RFC 8332)', rsa, { algorithm: 'ssh-rsa', hash: 'sha1' }],
    ['of RSA over SHA-1 that says SHA-256', rsa, { algorithm: 'rsa-sha2-256', hash: 'sha1' }],
    [
      'of RSA whose inner name is ssh-rsa',
      rsa,
      { algorithm: 'rsa-sha2-256', hash: 'sha1', signatureAlgorithm: 'ssh-rsa' },
    ],
    ['of a 1024-bit RSA key', smallRsa, { algorithm: 'rsa-sha2-256', hash: 'sha256' }],
    ['for another session', keyA, { sessionId: Buffer.alloc(32) }],
    ['that is empty', keyA, { signature: Buffer.alloc(0) }],
    ['that is too short', keyA, { signature: Buffer.alloc(10) }],
    ['that is too long', keyA, { signature: Buffer.alloc(4000) }],
    ['under another kind’s name', keyA, { algorithm: 'ecdsa-sha2-nistp256' }],
    ['of an RSA key under the name of ed25519', rsa, { algorithm: 'ssh-ed25519', hash: 'sha256' }],
  ])('%s is refused', async (_, key, options) => {
    await door.bind(key, admin)
    const attacker = await door.attacker()
    expect((await attacker.sign(key, options)).kind).not.toBe('success')
    expect(attacker.isReady).toBe(false)
    expect(await typesOf()).not.toContain('key.used')
  })

  it('of a key whose binding has expired or was revoked is refused', async () => {
    const binding = await door.bind(keyA, bob)
    await door.store.keys.revoke(binding.id, bob.id, door.clock.now())
    await door.bind(keyB, bob, 1000)
    door.clock.advance(1000)
    const attacker = await door.attacker()
    expect((await attacker.sign(keyA)).kind).toBe('failure')
    expect((await attacker.sign(keyB)).kind).toBe('failure')
  })

  it('does not help when the key is revoked while it is being looked at', async () => {
    const binding = await door.bind(keyA, bob)
    const { touch } = door.store.keys
    Object.assign(door.store.keys, {
      touch: async (...args: Parameters<typeof touch>) => {
        await touch(...args)
        await door.store.keys.revoke(binding.id, bob.id, door.clock.now())
      },
    })
    expect((await (await door.attacker()).sign(keyA)).kind).toBe('failure')
  })
})

describe('several identity providers', () => {
  const asked: (string | undefined)[] = []
  const several = async () => {
    asked.length = 0
    door.providers = ['main', 'partner']
    const { startDevice } = door
    door.startDevice = (signal, provider) => {
      asked.push(provider)
      return startDevice(signal, provider)
    }
    const attacker = await door.attacker()
    expect((await attacker.askBrowser()).text).toContain('Who vouches for you?\n\n  1  main\n  2  partner\n')
    return attacker
  }

  it.each([
    ['2', 'partner'],
    [' partner ', 'partner'],
    ['1', 'main'],
  ])('are asked for before anything else, and %j is %s', async (answer, name) => {
    const attacker = await several()
    expect(asked).toEqual([])
    attacker.respond([answer])
    const { code } = invitation((await attacker.next()).text)
    expect([code, asked]).toEqual([expect.stringContaining('CODE-'), [name]])
  })

  it.each([[['3']], [['0']], [['constructor']], [['']], [[]]])('get nobody in who answers %j', async (answer) => {
    const attacker = await several()
    attacker.respond(answer)
    expect((await attacker.next()).text).toContain('Answer with a number from 1 to 2')
    attacker.respond([])
    expect(await attacker.next()).toEqual({ kind: 'failure', text: 'publickey' })
    expect([asked, attacker.isReady]).toEqual([[], false])
  })
})

describe('fault 3: a rejected key and then keyboard-interactive', () => {
  it.each([
    ['no responses', [], 0],
    ['empty responses', ['', ''], 2],
    ['more responses than there were prompts', ['yes', 'yes', 'yes'], 3],
  ])('%s: nobody is let in', async (_, responses, count) => {
    await door.bind(keyA, admin)
    const attacker = await door.attacker()
    expect((await attacker.sign(keyB, { claimed: keyA.blob })).kind).toBe('failure')
    expect((await attacker.askBrowser()).kind).toBe('prompt')
    attacker.respond(responses, count)
    attacker.respond(responses, count)
    await attacker.query(keyB)
    expect(attacker.isReady).toBe(false)
    expect(door.arrivals).toEqual([])
  })

  it('a second sign-in on the connection is not offered', async () => {
    const attacker = await door.attacker()
    expect((await attacker.askBrowser()).kind).toBe('prompt')
    expect(await attacker.askBrowser()).toEqual({ kind: 'failure', text: 'publickey' })
  })

  it('an approval that comes after the client went on to something else lets nobody in', async () => {
    await door.bind(keyB, bob)
    const attacker = await door.attacker()
    const { text } = await attacker.askBrowser()
    const { code } = invitation(text)
    door.confirm(admin)
    expect((await attacker.sign(keyB)).kind).toBe('success')
    await expect(door.logins.consent(code, admin, 'whatever')).rejects.toMatchObject({ code: 'not-found' })
    expect(await identityOf(attacker)).toBe('bob')
  })

  it('one connection serves one identity, though the approval is being written while a key is signed', async () => {
    await door.bind(keyB, bob)
    const attacker = await door.attacker()
    await attacker.sign(newKey())
    const insert = door.store.keys.insert.bind(door.store.keys)
    const bound = Promise.withResolvers<void>()
    let isBinding = false
    Object.assign(door.store.keys, {
      insert: async (binding: Parameters<typeof insert>[0]) => {
        isBinding = true
        await bound.promise
        await insert(binding)
      },
    })
    const { code, words } = invitation((await attacker.askBrowser()).text)
    door.confirm(admin)
    await until(() => door.logins.view(code, admin).waitsFor === 'consent')
    await door.logins.consent(code, admin, words)
    await until(() => isBinding)
    expect((await attacker.sign(keyB)).kind).toBe('success')
    bound.resolve()
    await new Promise((done) => setTimeout(done, 20))
    expect(await identityOf(attacker)).toBe('bob')
    expect(door.arrivals).toHaveLength(1)
  })
})

describe('fault 5: another user name in the middle', () => {
  it('ends the connection', async () => {
    await door.bind(keyA, admin)
    const attacker = await door.attacker()
    expect((await attacker.query(keyA)).kind).toBe('pk-ok')
    expect((await attacker.sign(keyA, { user: 'root@web-2' })).kind).toBe('closed')
    expect(door.arrivals).toEqual([])
  })

  it('ends it while the browser is waited for, and the sign-in with it', async () => {
    const attacker = await door.attacker()
    const { code } = invitation((await attacker.askBrowser()).text)
    expect((await attacker.sign(keyA, { user: 'other' })).kind).toBe('closed')
    await until(() => {
      try {
        door.logins.view(code, alice)
        return false
      } catch {
        return true
      }
    })
  })
})

describe('fault 10: malformed and oversized keys', () => {
  const mpint = (bytes: number) => sshString(Buffer.concat([Buffer.from([0]), Buffer.alloc(bytes, 0xff)]))
  const blobs: readonly (readonly [string, string, Buffer])[] = [
    ['a short ed25519 key', 'ssh-ed25519', Buffer.concat([sshString('ssh-ed25519'), sshString(Buffer.alloc(5))])],
    ['an empty ed25519 key', 'ssh-ed25519', Buffer.concat([sshString('ssh-ed25519'), sshString('')])],
    ['a long ed25519 key', 'ssh-ed25519', Buffer.concat([sshString('ssh-ed25519'), sshString(Buffer.alloc(64, 9))])],
    ['an ed25519 key with a tail', 'ssh-ed25519', Buffer.concat([keyA.blob, Buffer.from([0])])],
    ['a 16k RSA key', 'rsa-sha2-512', Buffer.concat([sshString('ssh-rsa'), mpint(3), mpint(2048)])],
    ['an RSA key with a modulus of 0', 'rsa-sha2-512', Buffer.concat([sshString('ssh-rsa'), mpint(3), sshString('')])],
    ['an RSA key with no modulus', 'rsa-sha2-512', Buffer.concat([sshString('ssh-rsa'), mpint(3)])],
    ['an RSA key with a huge exponent', 'rsa-sha2-256', Buffer.concat([sshString('ssh-rsa'), mpint(700), mpint(256)])],
    ['a DSA key', 'ssh-dss', Buffer.concat([sshString('ssh-dss'), mpint(128), mpint(20), mpint(128), mpint(128)])],
    [
      'a DSA key called ed25519',
      'ssh-ed25519',
      Buffer.concat([sshString('ssh-dss'), mpint(128), mpint(20), mpint(128), mpint(128)]),
    ],
    [
      'a point that is not on the curve',
      'ecdsa-sha2-nistp256',
      Buffer.concat([sshString('ecdsa-sha2-nistp256'), sshString('nistp256'), sshString(Buffer.alloc(65, 4))]),
    ],
    [
      'a certificate',
      'ssh-ed25519-cert-v01@openssh.com',
      Buffer.concat([sshString('ssh-ed25519-cert-v01@openssh.com'), sshString('')]),
    ],
    ['text', 'ssh-ed25519', Buffer.from(`ssh-ed25519 ${keyA.blob.toString('base64')}`)],
    ['a private key', 'ssh-ed25519', Buffer.from(keyA.getPrivatePEM())],
    ['nothing', 'ssh-ed25519', Buffer.alloc(0)],
    ['a length beyond the end', 'ssh-ed25519', Buffer.from([0xff, 0xff, 0xff, 0xff])],
  ]

  it.each(blobs)('%s is refused, queried or signed', async (_, algorithm, blob) => {
    const attacker = await door.attacker()
    expect((await attacker.query(keyA, algorithm, blob)).kind).toBe('failure')
    expect((await attacker.sign(keyA, { algorithm, claimed: blob })).kind).not.toBe('success')
    expect(attacker.isReady).toBe(false)
  })

  it('cost little', async () => {
    const attacker = await door.attacker()
    const before = process.cpuUsage()
    for (const [, algorithm, blob] of blobs) await attacker.query(keyA, algorithm, blob)
    const { user, system } = process.cpuUsage(before)
    // Client and server together; one verification by a 16k key alone would be more.
    expect((user + system) / 1000 / blobs.length).toBeLessThan(50)
  })
})

describe('faults 11 and 12: broken authentication requests', () => {
  const alive = async () => {
    await door.bind(keyA, bob)
    const other = await door.attacker()
    expect((await other.sign(keyA)).kind).toBe('success')
    await identityOf(other)
  }

  it('fault 11: a count of responses of 2^31 in a few bytes costs nothing', async () => {
    const attacker = await door.attacker()
    await attacker.askBrowser()
    const before = process.memoryUsage().heapUsed
    attacker.respond([], 2 ** 31)
    expect((await attacker.next()).kind).toBe('closed')
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(50_000_000)
    await alive()
  })

  it('fault 12: whatever stands in a request, nobody gets in and others do', async () => {
    const method = fc.constantFrom(
      'publickey',
      'keyboard-interactive',
      'password',
      'none',
      'hostbased',
      'gssapi-with-mic',
      '',
    )
    const body = fc.array(
      fc.oneof(
        fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes)),
        fc.uint8Array({ maxLength: 64 }).map((bytes) => sshString(Buffer.from(bytes))),
        fc.constantFrom('publickey', 'ssh-ed25519', 'rsa-sha2-256', '').map((name) => sshString(name)),
        fc.constant(keyA.blob),
        fc.constantFrom(0, 1, 255).map((byte) => Buffer.from([byte])),
        fc.constantFrom(0, 1, 2 ** 31, 2 ** 32 - 1).map((count) => {
          const bytes = Buffer.alloc(4)
          bytes.writeUInt32BE(count)
          return bytes
        }),
      ),
      { maxLength: 6 },
    )
    let attacker = await door.attacker()
    await fc.assert(
      fc.asyncProperty(method, body, async (name, parts) => {
        if (attacker.socket.destroyed || !attacker.socket.writable) attacker = await door.attacker()
        attacker.request(name, Buffer.concat(parts))
        await new Promise((done) => setImmediate(done))
        expect(attacker.isReady).toBe(false)
      }),
      { numRuns: 150 },
    )
    await alive()
  })

  it('fault 12: submethods that are not what they should be', async () => {
    for (const submethods of ['', 'pam', ',,,', '\0', 'x'.repeat(2000)]) {
      expect((await (await door.attacker()).askBrowser(submethods)).kind).toBe('prompt')
    }
  })

  it('password, none and hostbased are refused, whatever they bring', async () => {
    const attacker = await door.attacker()
    attacker.request('none', Buffer.alloc(0))
    expect(await attacker.next()).toEqual({ kind: 'failure', text: 'publickey,keyboard-interactive,password' })
    attacker.request('password', Buffer.concat([Buffer.from([0]), sshString('')]))
    expect((await attacker.next()).kind).toBe('failure')
  })

  it('is over after forty requests', async () => {
    const attacker = await door.attacker()
    for (let request = 0; request < 40; request++) expect((await attacker.query(keyA)).kind).toBe('pk-ok')
    expect((await attacker.query(keyA)).kind).toBe('closed')
  })
})

describe('the sign-in in the browser', () => {
  it('shows a code and words in 80 columns, and goes on by itself', async () => {
    const attacker = await door.attacker()
    const { text } = await attacker.askBrowser()
    for (const line of text.split('\n')) expect([...line].length).toBeLessThanOrEqual(80)
    await signInAs(attacker, alice, text)
    expect(await identityOf(attacker)).toBe('alice')
  })

  it('fault 39: names from outside cannot paint on the terminal', async () => {
    const attacker = await door.attacker()
    const { code } = invitation((await attacker.askBrowser()).text)
    const painter = { ...alice, name: '\u001b]52;c;ZWNobw==\u0007\u202egnp.\u001b[2J' }
    await door.logins.deny(code, painter, { notMe: false })
    const answer = await attacker.next()
    expect(answer.kind).toBe('prompt')
    expect(answer.text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
  })

  it('says why when the provider does not answer, in our words only', async () => {
    door.startDevice = () => Promise.reject(new Error('connect ECONNREFUSED secret.internal'))
    const attacker = await door.attacker()
    const { text } = await attacker.askBrowser()
    expect(text).toContain('sallyport: ')
    expect(text).not.toContain('secret.internal')
    attacker.respond([])
    expect((await attacker.next()).kind).toBe('failure')
  })

  it('does not bother the provider when no sign-in can wait', async () => {
    Object.defineProperty(door.logins, 'hasRoom', { value: false })
    let asked = 0
    door.startDevice = () => {
      asked++
      return Promise.reject(new Error('not to be asked'))
    }
    expect((await (await door.attacker()).askBrowser()).text).toContain('Too many sign-ins')
    expect(asked).toBe(0)
  })

  it('a client that leaves while the provider is asked is forgotten, and the provider told', async () => {
    const asked = Promise.withResolvers<AbortSignal>()
    door.startDevice = (signal) => {
      asked.resolve(signal)
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    }
    const attacker = await door.attacker()
    void attacker.askBrowser()
    const signal = await asked.promise
    attacker.leave()
    await until(() => signal.aborted)
    await new Promise((done) => setTimeout(done, 10))
    expect(door.log.lines.filter(({ level }) => level === 'error')).toEqual([])
  })

  it('is refused where the audit log does not take it', async () => {
    await door.bind(keyA, bob)
    Object.assign(door.store.audit, { append: () => Promise.reject(new Error('full')) })
    const attacker = await door.attacker()
    expect((await attacker.sign(keyA)).kind).toBe('failure')
    expect((await attacker.askBrowser()).text).toContain('sallyport: ')
  })
})

function invitation(text: string): { readonly code: string; readonly words: string } {
  const code = /Code {4}(\S+)/.exec(text)?.[1]
  const words = /Words {3}(\S+ \S+)/.exec(text)?.[1]
  if (code === undefined || words === undefined) throw new Error(`no invitation: ${text}`)
  return { code, words }
}

async function signInAs(attacker: Attacker, who: typeof alice, text: string): Promise<void> {
  const { code, words } = invitation(text)
  door.confirm(who)
  await until(() => door.logins.view(code, who).waitsFor === 'consent')
  await door.logins.consent(code, who, words)
  expect((await attacker.next()).kind).toBe('success')
}

describe('an access token in the password’s place', () => {
  const password = (attacker: Attacker, token: string) => {
    attacker.request('password', Buffer.concat([Buffer.from([0]), sshString(token)]))
    return attacker.next()
  }
  const good = (lifetimeMs: number) => {
    door.verifyToken = async (token) => {
      if (token !== 'good') throw new BastionError('unauthenticated', 'The bearer token is not valid here.')
      return { principal: alice, expiresAt: new Date(door.clock.now().getTime() + lifetimeMs) }
    }
  }

  it('lets in whom it names, binds no key, and is recorded without its text', async () => {
    good(60_000)
    const attacker = await door.attacker()
    await attacker.sign(keyB)
    expect((await password(attacker, 'good')).kind).toBe('success')
    expect(await identityOf(attacker)).toBe('alice')
    expect(await door.store.keys.findLive(fingerprint(keyB.blob), door.clock.now())).toBeUndefined()
    const events = await door.store.audit.list({ types: ['token.used'], limit: 9 })
    expect(events.map(({ actorName }) => actorName)).toEqual(['alice'])
    expect(JSON.stringify(events)).not.toContain('good')
  })

  it('opens no session after it has expired', async () => {
    good(60_000)
    const attacker = await door.attacker()
    await password(attacker, 'good')
    door.clock.advance(60_000)
    const said = Promise.withResolvers<string>()
    attacker.client.exec('true', (_, channel) => channel.stderr.once('data', (data) => said.resolve(String(data))))
    expect(await said.promise).toContain('Your sign-in has expired')
    expect(door.arrivals).toEqual([])
  })

  it('is looked at three times a connection, and a wrong one is in no log', async () => {
    good(60_000)
    const attacker = await door.attacker()
    for (const token of ['hunter2-secret', 'x', 'y']) expect((await password(attacker, token)).kind).toBe('failure')
    expect((await password(attacker, 'good')).kind).toBe('failure')
    const traces = JSON.stringify([await door.store.audit.list({ limit: 99 }), door.log.lines])
    expect(traces).toContain('not valid here')
    expect(traces).not.toContain('hunter2')
  })

  it('is not asked for after a person said no in the browser', async () => {
    const attacker = await door.attacker()
    const answer = attacker.askBrowser()
    const { code } = invitation((await answer).text)
    await door.logins.deny(code, alice, { notMe: false })
    expect((await attacker.next()).kind).toBe('prompt')
    attacker.respond([])
    expect(await attacker.next()).toEqual({ kind: 'failure', text: 'publickey' })
  })
})
