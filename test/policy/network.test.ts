import { BlockList, isIP } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isInNetwork, parseAddress, parseNetwork } from '../../src/policy/pattern/network.ts'
import { isRefusal } from '../../src/policy/pattern/refusal.ts'

const v4 = fc.ipV4()
const v6 = fc.ipV6()

describe('networks', () => {
  it('know an address where Node does', () => {
    fc.assert(
      fc.property(
        fc.oneof(v4, v6, fc.string({ unit: fc.constantFrom(...'0123456789abcdef:.%') })),
        (text) => void expect(parseAddress(text) !== undefined).toBe(isIP(text) !== 0),
      ),
      { numRuns: 2000, examples: [['::%:'], ['1.2.3.4%a'], ['::1%_']] },
    )
  })

  it('contain what Node’s block list contains', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.tuple(v4, v4, fc.nat(32), fc.constant('ipv4' as const)),
          fc.tuple(v6, v6, fc.nat(128), fc.constant('ipv6' as const)),
        ),
        ([base, address, prefix, family]) => {
          const network = parseNetwork(`${base}/${prefix}`)
          if (isRefusal(network)) return
          const list = new BlockList()
          list.addSubnet(base, prefix, family)
          expect(isInNetwork(network, address)).toBe(list.check(address, family) ? 'yes' : 'no')
          expect(isInNetwork(network, base)).toBe('yes')
        },
      ),
      { numRuns: 2000 },
    )
  })

  it.each([
    '10.0.0.0',
    '10.0.0.1/8',
    '10.0.0.0/33',
    '::/129',
    '1.2.3/8',
    '10.0.0.0/-1',
    '010.0.0.0/8',
    ':::/0',
    'fe80::%eth0/64',
    '',
  ])('refuse %s', (source) => {
    expect(isRefusal(parseNetwork(source))).toBe(true)
  })
})
