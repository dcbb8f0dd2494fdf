/**
 * The growing side of the stored tree: the last tile of each level and the root over all, taken up again after a restart
 * from the tiles alone. 8 KiB for each factor of 256.
 */
import type { StoredTile } from '../core/evidence.ts'
import { Frontier } from './frontier.ts'
import { HASH_BYTES, type Hash, nodeHash } from './merkle.ts'
import { TILE_WIDTH } from './tiles.ts'

const TILE_HEIGHT = 8

interface Open {
  index: number
  hashes: Hash[]
}

export class Edge {
  readonly #frontier: Frontier
  /** By level of tiles: the one that is being filled. */
  readonly #open: Open[]
  #full: StoredTile[] = []

  private constructor(frontier: Frontier, open: Open[]) {
    this.#frontier = frontier
    this.#open = open
  }

  /** Takes up a tree of `size`; undefined where a tile is missing or too short. */
  static async load(
    size: number,
    tile: (level: number, index: number) => Promise<Uint8Array | undefined>,
  ): Promise<Edge | undefined> {
    const open: Open[] = []
    const nodes: (Hash | undefined)[] = []
    for (let level = 0; ; level++) {
      const count = Math.floor(size / TILE_WIDTH ** level)
      if (count === 0) return new Edge(Frontier.of(size, nodes), open)
      const width = count % TILE_WIDTH
      const index = Math.floor(count / TILE_WIDTH)
      const bytes = width === 0 ? new Uint8Array() : await tile(level, index)
      if (bytes === undefined || bytes.length < width * HASH_BYTES) return undefined
      const hashes = Array.from({ length: width }, (_, at) => bytes.slice(at * HASH_BYTES, (at + 1) * HASH_BYTES))
      open[level] = { index, hashes }
      // Each set bit of the width is a perfect subtree that ends where the longer ones before it end.
      for (let bit = 0, end = width; bit < TILE_HEIGHT; bit++) {
        const length = 2 ** bit
        if (Math.floor(width / length) % 2 === 0) continue
        nodes[level * TILE_HEIGHT + bit] = over(hashes.slice(end - length, end))
        end -= length
      }
    }
  }

  get size(): number {
    return this.#frontier.size
  }

  append(leaf: Hash): void {
    this.#frontier.append(leaf, (height, index, hash) => {
      if (height % TILE_HEIGHT !== 0) return
      const level = height / TILE_HEIGHT
      const open = this.#open[level] ?? { index: Math.floor(index / TILE_WIDTH), hashes: [] }
      this.#open[level] = open
      open.hashes.push(hash)
      if (open.hashes.length < TILE_WIDTH) return
      this.#full.push({ level, index: open.index, hashes: Buffer.concat(open.hashes) })
      this.#open[level] = { index: open.index + 1, hashes: [] }
    })
  }

  root(): Hash {
    return this.#frontier.root()
  }

  /** What is to be stored for the root to be provable; full tiles are given once. */
  takeTiles(): readonly StoredTile[] {
    const full = this.#full
    this.#full = []
    const partial = this.#open.flatMap(({ index, hashes }, level) =>
      hashes.length === 0 ? [] : [{ level, index, hashes: Buffer.concat(hashes) }],
    )
    return [...full, ...partial]
  }
}

function over(hashes: readonly Hash[]): Hash {
  const [first] = hashes
  if (hashes.length === 1 && first !== undefined) return first
  const middle = hashes.length / 2
  return nodeHash(over(hashes.slice(0, middle)), over(hashes.slice(middle)))
}
