/**
 * The web on a socket. Slow or silent clients are cut off by time and count, so that nobody can keep others out by
 * opening connections.
 */
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import type { Clock } from '../core/clock.ts'
import { BastionError } from '../core/errors.ts'
import { type WebOptions, webApp } from './app.ts'
import type { WebServices } from './services.ts'

const MAX_CONNECTIONS = 4000
const CLOSE_LIMIT_MS = 2000
const SWEEP_MS = 25
const REQUEST_LIMITS = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 10_000,
  maxHeaderSize: 16 * 1024,
}

export interface WebAddress extends WebOptions {
  readonly host: string
  /** 0: any that is free. */
  readonly port: number
}

export interface RunningWeb {
  readonly port: number
  close(): Promise<void>
}

export async function startWeb(services: WebServices, { host, port, ...options }: WebAddress): Promise<RunningWeb> {
  const app = webApp(services, options)
  const server = createAdaptorServer({
    fetch: app.fetch,
    overrideGlobalObjects: false,
    serverOptions: REQUEST_LIMITS,
  }) as Server
  server.maxConnections = MAX_CONNECTIONS
  try {
    await listen(server, host, port)
  } catch (error) {
    app.close()
    throw error
  }
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      app.close()
      return closeServer(server, services.clock)
    },
  }
}

/**
 * Takes no more connections, and resolves when there are none. What is being answered now gets a moment to end; a
 * connection is closed as soon as it has nothing to answer, which Node does by itself only for those idle already.
 */
function closeServer(server: Server, clock: Clock): Promise<void> {
  const closed = Promise.withResolvers<void>()
  let waitedMs = 0
  let stopTimer = () => {}
  const sweep = () => {
    if (waitedMs < CLOSE_LIMIT_MS) server.closeIdleConnections()
    else server.closeAllConnections()
    waitedMs += SWEEP_MS
    stopTimer = clock.after(SWEEP_MS, sweep)
  }
  server.close(() => {
    stopTimer()
    closed.resolve()
  })
  sweep()
  return closed.promise
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'EADDRINUSE' ? 'something else listens there' : 'the address cannot be used'
      reject(new BastionError('unavailable', `The web pages cannot be served at ${host}:${port}: ${why}.`, error))
    })
    server.listen(port, host, resolve)
  })
}
