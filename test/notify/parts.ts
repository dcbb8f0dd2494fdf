/** A receiver on a real HTTP server, and notifications of a real desk and vault that go there. */
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { NotifyRoute } from '../../src/config.ts'
import { type Notifications, startNotifications } from '../../src/notifications.ts'
import { openFileVault } from '../../src/vault/file-vault.ts'
import { readVaultKey } from '../../src/vault/key.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { newWorld, type World } from '../web/world.ts'

export interface Received {
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface Receiver {
  readonly url: URL
  readonly received: Received[]
  /** What the n-th request, from 1, is answered with; 0: the connection is cut. */
  answer: (nth: number) => number
  /** Resolves when this many requests were answered. */
  until(count: number): Promise<void>
  close(): void
}

export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = []
  let waiting: { readonly count: number; readonly resolve: () => void }[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const piece of request) body += piece
    received.push({ headers: request.headers, body })
    const status = receiver.answer(received.length)
    if (status === 0) request.socket.destroy()
    else
      response.writeHead(status, status === 302 ? { location: `${receiver.url.href}elsewhere` } : {}).end('<b>no</b>')
    for (const { resolve } of waiting.filter(({ count }) => count <= received.length)) resolve()
    waiting = waiting.filter(({ count }) => count > received.length)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const receiver: Receiver = {
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`),
    received,
    answer: () => 204,
    until: (count) =>
      received.length >= count ? Promise.resolve() : new Promise((resolve) => waiting.push({ count, resolve })),
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
  return receiver
}

export const KEY = Buffer.from(Array.from({ length: 32 }, (_, at) => at + 1))
export const SECRET = `whsec_${KEY.toString('base64')}`

export interface NotifyWorld {
  readonly world: World
  readonly clock: ManualClock
  /** Puts a secret into the vault. */
  put(name: string, text: string): Promise<void>
  start(...routes: readonly NotifyRoute[]): Notifications
  close(): Promise<void>
}

export async function notifyWorld(): Promise<NotifyWorld> {
  const clock = new ManualClock(new Date('2026-11-28T08:00:00Z'))
  const world = await newWorld(clock)
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-notify-'))
  const key = await readVaultKey({ env: KEY.toString('base64'), file: join(folder, 'none') })
  const vault = await openFileVault({ file: join(folder, 'vault.json'), key })
  await vault.put('hook', Buffer.from(`${SECRET}\n`))
  await vault.put('odd', Buffer.from('not a secret of that form'))
  let running: Notifications | undefined
  return {
    world,
    clock,
    put: (name, text) => vault.put(name, Buffer.from(text)),
    start(...notify) {
      const { desk, store, services } = world
      const { log, publicUrl } = services
      running = startNotifications({ notify }, { desk, vault, audit: store.audit, clock, log, publicUrl })
      return running
    },
    async close() {
      running?.close()
      await world.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
