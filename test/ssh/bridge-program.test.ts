/**
 * The bridge's two programs, started as sshd would start them: as somebody who is not root, with input and output of
 * ours. What a target's own tests cannot reach is tried here.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { type Frame, FrameReader, formatFrame } from '../../src/ssh/bridge-frames.ts'
import { BRIDGE_COMMAND, PERL_BRIDGE, PYTHON_BRIDGE } from '../../src/ssh/bridge-program.ts'

const isRoot = process.getuid?.() === 0
const NOBODY = 65534

const PROGRAMS = {
  perl: `exec /usr/bin/perl -T -e '${PERL_BRIDGE}'`,
  python: `exec /usr/bin/python3 -I -c '${PYTHON_BRIDGE}'`,
} as const

const running: ChildProcess[] = []
const sockets: Socket[] = []

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy()
  for (const child of running.splice(0)) {
    try {
      process.kill(-child.pid!, 'SIGKILL')
    } catch {
      // It has ended by itself.
    }
  }
})

interface Started {
  readonly child: ChildProcess
  /** Resolves to the next frame; rejects when the program ends before it. */
  next(): Promise<Frame>
  send(id: number, text: string): void
  readonly exit: Promise<number | null>
}

function start(script: string, options: { readonly isRoot?: boolean } = {}): Started {
  const owner = isRoot && options.isRoot !== true ? { uid: NOBODY, gid: NOBODY } : {}
  const child = spawn('/bin/sh', ['-c', script], { cwd: '/', detached: true, ...owner })
  running.push(child)
  const reader = new FrameReader()
  const frames: Frame[] = []
  const waiting: PromiseWithResolvers<Frame>[] = []
  child.stdin.on('error', () => {})
  child.stdout.on('data', (bytes: Buffer) => {
    for (const frame of reader.feed(bytes) ?? []) {
      const first = waiting.shift()
      if (first === undefined) frames.push(frame)
      else first.resolve(frame)
    }
  })
  const exit = once(child, 'close').then(([status]) => {
    for (const one of waiting.splice(0)) one.reject(new Error(`the bridge ended with ${status}`))
    return status as number | null
  })
  return {
    child,
    exit,
    next() {
      const here = frames.shift()
      if (here !== undefined) return Promise.resolve(here)
      const one = Promise.withResolvers<Frame>()
      waiting.push(one)
      return one.promise
    },
    send: (id, text) => void child.stdin.write(formatFrame({ id, bytes: Buffer.from(text) })),
  }
}

async function portOf(bridge: Started): Promise<number> {
  const { id, bytes } = await bridge.next()
  expect(id).toBe(0)
  return Number(Buffer.from(bytes).toString())
}

async function call(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  sockets.push(socket)
  socket.on('error', () => {})
  await once(socket, 'connect')
  return socket
}

async function all(socket: Socket): Promise<string> {
  const pieces: Buffer[] = []
  for await (const piece of socket) pieces.push(piece as Buffer)
  return Buffer.concat(pieces).toString()
}

const text = ({ bytes }: Frame) => Buffer.from(bytes).toString()

it('has neither a quote nor a backslash, for whatever login shell reads it', () => {
  expect(PERL_BRIDGE + PYTHON_BRIDGE).not.toMatch(/['\\]/)
  expect(BRIDGE_COMMAND).toContain(PERL_BRIDGE)
  expect(BRIDGE_COMMAND).toContain(PYTHON_BRIDGE)
})

describe.each(['perl', 'python'] as const)('the bridge in %s', (language) => {
  const script = PROGRAMS[language]

  it('says its port, carries questions and answers of several connections, and says when one is over', async () => {
    const bridge = start(script)
    const port = await portOf(bridge)
    const first = await call(port)
    first.write('one')
    const one = await bridge.next()
    expect(text(one)).toBe('one')
    const second = await call(port)
    second.write('two')
    const two = await bridge.next()
    expect(text(two)).toBe('two')
    expect(two.id).not.toBe(one.id)
    bridge.send(two.id, 'answer to two')
    bridge.send(two.id, '')
    expect(await all(second)).toBe('answer to two')
    expect(await bridge.next()).toMatchObject({ id: two.id, bytes: Buffer.alloc(0) })
    first.destroy()
    expect(await bridge.next()).toMatchObject({ id: one.id, bytes: Buffer.alloc(0) })
  })

  it('carries more than a pipe takes in one piece, both ways, whole', async () => {
    const bridge = start(script)
    const long = 'x'.repeat(300_000)
    const socket = await call(await portOf(bridge))
    socket.write(long)
    let came = ''
    let id = 0
    while (came.length < long.length) {
      const frame = await bridge.next()
      came += text(frame)
      id = frame.id
    }
    expect(came === long).toBe(true)
    for (let at = 0; at < long.length; at += 50_000) bridge.send(id, long.slice(at, at + 50_000))
    bridge.send(id, '')
    expect((await all(socket)) === long).toBe(true)
  })

  it('echoes what itself is sent, and takes no notice of connections that it does not have', async () => {
    const bridge = start(script)
    await portOf(bridge)
    bridge.send(99, 'an answer to nobody')
    bridge.send(99, '')
    bridge.send(0, 'there?')
    expect(await bridge.next()).toEqual({ id: 0, bytes: Buffer.from('there?') })
  })

  it('closes what comes when it has 256 connections already', async () => {
    const bridge = start(script)
    const port = await portOf(bridge)
    const held = await Promise.all(Array.from({ length: 256 }, () => call(port)))
    expect(await all(await call(port))).toBe('')
    held[0]!.write('still here')
    expect(text(await bridge.next())).toBe('still here')
  })

  it('ends with its input', async () => {
    const bridge = start(script)
    const port = await portOf(bridge)
    const socket = await call(port)
    // By a FIN or, where the bridge had not taken it yet, by a RST.
    const over = new Promise((resolve) => socket.resume().on('end', resolve).on('error', resolve))
    bridge.child.stdin!.end()
    expect(await bridge.exit).toBe(0)
    await over
    await expect(call(port)).rejects.toThrow('ECONNREFUSED')
  })

  it.runIf(isRoot)('shows nobody of the same account its descriptors', async () => {
    const bridge = start(script)
    await portOf(bridge)
    const other = start(`ls /proc/${bridge.child.pid}/fd`)
    expect(await other.exit).not.toBe(0)
    expect(readdirSync(`/proc/${bridge.child.pid}/fd`)).toContain('0')
  })

  it('does not begin where somebody of the same account holds its output already', async () => {
    const bridge = start(`sleep 60 & ${script}`)
    expect(await once(bridge.child, 'exit')).toEqual([3, null])
  })

  it.runIf(isRoot)('does not begin as root, who may open everything', async () => {
    expect(await start(script, { isRoot: true }).exit).toBe(3)
  })
})
