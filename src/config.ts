/**
 * The configuration: one YAML file, one schema with its defaults in sight, and a few environment variables for what
 * differs from machine to machine. Every mistake is reported at once, with its line; an unknown key is a mistake.
 * Secrets stand in it by reference (the name of an environment variable or a file), never as text; no message repeats
 * a value from the file, because it may be one that does not belong there.
 */
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { isMap, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml'
import { z } from 'zod'
import { duration } from './config-parts.ts'
import { isOwnSecret } from './core/secret-names.ts'
import type { Target } from './core/target.ts'
import { type ProviderConfig, providerFields, providerOf, severalFields, wrongProviders } from './identity-config.ts'
import { checkedRoute, type NotifyRoute, notifyRoute, routeOf } from './notify-routes.ts'
import { checkedStore, type RecordingStore, recordingStore, s3Store, storeOf } from './recording-store.ts'
import { visible } from './terminal/visible.ts'

const WANTED_LISTEN = 'expected an address to listen on, such as 127.0.0.1:2222'

/** So that a person who was removed is out within five minutes, whatever the questions take. */
const MAX_RECHECK_MS = 4 * 60_000

const isPort = (text: string): boolean => /^\d{1,5}$/.test(text) && Number(text) <= 65_535

const listen = z
  .string(WANTED_LISTEN)
  .regex(/^(\[[0-9a-f:]+\]|[\w.-]+):\d{1,5}$/i, WANTED_LISTEN)
  .refine((text) => isPort(text.slice(text.lastIndexOf(':') + 1)), 'a port is at most 65535')
  .transform((text) => ({
    host: text.slice(0, text.lastIndexOf(':')).replace(/^\[|\]$/g, ''),
    port: Number(text.slice(text.lastIndexOf(':') + 1)),
  }))
const target = z.strictObject({
  host: z.string().min(1),
  port: z.number().int().min(1).max(65535).default(22),
  logins: z.array(z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,62}$/, 'expected an account name')).min(1),
  labels: z.record(z.string(), z.string()).default({}),
  'host-keys': z
    .array(
      z
        .string()
        .regex(
          /^[a-z0-9@.-]+ [A-Za-z0-9+/]+={0,2}$/,
          'expected a host key as in known_hosts: its type and its base64 text',
        ),
    )
    .default([]),
  credential: z
    .string()
    .min(1)
    .refine((name) => !isOwnSecret(name), 'a name that begins with sallyport/ is the bastion’s own'),
})

const schema = z.strictObject({
  state: z.string().default('state'),
  ssh: z
    .strictObject({ listen: listen.prefault('127.0.0.1:2222'), 'host-keys': z.string().default('hostkeys') })
    .prefault({}),
  web: z
    .strictObject({ listen: listen.prefault('127.0.0.1:8080'), url: z.url({ protocol: /^https?$/ }).optional() })
    .prefault({}),
  identity: z
    .strictObject({
      ...providerFields,
      ...severalFields,
      'cli-client-id': z.string().min(1).optional(),
      recheck: z
        .strictObject({
          every: duration.refine((ms) => ms <= MAX_RECHECK_MS, 'is at most 4m').prefault('2m'),
          outage: duration.prefault('30m'),
          required: z.boolean().default(true),
        })
        .prefault({}),
    })
    .superRefine((identity, context) => {
      const message = wrongProviders(identity)
      if (message !== undefined) context.addIssue({ code: 'custom', message })
    }),
  policy: z.string().default('policies/default.yaml'),
  catalogue: z.string().min(1).optional(),
  recordings: z.string().default('recordings'),
  'recording-store': checkedStore.optional(),
  vault: z
    .strictObject({ file: z.string().default('state/vault.json'), 'key-file': z.string().default('state/vault.key') })
    .prefault({}),
  notify: z
    .record(z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'expected a name: small letters, digits, dash'), checkedRoute)
    .default({}),
  'key-binding': duration.prefault('12h'),
  log: z
    .strictObject({ level: z.enum(['debug', 'info', 'warn', 'error']).default('info'), file: z.string().optional() })
    .prefault({}),
  targets: z
    .record(
      z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, 'expected a target name: letters, digits, dot, dash'),
      target,
    )
    .default({}),
})

export type { NotifyRoute } from './notify-routes.ts'

export interface Config {
  /** The file it came from, for messages. */
  readonly file: string
  readonly stateFolder: string
  readonly ssh: { readonly host: string; readonly port: number; readonly hostKeyFolder: string }
  readonly web: { readonly host: string; readonly port: number; readonly url: URL | undefined }
  readonly identity: ProviderConfig & {
    /** The public client of people's own programs: `sallyport login`. */
    readonly cliClientId?: string | undefined
    /** Other providers. The groups of each have its name before them. */
    readonly more?: readonly ProviderConfig[]
    readonly recheck: {
      readonly recheckMs: number
      readonly outageMs: number
      readonly recheckRequired: boolean
    }
  }
  readonly policyFile: string
  /** Commands of one's own, over those that come with the bastion. */
  readonly catalogueFile?: string
  /** Where recordings are written: the whole of them, or where there is a store, what is on its way to it. */
  readonly recordingFolder: string
  readonly recordingStore?: RecordingStore
  readonly vault: { readonly file: string; readonly keyFile: string }
  readonly notify?: readonly NotifyRoute[]
  readonly keyBindingMs: number
  readonly log: { readonly level: string; readonly file: string | undefined }
  readonly targets: readonly Target[]
}

export interface ConfigProblem {
  /** The configuration file, or `environment`; then line and column are 0, and the message names the variable. */
  readonly file: string
  readonly line: number
  readonly column: number
  readonly message: string
}

export type ConfigResult =
  | { readonly kind: 'ok'; readonly config: Config }
  | { readonly kind: 'broken'; readonly problems: readonly ConfigProblem[] }

export function loadConfig(file: string, env: NodeJS.ProcessEnv): ConfigResult {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    return {
      kind: 'broken',
      problems: [{ file, line: 0, column: 0, message: 'The file cannot be read. Is the path right?' }],
    }
  }
  return parseConfig(text, file, env)
}

/** Paths in the file are relative to it. Ports and the state folder may come from the environment instead. */
export function parseConfig(text: string, file: string, env: NodeJS.ProcessEnv): ConfigResult {
  const outside = environmentProblems(env)
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true })
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset)
    return { file, line, column: col }
  }
  const syntax = document.errors.map((error) => ({ ...at(error.pos[0]), message: readable(error) }))
  visit(document, {
    Alias: (_key, node) => {
      syntax.push({ ...at(node.range?.[0] ?? 0), message: 'aliases (*name) are not read here; write the value out' })
    },
  })
  if (syntax.length > 0) return { kind: 'broken', problems: [...syntax, ...outside] }
  const data: unknown = document.toJS({ maxAliasCount: 0 }) ?? {}
  const parsed = schema.safeParse(data)
  if (parsed.success && outside.length === 0) return { kind: 'ok', config: build(parsed.data, file, env) }
  const problems = (parsed.error?.issues ?? []).flatMap((issue): ConfigProblem[] => {
    const path = issue.path.map(String)
    if (issue.code !== 'unrecognized_keys') {
      const where = path.length === 0 ? 'the file' : path.join('.')
      return [
        {
          ...at(offsetOf(document.contents, path)),
          message: `${where}: ${isThere(data, path) ? complaint(issue) : 'is missing'}`,
        },
      ]
    }
    const known = knownKeys(path)
    return issue.keys.map((key) => ({
      ...at(offsetOf(document.contents, [...path, key])),
      message: `${[...path, visible(key)].join('.')}: there is no such key${suggestion(key, known)}`,
    }))
  })
  problems.sort((one, other) => one.line - other.line || one.column - other.column)
  return { kind: 'broken', problems: [...problems, ...outside] }
}

const PORT_VARIABLES = ['SALLYPORT_SSH_PORT', 'SALLYPORT_WEB_PORT'] as const

function environmentProblems(env: NodeJS.ProcessEnv): readonly ConfigProblem[] {
  const problem = (name: string, message: string) => ({
    file: 'environment',
    line: 0,
    column: 0,
    message: `${name}: ${message}`,
  })
  const ports = PORT_VARIABLES.filter((name) => env[name] !== undefined && !isPort(env[name])).map((name) =>
    problem(name, 'expected a port number from 0 to 65535; correct it or unset it'),
  )
  if (env.SALLYPORT_STATE_DIR !== '') return ports
  return [...ports, problem('SALLYPORT_STATE_DIR', 'expected a folder, but it is empty; correct it or unset it')]
}

/** In our words where the parser's are about YAML's grammar rather than about the file. */
function readable(error: { readonly code: string; readonly message: string }): string {
  if (error.code === 'DUPLICATE_KEY') return 'this key stands here twice; keep one of them'
  if (error.code === 'MULTIPLE_DOCS') return 'the file holds several documents (---); one is read'
  if (error.code === 'TAB_AS_INDENT') return 'a tab cannot indent in YAML; use spaces'
  return visible((error.message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, ''))
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  object: 'a mapping (key: value)',
  record: 'a mapping (key: value)',
  array: 'a list',
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
}

function isThere(data: unknown, path: readonly string[]): boolean {
  let value = data
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return false
    value = (value as Readonly<Record<string, unknown>>)[key]
  }
  return value !== undefined
}

/** Says what was expected, never what stands there. */
function complaint(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type' && issue.message.startsWith('Invalid input')) {
    return `expected ${TYPE_WORDS[issue.expected] ?? issue.expected}`
  }
  if (issue.code === 'invalid_value') return `expected one of ${issue.values.map(String).join(', ')}`
  if (issue.code === 'invalid_key') return issue.issues[0]?.message ?? issue.message
  if (issue.code === 'invalid_format' && issue.format === 'url')
    return 'expected a URL that begins with http:// or https://'
  if (issue.code === 'too_small')
    return issue.origin === 'number' ? `is at least ${issue.minimum}` : 'must not be empty'
  if (issue.code === 'too_big') return `is at most ${issue.maximum}`
  return issue.message
}

function build(data: z.output<typeof schema>, file: string, env: NodeJS.ProcessEnv): Config {
  const base = dirname(resolve(file))
  const path = (name: string) => resolve(base, name)
  const port = (name: string, fallback: number) => (env[name] === undefined ? fallback : Number(env[name]))
  return {
    file,
    stateFolder: env.SALLYPORT_STATE_DIR === undefined ? path(data.state) : resolve(env.SALLYPORT_STATE_DIR),
    ssh: {
      host: data.ssh.listen.host,
      port: port('SALLYPORT_SSH_PORT', data.ssh.listen.port),
      hostKeyFolder: path(data.ssh['host-keys']),
    },
    web: {
      host: data.web.listen.host,
      port: port('SALLYPORT_WEB_PORT', data.web.listen.port),
      url: data.web.url === undefined ? undefined : new URL(data.web.url),
    },
    identity: {
      ...providerOf(data.identity.name, data.identity, ''),
      cliClientId: data.identity['cli-client-id'],
      more: Object.entries(data.identity.more).map(([name, entry]) => providerOf(name, entry, `${name}:`)),
      recheck: {
        recheckMs: data.identity.recheck.every,
        outageMs: data.identity.recheck.outage,
        recheckRequired: data.identity.recheck.required,
      },
    },
    policyFile: path(data.policy),
    ...(data.catalogue !== undefined && { catalogueFile: path(data.catalogue) }),
    recordingFolder: path(data.recordings),
    ...(data['recording-store'] !== undefined && { recordingStore: storeOf(data['recording-store'], path) }),
    vault: { file: path(data.vault.file), keyFile: path(data.vault['key-file']) },
    notify: Object.entries(data.notify).map(([name, entry]) => routeOf(name, entry)),
    keyBindingMs: data['key-binding'],
    log: { level: data.log.level, file: data.log.file === undefined ? undefined : path(data.log.file) },
    targets: Object.entries(data.targets).map(([name, entry]) => ({
      name,
      protocol: 'ssh' as const,
      host: entry.host,
      port: entry.port,
      login: entry.logins[0]!,
      logins: entry.logins,
      labels: entry.labels,
      hostKeys: entry['host-keys'],
      credential: entry.credential,
    })),
  }
}

/** Returns where the node of `path`, or the nearest one above it, begins. */
export function offsetOf(contents: unknown, path: readonly string[]): number {
  let node = contents
  let offset = 0
  for (const key of path) {
    if (isSeq(node)) {
      const item: unknown = node.items[Number(key)]
      offset = (isScalar(item) || isMap(item) || isSeq(item) ? item.range?.[0] : undefined) ?? offset
      node = item
      continue
    }
    if (!isMap(node)) break
    const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === key)
    if (pair === undefined) break
    offset = (isScalar(pair.key) ? pair.key.range?.[0] : undefined) ?? offset
    node = pair.value
  }
  return offset
}

function knownKeys(path: readonly string[]): readonly string[] {
  if (path.length === 0) return Object.keys(schema.shape)
  if (path[0] === 'notify') return Object.keys(notifyRoute.shape)
  if (path[0] === 'targets') return Object.keys(target.shape)
  const sections: Record<string, readonly string[]> = {
    ssh: ['listen', 'host-keys'],
    web: ['listen', 'url'],
    identity: Object.keys(schema.shape.identity.shape),
    vault: ['file', 'key-file'],
    'recording-store': Object.keys(recordingStore.shape),
    'recording-store.s3': Object.keys(s3Store.shape),
    log: ['level', 'file'],
  }
  if (path.join('.') === 'identity.recheck') return ['every', 'outage', 'required']
  if (path.at(-2) === 'agents') return ['owner', 'groups']
  if (path[1] === 'more') return Object.keys(providerFields)
  return sections[path.join('.')] ?? sections[path[0] ?? ''] ?? []
}

function suggestion(key: string, known: readonly string[]): string {
  const best = known
    .map((name) => ({ name, distance: editDistance(key, name) }))
    .sort((a, b) => a.distance - b.distance)[0]
  return best !== undefined && best.distance <= Math.max(2, key.length / 3) ? `; did you mean “${best.name}”?` : ''
}

/** Levenshtein's distance. */
function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (let i = 1; i <= one.length; i++) {
    const next = [i]
    for (let j = 1; j <= other.length; j++) {
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (one[i - 1] === other[j - 1] ? 0 : 1))
    }
    row = next
  }
  return row[other.length]!
}
