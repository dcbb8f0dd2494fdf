/**
 * The Merkle tree of RFC 6962 §2.1, over SHA-256: its hashes, and the proofs that a leaf is in it and that it only grew.
 *
 * A tree is read through its perfect subtrees: `read(level, index)` is the hash over the leaves from `index · 2^level`
 * on, `2^level` of them. They never change once they are full, whatever comes behind them, so they can be kept for good.
 * Numbers are divided and not shifted: shifts would cut them at 32 bits.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import { BastionError } from '../core/errors.ts'

export type Hash = Uint8Array
export type ReadHash = (level: number, index: number) => Hash

export const HASH_BYTES = 32

/** Other prefixes for leaves and nodes, so that none can pass for the other (RFC 6962 §2.1). */
const LEAF = new Uint8Array([0])
const NODE = new Uint8Array([1])

export function leafHash(leaf: Uint8Array): Hash {
  return createHash('sha256').update(LEAF).update(leaf).digest()
}

export function nodeHash(left: Hash, right: Hash): Hash {
  return createHash('sha256').update(NODE).update(left).update(right).digest()
}

/** The hash of the first `size` leaves; that of none is the hash of nothing. */
export function rootHash(size: number, read: ReadHash): Hash {
  mustBe(isSize(size))
  return size === 0 ? createHash('sha256').digest() : rangeHash(0, size, read)
}

/** The audit path of the leaf `index` in the tree of `size` (RFC 6962 §2.1.1), from the leaf upwards. */
export function inclusionProof(index: number, size: number, read: ReadHash): readonly Hash[] {
  mustBe(isSize(size) && isSize(index) && index < size)
  const path: Hash[] = []
  let [start, end] = [0, size]
  while (end - start > 1) {
    const middle = start + split(end - start)
    if (index < middle) {
      path.push(rangeHash(middle, end, read))
      end = middle
    } else {
      path.push(rangeHash(start, middle, read))
      start = middle
    }
  }
  return path.reverse()
}

/** That the tree of `first` leaves is the beginning of that of `second` (RFC 6962 §2.1.2). */
export function consistencyProof(first: number, second: number, read: ReadHash): readonly Hash[] {
  mustBe(isSize(first) && isSize(second) && first <= second)
  if (first === 0 || first === second) return []
  const path: Hash[] = []
  let [start, end] = [0, second]
  while (first !== end) {
    const middle = start + split(end - start)
    if (first <= middle) {
      path.push(rangeHash(middle, end, read))
      end = middle
    } else {
      path.push(rangeHash(start, middle, read))
      start = middle
    }
  }
  // Who verifies has the first tree's own root already, so it is left out where it would be the first step.
  if (start !== 0) path.push(rangeHash(start, end, read))
  return path.reverse()
}

/** Reports whether the path leads from the leaf to the root (the algorithm of RFC 9162 §2.1.3.2). */
export function isIncluded(claim: {
  readonly leaf: Hash
  readonly index: number
  readonly size: number
  readonly root: Hash
  readonly path: readonly Hash[]
}): boolean {
  const { leaf, index, size, root, path } = claim
  if (!isSize(size) || !isSize(index) || index >= size || ![leaf, ...path].every(isHash)) return false
  let [node, last] = [index, size - 1]
  let hash = leaf
  for (const sibling of path) {
    if (last === 0) return false
    if (isOdd(node) || node === last) {
      hash = nodeHash(sibling, hash)
      while (!isOdd(node) && node !== 0) [node, last] = [half(node), half(last)]
    } else {
      hash = nodeHash(hash, sibling)
    }
    ;[node, last] = [half(node), half(last)]
  }
  return last === 0 && areSame(hash, root)
}

/** Reports whether the second tree begins with all of the first (the algorithm of RFC 9162 §2.1.4.2). */
export function isConsistent(claim: {
  readonly first: { readonly size: number; readonly root: Hash }
  readonly second: { readonly size: number; readonly root: Hash }
  readonly path: readonly Hash[]
}): boolean {
  const { first, second, path } = claim
  if (!isSize(first.size) || !isSize(second.size) || first.size > second.size || !path.every(isHash)) return false
  if (first.size === 0) return path.length === 0 && areSame(first.root, createHash('sha256').digest())
  if (first.size === second.size) return path.length === 0 && areSame(first.root, second.root)
  const [start, ...rest] = isPowerOfTwo(first.size) ? [first.root, ...path] : path
  if (start === undefined || !isHash(start) || path.length === 0) return false
  let [node, last] = [first.size - 1, second.size - 1]
  while (isOdd(node)) [node, last] = [half(node), half(last)]
  let [firstHash, secondHash] = [start, start]
  for (const sibling of rest) {
    if (last === 0) return false
    if (isOdd(node) || node === last) {
      firstHash = nodeHash(sibling, firstHash)
      secondHash = nodeHash(sibling, secondHash)
      while (!isOdd(node) && node !== 0) [node, last] = [half(node), half(last)]
    } else {
      secondHash = nodeHash(secondHash, sibling)
    }
    ;[node, last] = [half(node), half(last)]
  }
  return last === 0 && areSame(firstHash, first.root) && areSame(secondHash, second.root)
}

export function areSame(one: Hash, other: Hash): boolean {
  return isHash(one) && isHash(other) && timingSafeEqual(one, other)
}

/** A tree in memory: 64 bytes a leaf. */
export class Tree {
  readonly #levels: Hash[][] = [[]]

  get size(): number {
    return this.#levels[0]?.length ?? 0
  }

  append(leaf: Hash): void {
    mustBe(isHash(leaf))
    let hash = leaf
    for (let level = 0; ; level++) {
      const hashes = this.#levels[level] ?? []
      this.#levels[level] = hashes
      hashes.push(hash)
      const left = hashes.at(-2)
      if (isOdd(hashes.length) || left === undefined) return
      hash = nodeHash(left, hash)
    }
  }

  readonly read: ReadHash = (level, index) => {
    const hash = this.#levels[level]?.[index]
    if (hash === undefined) throw missing()
    return hash
  }

  root(size = this.size): Hash {
    return rootHash(size, this.read)
  }
}

export function missing(): BastionError {
  return new BastionError('not-found', 'The log of evidence does not reach so far.')
}

/** The hash over the leaves from `start` to before `end`; `start` must be where RFC 6962 would split. */
function rangeHash(start: number, end: number, read: ReadHash): Hash {
  const length = end - start
  if (isPowerOfTwo(length)) return read(Math.log2(length), start / length)
  const middle = start + split(length)
  return nodeHash(rangeHash(start, middle, read), rangeHash(middle, end, read))
}

/** The largest power of two below `length`. */
function split(length: number): number {
  let power = 1
  while (power * 2 < length) power *= 2
  return power
}

function isPowerOfTwo(value: number): boolean {
  return value >= 1 && Number.isInteger(Math.log2(value)) && 2 ** Math.log2(value) === value
}

function isOdd(value: number): boolean {
  return value % 2 === 1
}

function half(value: number): number {
  return Math.floor(value / 2)
}

function isSize(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0
}

function isHash(value: Uint8Array): boolean {
  return value.length === HASH_BYTES
}

function mustBe(holds: boolean): void {
  if (!holds) throw new BastionError('internal', 'The log of evidence was asked for what no log has.')
}
