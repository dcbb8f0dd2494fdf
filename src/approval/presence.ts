/** Who looks at the pages right now, so that a person whose command waits can be told whether anybody will see it soon. */
import type { Hold } from '../core/hold.ts'
import type { Principal } from '../core/principal.ts'
import { mayDecide, type RolesOf } from './reviewers.ts'

export class Presence {
  readonly #rolesOf: RolesOf
  readonly #pages = new Set<{ readonly person: Principal }>()

  constructor(rolesOf: RolesOf) {
    this.#rolesOf = rolesOf
  }

  /** To be called when somebody opens a page; the returned function when they close it. */
  enter(person: Principal): () => void {
    const page = { person }
    this.#pages.add(page)
    return () => this.#pages.delete(page)
  }

  /** Returns the names of those who may decide this hold and have a page open, each once. */
  reviewersOf(hold: Hold): readonly string[] {
    const people = new Map<string, string>()
    for (const { person } of this.#pages) {
      if (mayDecide(hold, person, this.#rolesOf).kind === 'may') people.set(person.id, person.name)
    }
    return [...people.values()].sort()
  }
}
