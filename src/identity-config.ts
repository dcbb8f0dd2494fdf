/** The part of the configuration that says which identity providers there are: one, and more of them by name. */
import { z } from 'zod'
import { secretReference } from './config-parts.ts'

const WANTED_CLAIM = 'expected the name of a claim, or a list of names where it is nested'
const NAME = /^[a-z0-9][a-z0-9-]{0,30}$/
const WANTED_NAME = 'expected a name: small letters, digits, dash'

/** Of each. */
export const providerFields = {
  issuer: z.url({ protocol: /^https?$/ }),
  'client-id': z.string().min(1),
  'client-secret': secretReference.optional(),
  scopes: z.string().default('openid profile email groups'),
  'groups-claim': z.union([z.string().min(1), z.array(z.string().min(1)).min(1)], WANTED_CLAIM).default('groups'),
  'groups-case': z.enum(['exact', 'lower']).default('exact'),
  audience: z.string().optional(),
  agents: z
    .record(
      z.string().min(1),
      z.strictObject({ owner: z.string().min(1), groups: z.array(z.string().min(1)).optional() }),
    )
    .default({}),
}
const provider = z.strictObject(providerFields)

/** What several providers need beside the first one's own fields. */
export const severalFields = {
  name: z.string().regex(NAME, WANTED_NAME).default('main'),
  more: z.record(z.string().regex(NAME, WANTED_NAME), provider).default({}),
}

export interface ProviderConfig {
  readonly name: string
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: { readonly env: string } | { readonly file: string } | undefined
  readonly scopes: string
  readonly groupsClaim: string | readonly string[]
  readonly groupsCase: 'exact' | 'lower'
  /** Stands before each group that the provider names; empty for the first one. */
  readonly groupsPrefix: string
  readonly audience: string | undefined
  readonly agents: ReadonlyMap<string, { readonly owner: string; readonly groups: readonly string[] | undefined }>
}

export function providerOf(name: string, entry: z.output<typeof provider>, groupsPrefix: string): ProviderConfig {
  return {
    name,
    issuer: entry.issuer,
    clientId: entry['client-id'],
    clientSecret: entry['client-secret'],
    scopes: entry.scopes,
    groupsClaim: entry['groups-claim'],
    groupsCase: entry['groups-case'],
    groupsPrefix,
    audience: entry.audience,
    agents: new Map(Object.entries(entry.agents).map(([client, { owner, groups }]) => [client, { owner, groups }])),
  }
}

/** What is wrong with the providers as a whole; undefined where nothing is. */
export function wrongProviders(identity: {
  readonly name: string
  readonly issuer: string
  readonly more: Readonly<Record<string, { readonly issuer: string }>>
}): string | undefined {
  const others = Object.entries(identity.more)
  if (others.some(([name]) => name === identity.name)) return 'two providers have the same name'
  const issuers = [identity.issuer, ...others.map(([, { issuer }]) => issuer)].map((issuer) => new URL(issuer).href)
  return new Set(issuers).size < issuers.length ? 'two providers have the same issuer' : undefined
}
