/**
 * Who and what there is, for tools that ask what a policy would answer. A bastion hears of people from the identity
 * provider and of targets from its configuration; here they are told by a `*.test.yaml`, or by a file with the same
 * `people` and `targets` and no tests.
 */
import { principalId } from '../core/ids.ts'
import type { Principal } from '../core/principal.ts'
import type { Target } from '../core/target.ts'
import { type PeopleFile, peopleFile } from './language/test-file.ts'
import { checkTestNames } from './names.ts'
import { readFile, type Source } from './shape/document.ts'
import type { Problem } from './shape/problem.ts'

export type PeopleResult =
  | { readonly kind: 'ok'; readonly people: readonly Principal[]; readonly targets: readonly Target[] }
  | { readonly kind: 'broken'; readonly problems: readonly Problem[] }

type TargetFacts = NonNullable<ReturnType<NonNullable<PeopleFile['targets']>['get']>>

const ISSUER = 'https://policy.test'
const USUAL_LOGIN = 'user'

/** Never throws for what stands in the file. */
export function readPeople(source: Source): PeopleResult {
  const read = readFile(source, peopleFile, checkTestNames)
  if (read.kind === 'broken') return read
  const { people, targets } = read.value
  return {
    kind: 'ok',
    people: [...people].map(([name, { groups }]) => principalNamed(name, groups)),
    targets: [...(targets ?? [])].map(([name, facts]) => targetNamed(name, facts)),
  }
}

export function principalNamed(name: string, groups: readonly string[]): Principal {
  return { id: principalId(ISSUER, name), issuer: ISSUER, subject: name, name, email: undefined, groups }
}

export function targetNamed(name: string, facts: TargetFacts | undefined): Target {
  const logins = facts?.logins ?? [USUAL_LOGIN]
  return {
    name,
    protocol: 'ssh',
    host: name,
    port: 22,
    login: logins[0] ?? USUAL_LOGIN,
    logins,
    labels: Object.fromEntries(facts?.labels ?? []),
    hostKeys: [],
    credential: 'none',
  }
}
