/**
 * What has changed lately, so that a page which lost its stream is told what it missed and nothing else. Of each thing the
 * newest change is kept, and of all together a bounded number and amount; whoever was away for longer than that reaches back,
 * or comes from another start of the bastion, has to ask for everything again.
 *
 * Whether somebody may hear of a change is judged when it is told, never when it is kept.
 */
import type { Debt } from '../core/debt.ts'
import type { Grant } from '../core/grant.ts'
import type { Hold } from '../core/hold.ts'
import { randomText } from '../core/ids.ts'

export type Change =
  | { readonly kind: 'hold'; readonly hold: Hold }
  | { readonly kind: 'grant'; readonly grant: Grant }
  | { readonly kind: 'debt'; readonly debt: Debt }
  | { readonly kind: 'sessions' }
  | { readonly kind: 'proposals' }

export const MOST_CHANGES = 500
/** Commands and screens may be long. */
export const MOST_CHARACTERS = 4 * 1024 * 1024

interface Past {
  readonly number: number
  readonly change: Change
  readonly characters: number
}

export class PastChanges {
  /** Another one for each start: the numbers of the one before say nothing. */
  readonly #start = randomText(10)
  /** By what changed, oldest change first. */
  readonly #past = new Map<string, Past>()
  #number = 0
  #characters = 0
  /** The newest change that is forgotten. */
  #forgotten = 0

  /** Of the newest change; what a page has seen up to here. */
  get id(): string {
    return `${this.#start}-${this.#number}`
  }

  /** Returns the change's id. */
  add(change: Change): string {
    this.#number += 1
    const key = keyOf(change)
    this.#forget(key)
    const past = { number: this.#number, change, characters: sizeOf(change) }
    this.#past.set(key, past)
    this.#characters += past.characters
    while (this.#past.size > MOST_CHANGES || this.#characters > MOST_CHARACTERS) this.#forgetOldest()
    return this.id
  }

  /** What has changed since this id, oldest first; undefined where that is not known any more. */
  since(id: string): readonly { readonly id: string; readonly change: Change }[] | undefined {
    const [, start, digits] = /^([a-z0-9]{1,64})-(0|[1-9]\d{0,14})$/.exec(id) ?? []
    const number = Number(digits)
    if (start !== this.#start || number > this.#number || number < this.#forgotten) return undefined
    return [...this.#past.values()]
      .filter((past) => past.number > number)
      .map((past) => ({ id: `${this.#start}-${past.number}`, change: past.change }))
  }

  #forgetOldest(): void {
    const [oldest] = this.#past
    if (oldest === undefined) return
    this.#forgotten = oldest[1].number
    this.#forget(oldest[0])
  }

  #forget(key: string): void {
    this.#characters -= this.#past.get(key)?.characters ?? 0
    this.#past.delete(key)
  }
}

function keyOf(change: Change): string {
  if (change.kind === 'hold') return `hold ${change.hold.id}`
  if (change.kind === 'grant') return `grant ${change.grant.id}`
  return change.kind === 'debt' ? `debt ${change.debt.hold}` : change.kind
}

/** About what it takes; the parts that a person can make long. */
function sizeOf(change: Change): number {
  if (change.kind === 'sessions' || change.kind === 'proposals') return 0
  if (change.kind === 'grant') return change.grant.text.length
  if (change.kind === 'debt') return change.debt.reason.length
  const { action, screen, explanations, decisions } = change.hold
  // A command's parse says its text once more.
  const texts = [...screen, ...explanations.map(({ text }) => text), ...decisions.map(({ reason }) => reason)]
  return texts.reduce((sum, text) => sum + text.length, 2 * action.text.length)
}
