/**
 * A small SSH target that runs local programs on a pseudo-terminal, for a demo on a machine where no sshd may be started.
 * It takes one key, serves shells, commands and the forwarded port that the stepped gate needs, and nothing else. Not
 * for production: everybody who gets in is the user that runs it.
 */
import { spawn } from 'node:child_process'
import { type AddressInfo, createServer, type Server as NetServer } from 'node:net'
import { userInfo } from 'node:os'
import type { Connection, ServerChannel, Session } from 'ssh2'
import ssh2 from 'ssh2'
import { isProved, parseOfferedKey } from './public-key.ts'

/** The part of node-pty's terminal that is used here; `pty/` makes one. */
export interface LocalTerminal {
  onData(listener: (data: string | Uint8Array) => void): unknown
  onExit(listener: (exit: { exitCode: number; signal?: number }) => void): unknown
  write(data: Buffer): void
  resize(cols: number, rows: number): void
  kill(signal?: string): void
}

export type OpenTerminal = (program: {
  readonly file: string
  readonly args: readonly string[]
  readonly cols: number
  readonly rows: number
  readonly term: string
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
}) => LocalTerminal

export interface LocalTargetOptions {
  readonly privateHostKey: string
  /** An authorized_keys line: who may come in. */
  readonly authorizedKey: string
  /** Where programs start; also their HOME. */
  readonly home: string
  readonly openTerminal: OpenTerminal
}

export interface LocalTarget {
  readonly port: number
  close(): Promise<void>
}

export async function startLocalTarget(options: LocalTargetOptions): Promise<LocalTarget> {
  const authorized = Buffer.from(options.authorizedKey.split(' ')[1] ?? '', 'base64')
  const clients = new Set<Connection>()
  const server = new ssh2.Server({ hostKeys: [options.privateHostKey] }, (client) => {
    clients.add(client)
    const forwards = new Map<string, NetServer>()
    client.on('error', () => {})
    client.on('close', () => {
      clients.delete(client)
      for (const forward of forwards.values()) forward.close()
    })
    client.on('authentication', (request) => {
      if (request.method !== 'publickey' || !request.key.data.equals(authorized)) return request.reject(['publickey'])
      const key = parseOfferedKey(request.key)
      if (key === undefined || (request.signature !== undefined && !isProved(key, request)))
        return request.reject(['publickey'])
      request.accept()
    })
    client.on('session', (accept) => serveSession(accept(), options))
    client.on('request', (accept, reject, name, info) => {
      if (name === 'tcpip-forward' && info.bindAddr === '127.0.0.1' && info.bindPort === 0) {
        forward(client, forwards, (port) => accept?.(port))
      } else if (name === 'cancel-tcpip-forward') {
        forwards.get(String(info.bindPort))?.close()
        accept?.()
      } else reject?.()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const client of clients) client.end()
      }),
  }
}

/** RFC 4254 §7.1, for the loopback and a port of our choice only. */
function forward(client: Connection, forwards: Map<string, NetServer>, onPort: (port: number) => void): void {
  const listener = createServer((socket) => {
    socket.on('error', () => {})
    const { port } = listener.address() as AddressInfo
    client.forwardOut('127.0.0.1', port, '127.0.0.1', socket.remotePort ?? 0, (error, channel) => {
      if (error) socket.destroy()
      else socket.pipe(channel).pipe(socket)
    })
  })
  listener.listen(0, '127.0.0.1', () => {
    const { port } = listener.address() as AddressInfo
    forwards.set(String(port), listener)
    onPort(port)
  })
}

function serveSession(session: Session, options: LocalTargetOptions): void {
  const { username, shell } = userInfo()
  const file = shell ?? '/bin/sh'
  const env: Record<string, string> = {
    PATH: process.env.PATH ?? '/usr/bin:/bin',
    HOME: options.home,
    USER: username,
    SHELL: file,
  }
  let size: { term: string; cols: number; rows: number } | undefined
  let terminal: LocalTerminal | undefined
  session.on('pty', (accept, _reject, info) => {
    size = { term: info.term || 'xterm', cols: info.cols || 80, rows: info.rows || 24 }
    accept?.()
  })
  session.on('env', (accept, _reject, info) => {
    env[info.key] = info.val
    accept?.()
  })
  session.on('window-change', (_accept, _reject, info) => terminal?.resize(info.cols, info.rows))
  session.on('signal', (_accept, _reject, info) => terminal?.kill(`SIG${info.name}`))
  const start = (channel: ServerChannel, args: readonly string[]) => {
    if (size === undefined) return runPlain(channel, file, args, { cwd: options.home, env })
    terminal = options.openTerminal({ file, args, ...size, cwd: options.home, env: { ...env, TERM: size.term } })
    terminal.onData((data) => channel.write(typeof data === 'string' ? Buffer.from(data) : data))
    terminal.onExit(({ exitCode }) => {
      channel.exit(exitCode)
      channel.end()
    })
    channel.on('data', (bytes: Buffer) => terminal?.write(bytes))
    channel.on('close', () => terminal?.kill())
  }
  session.on('shell', (accept) => start(accept(), ['-l']))
  session.on('exec', (accept, _reject, info) => start(accept(), ['-c', info.command]))
}

function runPlain(
  channel: ServerChannel,
  file: string,
  args: readonly string[],
  options: { cwd: string; env: Record<string, string> },
): void {
  const child = spawn(file, [...args], { ...options, stdio: 'pipe' })
  channel.pipe(child.stdin)
  child.stdin.on('error', () => {})
  child.stdout.pipe(channel, { end: false })
  child.stderr.pipe(channel.stderr, { end: false })
  child.on('close', (code) => {
    channel.exit(code ?? 255)
    channel.end()
  })
  channel.on('close', () => child.kill())
}
