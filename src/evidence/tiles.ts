/**
 * The tree as C2SP tlog-tiles keeps it: files of at most 256 hashes that are written once, so that any web server or
 * object store can serve the log, and anybody can compute a proof. Tile `index` of `level` has the perfect subtrees of
 * `256^level` leaves each.
 */
import { BastionError } from '../core/errors.ts'
import { HASH_BYTES, type Hash, missing, nodeHash, type ReadHash } from './merkle.ts'

export const TILE_WIDTH = 256
/** Of a tile: 2^8 is its width. */
const TILE_HEIGHT = 8

export interface Tile {
  readonly level: number
  readonly index: number
  /** 1 to 256; below 256 the tile is partial. */
  readonly width: number
}

/** `tile/0/x001/x234/067`, and `tile/0/005.p/12` where it is partial. */
export function tilePath(tile: Tile): string {
  return `tile/${tile.level}/${indexPath(tile)}`
}

/** Where the entries behind a tile of level 0 are. */
export function entriesPath(tile: Pick<Tile, 'index' | 'width'>): string {
  return `tile/entries/${indexPath(tile)}`
}

function indexPath({ index, width }: Pick<Tile, 'index' | 'width'>): string {
  const digits = String(index)
  const parts = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/\d{3}/g) ?? []
  const path = parts.map((part, at) => (at === parts.length - 1 ? part : `x${part}`)).join('/')
  return width === TILE_WIDTH ? path : `${path}.p/${width}`
}

/** The tiles that a tree of `size` has and one of `before` had not: what is to be written as it grows. */
export function newTiles(before: number, size: number): readonly Tile[] {
  const tiles: Tile[] = []
  for (let level = 0; ; level++) {
    const had = Math.floor(before / TILE_WIDTH ** level)
    const has = Math.floor(size / TILE_WIDTH ** level)
    if (has === 0) return tiles
    if (has === had) continue
    for (let index = Math.floor(had / TILE_WIDTH); index * TILE_WIDTH < has; index++) {
      tiles.push({ level, index, width: Math.min(TILE_WIDTH, has - index * TILE_WIDTH) })
    }
  }
}

export function tileBytes({ level, index, width }: Tile, read: ReadHash): Uint8Array {
  const bytes = new Uint8Array(width * HASH_BYTES)
  for (let at = 0; at < width; at++) {
    bytes.set(read(level * TILE_HEIGHT, index * TILE_WIDTH + at), at * HASH_BYTES)
  }
  return bytes
}

/**
 * Reads the hashes of a tree of `size` out of its tiles; those between two levels of tiles are computed. `tile` gives
 * the bytes of the widest tile that this size has. Nothing is trusted: what tiles say must lead to a signed root.
 */
export function readTiles(size: number, tile: (tile: Tile) => Uint8Array): ReadHash {
  const read: ReadHash = (level, index) => {
    const height = level % TILE_HEIGHT
    if (height !== 0) return nodeHash(read(level - 1, index * 2), read(level - 1, index * 2 + 1))
    const tileLevel = level / TILE_HEIGHT
    const count = Math.floor(size / TILE_WIDTH ** tileLevel)
    if (index >= count) throw missing()
    const tileIndex = Math.floor(index / TILE_WIDTH)
    const width = Math.min(TILE_WIDTH, count - tileIndex * TILE_WIDTH)
    const bytes = tile({ level: tileLevel, index: tileIndex, width })
    if (bytes.length !== width * HASH_BYTES) {
      const path = tilePath({ level: tileLevel, index: tileIndex, width })
      throw new BastionError('untrusted', `${path} has ${bytes.length} bytes and must have ${width * HASH_BYTES}.`)
    }
    return hashAt(bytes, index % TILE_WIDTH)
  }
  return read
}

function hashAt(bytes: Uint8Array, at: number): Hash {
  return bytes.slice(at * HASH_BYTES, (at + 1) * HASH_BYTES)
}
