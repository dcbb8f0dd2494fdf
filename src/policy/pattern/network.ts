/** Networks in CIDR notation (RFC 4632; RFC 4291 §2.2 and §2.3 for IPv6), and whether an address is in one. */
import { type Certainty, certain } from './certainty.ts'
import { type Refusal, refuse } from './refusal.ts'

export interface Network {
  readonly source: string
  /** 16 of them; IPv4 is kept as ::ffff:0:0/96, so that a mapped address and the plain one are the same. */
  readonly bytes: readonly number[]
  /** Of the 128. */
  readonly prefix: number
}

const V4_PREFIX = 96

export function parseNetwork(source: string): Network | Refusal {
  const [, address, length] = /^([0-9a-fA-F:.]+)\/(\d{1,3})$/.exec(source) ?? []
  if (address === undefined || length === undefined)
    return refuse('a network looks like 10.0.0.0/8 or 2001:db8::/32; one address is 192.0.2.7/32')
  const bytes = parseAddress(address)
  if (bytes === undefined) return refuse(`“${address}” is no IP address`)
  const isV4 = !address.includes(':')
  const prefix = Number(length) + (isV4 ? V4_PREFIX : 0)
  if (prefix > 128) return refuse(`a prefix has ${isV4 ? 32 : 128} bits at most`)
  if (bytes.some((byte, index) => (byte & ~mask(prefix, index)) !== 0)) {
    return refuse(`the address has bits beyond its /${length}; is it another network that is meant?`)
  }
  return { source, bytes, prefix }
}

export function isInNetwork(network: Network, address: string): Certainty {
  const bytes = parseAddress(address)
  if (bytes === undefined) return 'unclear'
  return certain(network.bytes.every((byte, index) => byte === (bytes[index]! & mask(network.prefix, index))))
}

function mask(prefix: number, index: number): number {
  const bits = Math.max(0, Math.min(8, prefix - index * 8))
  return (0xff << (8 - bits)) & 0xff
}

/** Returns the 16 bytes of an IPv6 address, or of an IPv4 one mapped into IPv6; undefined where it is neither. */
export function parseAddress(text: string): readonly number[] | undefined {
  // Only an IPv6 address has a zone (RFC 4007 §11), of the characters that Node takes in one.
  const plain = text.replace(/%[0-9A-Za-z.:-]+$/, '')
  if (!plain.includes(':')) {
    const v4 = parseV4(text)
    return v4 === undefined ? undefined : [...Array<number>(10).fill(0), 0xff, 0xff, ...v4]
  }
  const lastColon = plain.lastIndexOf(':')
  const tail = plain.slice(lastColon + 1)
  if (!tail.includes('.')) return parseV6(plain)
  const v4 = parseV4(tail)
  if (v4 === undefined) return undefined
  const group = (high: number, low: number) => ((high << 8) | low).toString(16)
  return parseV6(`${plain.slice(0, lastColon)}:${group(v4[0]!, v4[1]!)}:${group(v4[2]!, v4[3]!)}`)
}

/** Four decimal numbers; leading zeros are refused, because some programs read them as octal. */
function parseV4(text: string): readonly number[] | undefined {
  const parts = text.split('.')
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part))) return undefined
  const bytes = parts.map(Number)
  return bytes.every((byte) => byte <= 255) ? bytes : undefined
}

function parseV6(text: string): readonly number[] | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const [head = [], rest = []] = halves.map((half) => (half === '' ? [] : half.split(':')))
  const missing = 8 - head.length - rest.length
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined
  const groups = [...head, ...Array<string>(halves.length === 1 ? 0 : missing).fill('0'), ...rest]
  if (!groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined
  return groups.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xff])
}
