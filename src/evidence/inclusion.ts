/**
 * That an audit event is in the log: the path from its leaf to the root of a signed checkpoint, computed out of the tiles
 * that lie in the store, and written as C2SP tlog-proof has it. Who has the event's row, this text and the log's public
 * key needs nothing else, and need not trust who brought them.
 */
import { BastionError } from '../core/errors.ts'
import type { EvidenceStore } from '../core/evidence.ts'
import { eventHash } from './leaf.ts'
import { type LogCheckpoint, openLogCheckpoint } from './log-checkpoint.ts'
import { HASH_BYTES, type Hash, inclusionProof, isIncluded } from './merkle.ts'
import { decode, type NoteVerifier } from './note.ts'
import { readTiles, TILE_WIDTH, type Tile, tilePath } from './tiles.ts'

export interface EventProof {
  readonly seq: number
  /** c2sp.org/tlog-proof */
  readonly text: string
}

type ProofSource = Pick<EvidenceStore, 'tile' | 'lastCheckpoint'>

const HEADER = 'c2sp.org/tlog-proof@v1'
/** A tree of 2^63 leaves has no longer path. */
const LONGEST_PATH = 63

/**
 * Proves each of these events to the newest checkpoint. Those behind it are left out: nobody has signed them yet, which
 * takes ten seconds at most. Rejects with `untrusted` where the stored hashes lead nowhere.
 */
export async function proveEvents(
  store: ProofSource,
  seqs: readonly number[],
  log: NoteVerifier,
): Promise<readonly EventProof[]> {
  const last = await store.lastCheckpoint()
  if (last === undefined) return []
  const checkpoint = openLogCheckpoint(last.note, log)
  const tiles = new Map<string, Uint8Array>()
  const proofs: EventProof[] = []
  for (const seq of seqs) {
    if (seq > checkpoint.size) continue
    const path = await pathOf(store, { index: seq - 1, size: checkpoint.size, tiles })
    proofs.push({ seq, text: formatProof(seq - 1, path, last.note) })
  }
  return proofs
}

/**
 * Returns the checkpoint that a proof leads to; throws `untrusted` where it does not lead there from this very event, or the
 * log has not signed it.
 */
export function openEventProof(
  text: string,
  { seq, digest, log }: { readonly seq: number; readonly digest: string; readonly log: NoteVerifier },
): LogCheckpoint {
  const { index, path, note } = parseProof(text)
  const checkpoint = openLogCheckpoint(note, log)
  const { size, root } = checkpoint
  if (index !== seq - 1 || !isIncluded({ leaf: eventHash(seq, digest), index, size, root, path })) {
    throw untrusted('it does not lead from this event to the root that was signed')
  }
  return checkpoint
}

function formatProof(index: number, path: readonly Hash[], note: string): string {
  const lines = [HEADER, `index ${index}`, ...path.map((hash) => Buffer.from(hash).toString('base64'))]
  return `${lines.join('\n')}\n\n${note}`
}

/** Strictly: an `extra` line is none of ours, and what it would say is covered by no signature. */
function parseProof(text: string): { readonly index: number; readonly path: readonly Hash[]; readonly note: string } {
  const border = text.indexOf('\n\n')
  const [header, indexLine = '', ...hashes] = text.slice(0, Math.max(0, border)).split('\n')
  const index = Number(/^index (0|[1-9][0-9]{0,15})$/.exec(indexLine)?.[1])
  if (header !== HEADER || !Number.isSafeInteger(index) || hashes.length > LONGEST_PATH) throw untrusted('it is none')
  const path = hashes.map((line) => {
    const hash = decode(line)
    if (hash?.length !== HASH_BYTES) throw untrusted('one of its hashes cannot be read')
    return hash
  })
  return { index, path, note: text.slice(border + 2) }
}

/** Tiles are read one by one and the tree wants them at once, so those that a path can need are fetched before. */
async function pathOf(
  store: ProofSource,
  { index, size, tiles }: { readonly index: number; readonly size: number; readonly tiles: Map<string, Uint8Array> },
): Promise<readonly Hash[]> {
  for (const tile of tilesOfPath(index, size)) {
    if (tiles.has(tilePath(tile))) continue
    // One that has grown since begins with what it was.
    const stored = (await store.tile(tile.level, tile.index)) ?? new Uint8Array()
    tiles.set(tilePath(tile), stored.subarray(0, tile.width * HASH_BYTES))
  }
  return inclusionProof(
    index,
    size,
    readTiles(size, (tile) => tiles.get(tilePath(tile)) ?? new Uint8Array()),
  )
}

/** On each level the tile over the leaf, and the last one: the right edge of the tree is a sibling of every path. */
function tilesOfPath(leaf: number, size: number): readonly Tile[] {
  const tiles: Tile[] = []
  for (let level = 0; ; level++) {
    const count = Math.floor(size / TILE_WIDTH ** level)
    if (count === 0) return tiles
    const last = Math.floor((count - 1) / TILE_WIDTH)
    const own = Math.min(last, Math.floor(leaf / TILE_WIDTH ** (level + 1)))
    for (const index of new Set([own, last])) {
      tiles.push({ level, index, width: Math.min(TILE_WIDTH, count - index * TILE_WIDTH) })
    }
  }
}

function untrusted(why: string): BastionError {
  return new BastionError('untrusted', `The proof cannot be trusted: ${why}.`)
}
