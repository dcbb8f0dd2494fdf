import { createHash, randomBytes } from 'node:crypto'
import type { ClientChannel as Ssh2ClientChannel } from 'ssh2'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { ClientChannel, Exit } from '../../src/session/channel.ts'
import { bob } from '../approval/parts.ts'
import type { Attacker, Door } from './parts.ts'

const INTERNALS = '../../src/ssh/ssh2-internals.ts'

let door: Door | undefined
afterEach(async () => {
  await door?.close()
  door = undefined
  vi.doUnmock(INTERNALS)
  vi.resetModules()
})

interface Opened {
  readonly attacker: Attacker
  readonly near: ClientChannel
  readonly far: Ssh2ClientChannel
  /** What the wire carried about the channel's end, in order. */
  readonly wire: string[]
}

/** Both ends of a session channel over a real connection. */
async function opened(): Promise<Opened> {
  const { newKey, openDoor } = await import('./parts.ts')
  door = await openDoor()
  const arrived = Promise.withResolvers<ClientChannel>()
  door.onSession = async ({ client }) => arrived.resolve(client)
  const key = newKey()
  await door.bind(key, bob)
  const attacker = await door.attacker()
  await attacker.sign(key)
  const wire: string[] = []
  const handlers = attacker.protocol._handlers
  for (const name of ['CHANNEL_REQUEST', 'CHANNEL_EOF', 'CHANNEL_CLOSE', 'CHANNEL_DATA', 'CHANNEL_EXTENDED_DATA']) {
    const original = handlers[name]
    handlers[name] = (...args) => {
      wire.push(name === 'CHANNEL_REQUEST' ? String(args[2]) : name)
      original?.(...args)
    }
  }
  const far = await new Promise<Ssh2ClientChannel>((resolve, reject) =>
    attacker.client.exec('true', (error, channel) => (error ? reject(error) : resolve(channel))),
  )
  return { attacker, near: await arrived.promise, far, wire }
}

const closed = (far: Ssh2ClientChannel) => new Promise<void>((resolve) => far.once('close', () => resolve()))

describe('the end of a channel', () => {
  it.each<[Exit, string]>([
    [{ kind: 'status', status: 3 }, 'exit-status'],
    [{ kind: 'signal', signal: 'SIGTERM' }, 'exit-signal'],
    [{ kind: 'signal', signal: 'TERM' }, 'exit-signal'],
    [{ kind: 'signal', signal: 'FOO@example.com' }, 'exit-status'],
    [{ kind: 'signal', signal: '' }, 'exit-status'],
    [{ kind: 'lost' }, 'exit-status'],
  ])('%o is sent after the output, then EOF, then close (RFC 4254 §5.3, §6.10)', async (exit, name) => {
    const { near, far, wire } = await opened()
    far.resume()
    await near.write(Buffer.from('out'), 'stdout')
    await near.write(Buffer.from('err'), 'stderr')
    await Promise.all([near.end(exit), closed(far)])
    expect(wire).toEqual(['CHANNEL_DATA', 'CHANNEL_EXTENDED_DATA', name, 'CHANNEL_EOF', 'CHANNEL_CLOSE'])
  })

  it('takes nothing after it', async () => {
    const { near, far } = await opened()
    far.resume()
    await Promise.all([near.end({ kind: 'status', status: 0 }), closed(far)])
    await expect(near.write(Buffer.from('late'), 'stdout')).rejects.toMatchObject({ code: 'unavailable' })
    await expect(near.write(Buffer.from('late'), 'stderr')).rejects.toMatchObject({ code: 'unavailable' })
    await near.end({ kind: 'status', status: 1 })
  })
})

const MIB = 1024 * 1024
const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex').slice(0, 16)

/** Fills the window from both streams in turn, while the client reads now and then; resolves to what came through. */
async function interleave({ near, far }: Opened) {
  const sent = { stdout: [] as Buffer[], stderr: [] as Buffer[] }
  const got = { stdout: [] as Buffer[], stderr: [] as Buffer[] }
  let bytes = 0
  far.on('data', (piece: Buffer) => {
    bytes += piece.length
    got.stdout.push(piece)
  })
  far.stderr.on('data', (piece: Buffer) => {
    bytes += piece.length
    got.stderr.push(piece)
  })
  for (const stream of ['stdout', 'stderr', 'stdout', 'stderr'] as const) {
    // More than one window of 2 MiB, so that each of these has to wait for it.
    const piece = randomBytes(3 * MIB)
    sent[stream].push(piece)
    await near.write(piece, stream)
  }
  const end = setTimeout(() => far.emit('given-up'), 1000)
  await new Promise<void>((resolve) => {
    far.once('given-up', resolve)
    const look = setInterval(() => {
      if (bytes < 12 * MIB) return
      clearInterval(look)
      resolve()
    }, 5)
    far.once('given-up', () => clearInterval(look))
  })
  clearTimeout(end)
  const sums = (pieces: typeof sent) => [hash(Buffer.concat(pieces.stdout)), hash(Buffer.concat(pieces.stderr))]
  return { sent: sums(sent), got: sums(got) }
}

describe('stdout and stderr under a full window', () => {
  it('keep their bytes', async () => {
    const { sent, got } = await interleave(await opened())
    expect(got).toEqual(sent)
  })

  it('would not, if a piece that was sent were not forgotten (ssh2 1.17); when this fails, ssh2 was mended', async () => {
    vi.resetModules()
    vi.doMock(INTERNALS, async (original) => ({ ...(await original<object>()), forgetSentPiece: () => {} }))
    const ends = await opened()
    // The client even ends the channel: what it is sent again is beyond its window.
    const result = await interleave(ends).catch(() => undefined)
    if (result !== undefined) expect(result.got).not.toEqual(result.sent)
  })
})

describe('a client that goes away', () => {
  it('in the middle of a write: the write is told, and the channel is closed', async () => {
    const { attacker, near, far } = await opened()
    far.pause()
    const written = near.write(randomBytes(8 * MIB), 'stdout')
    const refused = expect(written).rejects.toMatchObject({ code: 'unavailable' })
    setTimeout(() => attacker.leave(), 10)
    await refused
    expect(near.closed.aborted).toBe(true)
    await expect(near.write(Buffer.from('x'), 'stderr')).rejects.toMatchObject({ code: 'unavailable' })
  })

  it('by closing its channel only', async () => {
    const { near, far } = await opened()
    far.pause()
    const written = expect(near.write(randomBytes(8 * MIB), 'stderr')).rejects.toMatchObject({ code: 'unavailable' })
    far.close()
    await written
    expect(near.closed.aborted).toBe(true)
  })
})
