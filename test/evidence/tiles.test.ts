/** Tiles: the specification's own examples, and that a tree comes back out of its files. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { consistencyProof, inclusionProof, isIncluded, leafHash, rootHash, Tree } from '../../src/evidence/merkle.ts'
import { entriesPath, newTiles, readTiles, type Tile, tileBytes, tilePath } from '../../src/evidence/tiles.ts'

const treeOf = (size: number) => {
  const tree = new Tree()
  for (let n = 0; n < size; n++) tree.append(leafHash(Buffer.from(String(n))))
  return tree
}

const hex = (hashes: readonly Uint8Array[]) => hashes.map((hash) => Buffer.from(hash).toString('hex'))

describe('tiles', () => {
  it('have the paths of the specification', () => {
    expect(tilePath({ level: 0, index: 1_234_067, width: 256 })).toBe('tile/0/x001/x234/067')
    expect(tilePath({ level: 1, index: 0, width: 17 })).toBe('tile/1/000.p/17')
    expect(entriesPath({ index: 1000, width: 255 })).toBe('tile/entries/x001/000.p/255')
  })

  it('are those that the specification counts for a tree of 70 000, and of 256', () => {
    const tiles = newTiles(0, 70_000)
    const at = (level: number) => tiles.filter((tile) => tile.level === level)
    expect(at(0).filter((tile) => tile.width === 256)).toHaveLength(273)
    expect(at(0).filter((tile) => tile.width < 256)).toEqual([{ level: 0, index: 273, width: 112 }])
    expect(at(1).map((tile) => tile.width)).toEqual([256, 17])
    expect(at(2)).toEqual([{ level: 2, index: 0, width: 1 }])
    expect(newTiles(0, 256)).toEqual([
      { level: 0, index: 0, width: 256 },
      { level: 1, index: 0, width: 1 },
    ])
  })

  it('give back the tree, however it grew: roots, inclusion and consistency', () => {
    const tree = treeOf(1500)
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 4 }), fc.nat(), (steps, at) => {
        const files = new Map<string, Uint8Array>()
        let size = 0
        for (const step of steps) {
          const grown = Math.min(1500, size + step)
          for (const tile of newTiles(size, grown)) files.set(tilePath(tile), tileBytes(tile, tree.read))
          size = grown
        }
        const read = readTiles(size, (tile: Tile) => files.get(tilePath(tile)) ?? new Uint8Array())
        expect(hex([rootHash(size, read)])).toEqual(hex([tree.root(size)]))
        const index = at % size
        const path = inclusionProof(index, size, read)
        expect(isIncluded({ leaf: read(0, index), index, size, root: tree.root(size), path })).toBe(true)
        expect(hex(consistencyProof(index, size, read))).toEqual(hex(consistencyProof(index, size, tree.read)))
      }),
      { numRuns: 40 },
    )
  })

  it('are refused where they are cut, and not read beyond the size', () => {
    const tree = treeOf(300)
    const cut = readTiles(300, (tile) => tileBytes(tile, tree.read).subarray(tile.level === 0 ? 1 : 0))
    // A root needs of level 0 only what no tile above covers; a leaf needs its own tile.
    expect(() => rootHash(300, cut)).toThrow('tile/0/001.p/44 has 1407 bytes and must have 1408.')
    expect(() => cut(0, 0)).toThrow('tile/0/000 has 8191 bytes and must have 8192.')
    const whole = readTiles(300, (tile) => tileBytes(tile, tree.read))
    expect(() => whole(0, 300)).toThrow('does not reach so far')
  })
})
