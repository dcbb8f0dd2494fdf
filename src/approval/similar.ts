/**
 * What was decided before about the same or nearly the same thing, for whoever has to decide now. It advises a person and
 * decides nothing.
 */
import type { Hold } from '../core/hold.ts'

const DECIDED = new Set<Hold['state']['kind']>(['approved', 'running', 'done', 'unknown', 'rejected', 'revoked'])

/** Returns those of `others` that a person decided and that are like `hold`: the same text first, then the order given. */
export function similarDecided(hold: Hold, others: readonly Hold[]): readonly Hold[] {
  const like = others.filter((other) => other.id !== hold.id && DECIDED.has(other.state.kind) && isLike(hold, other))
  const isSame = (other: Hold) => other.action.text === hold.action.text
  return [...like.filter(isSame), ...like.filter((other) => !isSame(other))]
}

/** On the same target, and the same words or the same commands. Where a command's name is not known, nothing is like it. */
function isLike(one: Hold, other: Hold): boolean {
  if (one.action.target.name !== other.action.target.name || one.action.kind !== other.action.kind) return false
  if (one.action.text === other.action.text) return true
  const names = namesOf(one)
  return names !== undefined && names === namesOf(other)
}

function namesOf({ action }: Hold): string | undefined {
  const names = action.commands.map(({ name }) => name)
  if (names.length === 0 || names.includes(undefined)) return undefined
  return JSON.stringify([...new Set(names)].sort())
}
