/** The tree against vectors that certificate transparency uses, against RFC 6962's own recursion, and against forgery. */
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  consistencyProof,
  type Hash,
  inclusionProof,
  isConsistent,
  isIncluded,
  leafHash,
  nodeHash,
  Tree,
} from '../../src/evidence/merkle.ts'

/** The eight leaves of the reference implementation's tests, and the root after each. */
const LEAVES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f']
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]

const hex = (hash: Hash) => Buffer.from(hash).toString('hex')
const treeOf = (leaves: readonly Uint8Array[]) => {
  const tree = new Tree()
  for (const leaf of leaves) tree.append(leafHash(leaf))
  return tree
}
const reference = treeOf(LEAVES.map((leaf) => Buffer.from(leaf, 'hex')))

/** MTH of RFC 6962 §2.1, word for word. */
function mth(leaves: readonly Uint8Array[]): Hash {
  if (leaves.length === 0) return createHash('sha256').digest()
  if (leaves.length === 1) return leafHash(leaves[0]!)
  let k = 1
  while (k * 2 < leaves.length) k *= 2
  return nodeHash(mth(leaves.slice(0, k)), mth(leaves.slice(k)))
}

const numbered = (count: number) => Array.from({ length: count }, (_, n) => Buffer.from(`leaf ${n}`))
const flipped = (hash: Hash, bit: number): Hash => {
  const copy = Uint8Array.from(hash)
  copy[Math.floor(bit / 8)]! ^= 1 << (bit % 8)
  return copy
}

describe('the Merkle tree', () => {
  it.each(ROOTS.map((root, size) => ({ size, root })))('has the reference root at $size', ({ size, root }) => {
    expect(hex(reference.root(size))).toBe(root)
  })

  it('has the reference consistency proof from 1 to 8', () => {
    expect(consistencyProof(1, 8, reference.read).map((hash) => Buffer.from(hash).toString('base64'))).toEqual([
      'lqKW0iTyhcZ77pPDD4owkVfw2qNdxbh+QQt4YwoJz8c=',
      'Xwg/ChozygdqlSeYMlgNs+DvRYS9/x9UyKNg9Q3jAx4=',
      'a0eq8p7jwq+a+Im8H7klTavTEXfxYjLdaqsDXKOb9uQ=',
    ])
  })

  it('has the root of RFC 6962’s recursion, at every size it grew through', () => {
    const leaves = numbered(300)
    const tree = treeOf(leaves)
    for (let size = 0; size <= leaves.length; size++) expect(hex(tree.root(size))).toBe(hex(mth(leaves.slice(0, size))))
  })

  it('proves every leaf in every tree up to 40, and every growth', () => {
    const tree = treeOf(numbered(40))
    for (let size = 0; size <= 40; size++) {
      const root = tree.root(size)
      for (let index = 0; index < size; index++) {
        const path = inclusionProof(index, size, tree.read)
        expect(isIncluded({ leaf: tree.read(0, index), index, size, root, path }), `${index} of ${size}`).toBe(true)
      }
      for (let before = 0; before <= size; before++) {
        const path = consistencyProof(before, size, tree.read)
        const first = { size: before, root: tree.root(before) }
        expect(isConsistent({ first, second: { size, root }, path }), `${before} to ${size}`).toBe(true)
      }
    }
  })

  it('takes no proof with another leaf, place, size, root or path', () => {
    const tree = treeOf(numbered(70))
    const sizes = fc.integer({ min: 1, max: 70 }).chain((size) => fc.tuple(fc.nat(size - 1), fc.constant(size)))
    const bits = fc.nat(255)
    fc.assert(
      fc.property(sizes, bits, fc.nat(), fc.nat(200), ([index, size], bit, at, other) => {
        const claim = {
          leaf: tree.read(0, index),
          index,
          size,
          root: tree.root(size),
          path: inclusionProof(index, size, tree.read),
        }
        expect(isIncluded(claim)).toBe(true)
        expect(isIncluded({ ...claim, leaf: flipped(claim.leaf, bit) })).toBe(false)
        expect(isIncluded({ ...claim, root: flipped(claim.root, bit) })).toBe(false)
        if (other !== index) expect(isIncluded({ ...claim, index: other })).toBe(false)
        expect(isIncluded({ ...claim, path: [...claim.path, claim.root] })).toBe(false)
        expect(isIncluded({ ...claim, path: [claim.root, ...claim.path] })).toBe(false)
        if (claim.path.length === 0) return
        const spot = at % claim.path.length
        expect(isIncluded({ ...claim, path: claim.path.with(spot, flipped(claim.path[spot]!, bit)) })).toBe(false)
        expect(isIncluded({ ...claim, path: claim.path.slice(1) })).toBe(false)
        expect(isIncluded({ ...claim, path: claim.path.slice(0, -1) })).toBe(false)
      }),
      { numRuns: 300 },
    )
  })

  it('finds that any earlier leaf was changed, dropped, added or swapped', () => {
    const kinds = fc.constantFrom('changed', 'dropped', 'added', 'swapped')
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 60 }), fc.nat(40), fc.nat(), kinds, (before, growth, at, kind) => {
        const leaves = numbered(before + growth)
        const honest = treeOf(leaves)
        const spot = at % before
        const forged = [...leaves]
        if (kind === 'changed') forged[spot] = Buffer.from('another')
        if (kind === 'dropped') forged.splice(spot, 1)
        if (kind === 'added') forged.splice(spot, 0, Buffer.from('another'))
        const next = (spot + 1) % before
        if (kind === 'swapped') [forged[spot], forged[next]] = [forged[next]!, forged[spot]!]
        const tree = treeOf(forged)
        if (tree.size < before) return
        const claim = {
          first: { size: before, root: honest.root(before) },
          second: { size: tree.size, root: tree.root() },
          path: consistencyProof(before, tree.size, tree.read),
        }
        expect(isConsistent(claim)).toBe(false)
        // Nor does the honest log's own proof help the forged one.
        if (growth > 0) {
          const path = consistencyProof(before, honest.size, honest.read)
          expect(isConsistent({ ...claim, path })).toBe(false)
        }
      }),
      { numRuns: 300 },
    )
  })

  it('refuses a log that became shorter, and a first tree of nothing that has a root', () => {
    const tree = treeOf(numbered(5))
    const at = (size: number) => ({ size, root: tree.root(size) })
    expect(isConsistent({ first: at(5), second: at(4), path: [] })).toBe(false)
    expect(isConsistent({ first: { size: 0, root: tree.root(5) }, second: at(5), path: [] })).toBe(false)
  })
})
