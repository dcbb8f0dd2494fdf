/**
 * An HTTP proxy between a store and who uses it, that does to each request what the test says: nothing, or one of the things
 * that networks and servers do. What it does to an answer, it does after the server has acted.
 */
import { createServer, type IncomingHttpHeaders, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Fault =
  | 'none'
  | 'slow'
  | 'error-500'
  | 'error-503'
  | 'forbidden'
  | 'full'
  | 'skewed'
  | 'reset-before'
  | 'reset-behind'
  | 'cut-answer'
  | 'wrong-etag'
  | 'wrong-body'
  | 'cut-request'

export const FAULTS: readonly Fault[] = [
  'none',
  'slow',
  'error-500',
  'error-503',
  'forbidden',
  'full',
  'skewed',
  'reset-before',
  'reset-behind',
  'cut-answer',
  'wrong-etag',
  'wrong-body',
  'cut-request',
]

export interface FaultyProxy {
  readonly url: URL
  /** Asked for each request. */
  next: (method: string, path: string) => Fault
  /** The headers of the last PUT. */
  readonly lastPut: () => IncomingHttpHeaders
  /** How often each fault was played. */
  readonly played: ReadonlyMap<Fault, number>
  close(): Promise<void>
}

const ERRORS: Partial<Record<Fault, readonly [number, string]>> = {
  'error-500': [500, 'InternalError'],
  'error-503': [503, 'SlowDown'],
  forbidden: [403, 'AccessDenied'],
  full: [507, 'InsufficientStorage'],
  skewed: [403, 'RequestTimeTooSkewed'],
}

/** With `keepsConditions` it refuses what `If-None-Match: *` forbids (RFC 9110 §13.1.2), for a server that does not. */
export async function startFaultyProxy(
  target: URL,
  { keepsConditions = false }: { readonly keepsConditions?: boolean } = {},
): Promise<FaultyProxy> {
  const played = new Map<Fault, number>()
  let lastPut: IncomingHttpHeaders = {}
  const server = createServer((incoming, outgoing) => {
    const fault = proxy.next(incoming.method ?? '', incoming.url ?? '')
    played.set(fault, (played.get(fault) ?? 0) + 1)
    if (incoming.method === 'PUT') lastPut = incoming.headers
    void handle(fault, incoming, outgoing, { target, keepsConditions })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const proxy: FaultyProxy = {
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    next: () => 'none',
    played,
    lastPut: () => lastPut,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return proxy
}

async function handle(
  fault: Fault,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { target, keepsConditions }: { readonly target: URL; readonly keepsConditions: boolean },
): Promise<void> {
  const parts: Buffer[] = []
  for await (const part of incoming) parts.push(part as Buffer)
  const body = Buffer.concat(parts)
  if (fault === 'reset-before') return void incoming.socket.resetAndDestroy()
  const mustBeNew = keepsConditions && incoming.headers['if-none-match'] === '*'
  const isTaken = mustBeNew && (await fetch(new URL(incoming.url ?? '', target), { method: 'HEAD' })).ok
  const error = isTaken ? ([412, 'PreconditionFailed'] as const) : ERRORS[fault]
  if (error !== undefined) {
    const [status, code] = error
    outgoing.writeHead(status, { 'content-type': 'application/xml', date: new Date().toUTCString() })
    return void outgoing.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>a test’s</Message></Error>`)
  }
  const onward = request(
    {
      host: target.hostname,
      port: target.port,
      method: incoming.method,
      path: incoming.url,
      headers: incoming.headers,
    },
    async (answer) => {
      const got: Buffer[] = []
      for await (const part of answer) got.push(part as Buffer)
      finish(fault, answer, Buffer.concat(got), outgoing)
    },
  )
  onward.on('error', () => incoming.socket.destroy())
  if (fault === 'cut-request') {
    // The connection to the server breaks in the middle of the body.
    onward.write(body.subarray(0, body.length >> 1), () => onward.destroy())
    return
  }
  onward.end(body)
}

function finish(fault: Fault, answer: IncomingMessage, body: Buffer, outgoing: ServerResponse): void {
  const status = answer.statusCode ?? 500
  switch (fault) {
    case 'reset-behind':
      return void outgoing.socket?.resetAndDestroy()
    case 'cut-answer':
      outgoing.writeHead(status, { ...answer.headers, 'content-length': String(body.length + 10) })
      outgoing.write(body.subarray(0, body.length >> 1))
      return void setImmediate(() => outgoing.socket?.destroy())
    case 'wrong-etag':
      outgoing.writeHead(status, { ...answer.headers, etag: '"00000000000000000000000000000000"' })
      return void outgoing.end(body)
    case 'wrong-body':
      outgoing.writeHead(status, answer.headers)
      return void outgoing.end(Buffer.from(body).map((byte, at) => (at === 0 ? byte ^ 1 : byte)))
    case 'slow': {
      // Byte by byte, as far as a test has the patience.
      outgoing.writeHead(status, answer.headers)
      const drip = (at: number): void => {
        if (at >= body.length || at >= 50) return void outgoing.end(body.subarray(at))
        outgoing.write(body.subarray(at, at + 1), () => setImmediate(() => drip(at + 1)))
      }
      drip(0)
      return
    }
    default:
      outgoing.writeHead(status, answer.headers)
      outgoing.end(body)
  }
}
