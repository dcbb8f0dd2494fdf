/**
 * What the `policy` commands work with: a policy file, and who and what there is. A bastion learns of people from its
 * identity provider; these commands run without one, so people are looked for in files, and nobody is made up: a name
 * that is found nowhere is an error, not a person without groups.
 */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { relative, resolve } from 'node:path'
import { catalogueOf } from './catalogue-file.ts'
import type { PolicyChoice } from './cli/policy.ts'
import type { Config } from './config.ts'
import type { Analysis } from './core/action.ts'
import { BastionError } from './core/errors.ts'
import type { Principal } from './core/principal.ts'
import type { Target } from './core/target.ts'
import { DEMO_PEOPLE } from './demo/identity-people.ts'
import { principalNamed, readPeople, targetNamed } from './policy/people.ts'
import { formatProblem, type Policy, parsePolicy } from './policy/policy.ts'
import { requireConfig } from './required-config.ts'
import { createAnalyser } from './shell/analyse.ts'

export interface Surroundings {
  /** Undefined: there is none, and the demo's people and targets stand in. */
  readonly config: Config | undefined
  readonly policyFile: string
}

export interface Known {
  readonly people: readonly Principal[]
  readonly targets: readonly Target[]
  /** A test file that could tell more if it were mended. */
  readonly unreadable: string | undefined
}

const USUAL_CONFIG = 'sallyport.yaml'
const SHIPPED_POLICY = resolve(import.meta.dirname, '../policies/default.yaml')
const DEMO_TARGETS: readonly Target[] = [
  targetNamed('web-1', { labels: new Map([['env', 'prod']]), logins: ['deploy'] }),
  targetNamed('web-2', { labels: new Map([['env', 'staging']]), logins: ['deploy'] }),
]

export function surroundings(choice: PolicyChoice): Surroundings {
  const file = choice.config ?? process.env.SALLYPORT_CONFIG ?? (existsSync(USUAL_CONFIG) ? USUAL_CONFIG : undefined)
  const config = file === undefined ? undefined : requireConfig(file)
  return { config, policyFile: choice.policy ?? config?.policyFile ?? SHIPPED_POLICY }
}

export type Analyse = (text: string) => Analysis

/** Reads shell text by the catalogue that the configuration names, as the bastion does. */
export async function analyserOf({ config }: Surroundings): Promise<Analyse> {
  return createAnalyser(await catalogueOf(config?.catalogueFile))
}

/** Returns the path as messages name it: from here, where it lies below. */
export function shownName(file: string): string {
  const name = relative(process.cwd(), file)
  return name.startsWith('..') ? resolve(file) : name
}

export async function readText(file: string, what: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw new BastionError('invalid', `${what} ${shownName(file)} cannot be read. Is the path right?`, error)
  }
}

/** Rejects with `invalid`, naming every problem, where the file cannot be used. */
export async function loadPolicy(file: string): Promise<Policy> {
  const parsed = parsePolicy({ text: await readText(file, 'The policy file'), file: shownName(file) })
  if (parsed.kind === 'ok') return parsed.policy
  throw new BastionError('invalid', `The policy cannot be used:\n${parsed.problems.map(formatProblem).join('\n')}`)
}

/** Rejects with `invalid`, naming every problem, where the file cannot be used. */
export async function loadPeople(file: string): Promise<Omit<Known, 'unreadable'>> {
  const read = readPeople(await peopleSource(file))
  if (read.kind === 'ok') return read
  throw new BastionError('invalid', `The people file cannot be used:\n${read.problems.map(formatProblem).join('\n')}`)
}

/** The first that tells of a name is believed: the configuration, `--people`, the tests beside the policy, the demo. */
export async function whoAndWhat({ config, policyFile }: Surroundings, peopleFile: string | undefined): Promise<Known> {
  const told = peopleFile === undefined ? undefined : await loadPeople(peopleFile)
  const testFile = testFileOf(policyFile)
  const tested = existsSync(testFile) ? readPeople(await peopleSource(testFile)) : undefined
  const beside = tested?.kind === 'ok' ? tested : undefined
  const demoPeople = DEMO_PEOPLE.map(({ userName, groups }) => principalNamed(userName, groups))
  return {
    people: firstOfEachName([
      ...(told?.people ?? []),
      ...(beside?.people ?? []),
      ...(config === undefined ? demoPeople : []),
    ]),
    targets: firstOfEachName([
      ...(config?.targets ?? []),
      ...(told?.targets ?? []),
      ...(beside?.targets ?? []),
      ...(config === undefined ? DEMO_TARGETS : []),
    ]),
    unreadable: tested?.kind === 'broken' ? shownName(testFile) : undefined,
  }
}

export function testFileOf(policyFile: string): string {
  return policyFile.replace(/(\.ya?ml)?$/, (ending) => `.test${ending || '.yaml'}`)
}

async function peopleSource(file: string): Promise<{ readonly text: string; readonly file: string }> {
  return { text: await readText(file, 'The people file'), file: shownName(file) }
}

function firstOfEachName<T extends { readonly name: string }>(things: readonly T[]): readonly T[] {
  const byName = new Map<string, T>()
  for (const thing of things) if (!byName.has(thing.name)) byName.set(thing.name, thing)
  return [...byName.values()]
}
