/**
 * Where a browser is: the address its connection comes from. A header could say anything, so none is read; behind an
 * HTTP proxy this is the proxy's address, and the consent page will say that the two differ.
 */
import { BlockList, isIP } from 'node:net'
import type { Context } from 'hono'
import type { WebEnv } from './caller.ts'

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

/** Returns undefined when there is no connection, as in a test that calls the app as a function. */
export function browserAddress(c: Context<WebEnv>): string | undefined {
  const address = c.env?.incoming?.socket.remoteAddress
  return address === undefined ? undefined : plain(address)
}

export function isSameAddress(one: string, other: string): boolean {
  return plain(one) === plain(other) || (isLoopback(one) && isLoopback(other))
}

/** RFC 4291 §2.5.5.2: an IPv4 client of a dual-stack socket. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '')
}

function isLoopback(address: string): boolean {
  const text = plain(address)
  const family = isIP(text)
  return family !== 0 && loopback.check(text, family === 6 ? 'ipv6' : 'ipv4')
}
