/**
 * A tree of which only the right edge is kept: one hash for each set bit of its size. It grows and gives its root, and
 * takes no more memory for a billion leaves than for a thousand.
 */
import { createHash } from 'node:crypto'
import { type Hash, nodeHash } from './merkle.ts'

/** Called for each perfect subtree that a new leaf completes, the leaf itself included. */
export type OnNode = (level: number, index: number, hash: Hash) => void

export class Frontier {
  #size = 0
  /** By level; the node over the last leaves, where the size has that bit. */
  #nodes: (Hash | undefined)[] = []

  /** `nodes[level]` for each set bit of `size`. */
  static of(size: number, nodes: readonly (Hash | undefined)[]): Frontier {
    const frontier = new Frontier()
    frontier.#size = size
    frontier.#nodes = [...nodes]
    return frontier
  }

  get size(): number {
    return this.#size
  }

  append(leaf: Hash, onNode?: OnNode): void {
    let [hash, level, index] = [leaf, 0, this.#size]
    onNode?.(level, index, hash)
    for (let left = this.#nodes[level]; left !== undefined; left = this.#nodes[level]) {
      this.#nodes[level] = undefined
      hash = nodeHash(left, hash)
      level++
      index = Math.floor(index / 2)
      onNode?.(level, index, hash)
    }
    this.#nodes[level] = hash
    this.#size++
  }

  root(): Hash {
    let root: Hash | undefined
    for (const node of this.#nodes) {
      if (node !== undefined) root = root === undefined ? node : nodeHash(node, root)
    }
    return root ?? createHash('sha256').digest()
  }

  copy(): Frontier {
    return Frontier.of(this.#size, this.#nodes)
  }
}
