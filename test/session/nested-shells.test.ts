/** Doors and ports of inner shells, over real sockets: who is let in, who ends the session, and how long they stay. */
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Action } from '../../src/core/action.ts'
import type { Verdict } from '../../src/core/verdict.ts'
import type { SideConnection, Upstream } from '../../src/session/channel.ts'
import { type Entrance, NestedShells } from '../../src/session/nested-shells.ts'
import { bash } from '../../src/session/stepped/bash.ts'
import { type Keys, newKeys } from '../../src/session/stepped/question.ts'
import { Stepper } from '../../src/session/stepped/stepper.ts'
import { createAnalyser } from '../../src/shell/analyse.ts'
import { defaultCatalogue } from '../../src/shell/catalogue/catalogue.ts'
import { hold, RULE } from '../approval/parts.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { type TemporaryStore, temporaryStore } from '../support/store.ts'
import { session } from './parts.ts'

const analyse = createAnalyser(defaultCatalogue())
const ALLOW: Verdict = { kind: 'allow', because: RULE }
const DOOR = /\/dev\/tcp\/127\.0\.0\.1\/(\d+)/
const SIDE = /__sallyport_fd\}<>\/dev\/tcp\/127\.0\.0\.1\/(\d+)/g

let temporary: TemporaryStore
beforeAll(async () => {
  temporary = await temporaryStore()
})
afterAll(() => temporary.close())

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

/** As those of the ssh adapter: the reader stops where it will, and the connection stays. */
async function* pieces(socket: Socket): AsyncGenerator<Uint8Array> {
  try {
    yield* socket.iterator({ destroyOnReturn: false })
  } finally {
    socket.resume()
  }
}

/** By the port at the other end: resolved when the connection was read to its end and is closed. */
const over = new Map<number, () => void>()

function sideConnection(socket: Socket): SideConnection {
  const gone = new AbortController()
  const { remotePort = 0 } = socket
  let isRead = false
  socket.on('close', () => {
    gone.abort()
    // Whoever reads goes on first.
    setImmediate(() => over.get(remotePort)?.())
  })
  socket.on('error', () => {})
  return {
    input: {
      [Symbol.asyncIterator]() {
        isRead = true
        return pieces(socket)
      },
    },
    closed: gone.signal,
    write: (bytes) => void socket.write(bytes),
    end(bytes) {
      socket.end(bytes)
      // What nobody asked for is dropped, as by a channel that was closed.
      setImmediate(() => {
        if (!isRead) socket.resume()
      })
    },
  }
}

/** Ports of this machine's loopback, as sshd would open them on the target's. */
const sideChannel: Upstream['sideChannel'] = async (listener) => {
  const server = createServer({ allowHalfOpen: true }, (socket) => listener(sideConnection(socket)))
  servers.push(server)
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const port = (server.address() as AddressInfo).port
  const close = () => void server.close()
  return { port, way: 'forward', closed: new AbortController().signal, probe: async () => {}, close }
}

/** Says something to a port; resolves to what it answers when it has heard all of it, undefined where nobody listens. */
function say(port: number, text: string): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>()
  let heard = ''
  const socket = connect(port, '127.0.0.1', () => {
    over.set(socket.localPort!, () => resolve(heard))
    socket.end(text)
  })
  socket.on('data', (bytes: Uint8Array) => {
    heard += Buffer.from(bytes).toString()
  })
  socket.on('error', () => resolve(undefined))
  return promise
}

/** What has the terminal in a session, and what it was told. */
async function shells(verdict: (action: Action) => Verdict = () => ALLOW) {
  const { live } = await session({ store: temporary.store, clock: new ManualClock(), verdict, hasPty: true })
  const context = { ...live.context, services: { ...live.context.services, analyse } }
  const ready: Keys[] = []
  let forged = 0
  const newStepper = (shell: { readonly keys: Keys; readonly login: string | undefined }): Stepper => {
    const made: Stepper = new Stepper({
      context,
      checkpoint: live.checkpoint,
      ungated: live.ungated,
      dialect: bash,
      secured: new Set(),
      keepsConnections: false,
      ...shell,
      entranceFor: (line) => nested.entranceFor(line, made === login ? undefined : made, shell.login),
      onPrompt: () => nested.noticePrompt(made === login ? undefined : made),
      onLine() {},
      onStep() {},
      onBroken() {},
    })
    return made
  }
  const nested: NestedShells = new NestedShells({
    upstream: { sideChannel },
    nesting: bash.nesting!,
    path: '/bin/bash',
    newStepper,
    onReady: (keys) => void ready.push(keys),
    onForged: () => void forged++,
  })
  const keys = newKeys()
  const login = newStepper({ keys, login: undefined })
  let counter = 0
  /** Asks as the login shell does; resolves to the answer without its key. */
  const ask = async (kind: 'prompt' | 'line' | 'step', text = ''): Promise<string> => {
    const { promise, resolve } = Promise.withResolvers<string>()
    const question = Buffer.from(`${keys.ask} ${kind} ${++counter} 100 - 0 ${text}\0`)
    const input = (async function* () {
      yield question
    })()
    const end = (bytes: Uint8Array) => resolve(Buffer.from(bytes).toString())
    await login.serve({ input, closed: new AbortController().signal, write: end, end })
    return (await promise).slice(`${keys.answer} ${counter} `.length)
  }
  return {
    live,
    nested,
    ask,
    ready,
    forged: () => forged,
  }
}

const doorOf = (entrance: Entrance) => Number(DOOR.exec(entrance.command)![1])

describe('the door of a shell inside a gated bash', () => {
  it('gives the init file, and the key after `ready`, once the step is cleared and not before', async () => {
    const { nested, ready } = await shells()
    const entrance = (await nested.entranceFor('bash', undefined, undefined))!
    const door = doorOf(entrance)
    expect(await say(door, 'ready\n')).toBe('')
    expect(ready).toEqual([])
    entrance.open()
    expect(await say(door, '')).toMatch(/^exec \{__sallyport_fd\}/)
    await say(door, 'ready\n')
    expect(ready).toHaveLength(1)
    nested.close()
  })

  it.each(['not ready\n', 'ready', '\n', `ready \n`])('hears nothing in %j', async (text) => {
    const { nested, ready } = await shells()
    const entrance = (await nested.entranceFor('bash', undefined, undefined))!
    entrance.open()
    await say(doorOf(entrance), text)
    await say(doorOf(entrance), 'ready\n')
    // A word that had counted would have made the second one a forged one.
    expect(ready).toHaveLength(1)
    nested.close()
  })

  it.each(['before', 'after'])(
    'a second `ready` for one shell, %s its first prompt, ends the session',
    async (when) => {
      const { nested, ready, forged } = await shells()
      const entrance = (await nested.entranceFor('bash', undefined, undefined))!
      entrance.open()
      await say(doorOf(entrance), 'ready\n')
      if (when === 'after') nested.noticePrompt(nested.innermost)
      expect(forged()).toBe(0)
      expect(await say(doorOf(entrance), 'ready\n')).toBe('')
      expect({ forged: forged(), keysTyped: ready.length }).toEqual({ forged: 1, keysTyped: 1 })
      nested.close()
    },
  )

  it('a shell whose parent has not the terminal any more gets no key', async () => {
    const { nested, ready } = await shells()
    const first = (await nested.entranceFor('bash', undefined, undefined))!
    const second = (await nested.entranceFor('bash', undefined, undefined))!
    first.open()
    second.open()
    await say(doorOf(first), 'ready\n')
    const inner = nested.innermost
    await say(doorOf(second), 'ready\n')
    expect({ ready: ready.length, isSame: nested.innermost === inner }).toEqual({ ready: 1, isSame: true })
    nested.close()
  })

  it('is shut when the parent is at its prompt and nobody came in: a later `ready` is somebody else’s, and gets no key', async () => {
    const { nested, ready } = await shells()
    const entrance = (await nested.entranceFor('bash', undefined, undefined))!
    entrance.open()
    nested.noticePrompt(undefined)
    expect(await say(doorOf(entrance), '')).toBe('')
    await say(doorOf(entrance), 'ready\n')
    expect({ ready, innermost: nested.innermost }).toEqual({ ready: [], innermost: undefined })
    nested.close()
  })

  it('stays ours to the end of the session, when the shell is over and tells nobody anything', async () => {
    const { nested } = await shells()
    const entrance = (await nested.entranceFor('bash', undefined, undefined))!
    const door = doorOf(entrance)
    entrance.open()
    const init = (await say(door, ''))!
    const side = Number([...init.matchAll(SIDE)].map(([, port]) => port).find((port) => Number(port) !== door))
    await say(door, 'ready\n')
    nested.noticePrompt(undefined)
    expect(nested.innermost).toBeUndefined()
    expect(await say(door, '')).toBe('')
    expect(await say(side, 'anything\0')).toBe('')
    nested.close()
    expect(await say(door, '')).toBeUndefined()
    expect(await say(side, '')).toBeUndefined()
  })

  it('is made for 32 shells of a session; a further one gets no gate, and one that was refused does not count', async () => {
    const { nested } = await shells()
    const entrance = () => nested.entranceFor('bash', undefined, undefined)
    for (let n = 0; n < 40; n++) (await entrance())!.close()
    for (let n = 0; n < 32; n++) (await entrance())!.open()
    const before = servers.length
    expect(await entrance()).toBeUndefined()
    expect(servers.length).toBe(before)
    nested.close()
  })
})

describe('a line that starts a shell', () => {
  const TEXT_OF_OURS = /__sallyport/

  async function answers(verdict: (action: Action) => Verdict) {
    const judged: Action[] = []
    const under = await shells((action) => {
      judged.push(action)
      return verdict(action)
    })
    await under.ask('prompt')
    await under.ask('line', 'bash')
    const answer = await under.ask('step', 'bash')
    under.nested.close()
    return { answer, judged, under }
  }

  it('is answered with the command that starts it gated, where one rule says the same to both', async () => {
    const { answer, judged } = await answers(() => ALLOW)
    expect(answer).toMatch(/^nest\n\/bin\/bash -pfc /)
    expect(answer).toBe(`nest\n${judged.at(-1)!.text}\0`)
    expect(judged.at(-1)!.effects).toContain('escape')
  })

  const other = { ...RULE, name: 'other', line: 9 }
  it.each<[string, Verdict, Verdict]>([
    ['another rule', ALLOW, { kind: 'allow', because: other }],
    ['a rule of the same name in another file', ALLOW, { kind: 'allow', because: { ...RULE, file: 'b.yaml' } }],
    ['another word', { kind: 'deny', because: RULE, message: 'no' }, ALLOW],
    ['other reviewers', hold({ reviewers: ['dba'] }), hold()],
    ['fewer reviewers', hold({ count: 2 }), hold()],
    ['a mere click', hold({ sign: 'passkey' }), hold()],
  ])('is asked for itself, without a gate, where the command would get %s', async (_, line, command) => {
    const { live } = await session({
      store: temporary.store,
      clock: new ManualClock(),
      verdict: ({ text }) => (TEXT_OF_OURS.test(text) ? command : line),
    })
    const draft = (text: string) => ({ kind: 'step', text, assurance: 'stepped' }) as const
    expect(live.checkpoint.isDecidedAlike(draft('bash'), draft('__sallyport'))).toBe(false)
    expect(live.checkpoint.isDecidedAlike(draft('bash'), draft('bash -l'))).toBe(true)
  })

  it('which the policy allows by a rule of its own is then run as it stands, as an ungated stretch', async () => {
    const { answer, judged, under } = await answers(({ text }) =>
      TEXT_OF_OURS.test(text) ? { kind: 'deny', because: other, message: 'no' } : ALLOW,
    )
    expect(answer).toBe('go\n\0')
    expect(judged.at(-1)!.text).toBe('bash')
    expect(under.live.ungated.current?.program).toBe('bash')
    // Its door is shut, and nobody is told anything.
    const ports = servers.map((server) => server.listening)
    expect(ports).toEqual([false, false])
  })
})
