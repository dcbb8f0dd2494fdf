/**
 * The law of imports, as src/README.md states it: who may import whom, and where each package has its one home. It also
 * guards the two proofs: only one file each may make a Clearance or an Authorization.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'

const SRC = join(import.meta.dirname, '../src')
const INNER = ['core', 'policy', 'shell', 'terminal', 'approval', 'recording', 'evidence', 'session'] as const
const OUTER = ['ssh', 'pty', 'identity', 'web', 'store', 'blob', 'vault', 'notify', 'cli', 'demo', 'bundle'] as const

/** Which folders may import a package; root files may import every one. */
const HOMES: Readonly<Record<string, readonly string[]>> = {
  unbash: ['shell'],
  '@xterm/headless': ['terminal'],
  yaml: ['policy'],
  ssh2: ['ssh'],
  'node-pty': ['pty'],
  nodemailer: ['notify'],
  'openid-client': ['identity'],
  jose: ['identity', 'demo'],
  'oidc-provider': ['demo'],
  kysely: ['store'],
  hono: ['web'],
  '@hono/node-server': ['web'],
  '@hono/zod-openapi': ['web'],
  '@simplewebauthn/server': ['web'],
  zod: ['web', 'store'],
  preact: ['web'],
  'asciinema-player': ['web'],
  vite: ['web'],
  '@aws-sdk/client-s3': ['blob'],
  commander: ['cli'],
  'eventsource-parser': ['cli'],
  '@zip.js/zip.js': ['bundle'],
  pino: [],
  'prom-client': [],
}

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name) && !/\/dist(-offline)?\//.test(name) && !name.endsWith('.d.ts'))
  .map((name) => ({
    name,
    folder: name.includes('/') ? name.split('/')[0]! : '',
    text: readFileSync(join(SRC, name), 'utf8'),
  }))

interface Import {
  readonly from: string
  readonly folder: string
  readonly specifier: string
  /** The folder in src/ that a relative import leads to; '' for a root file; undefined for a package. */
  readonly to: string | undefined
}

const imports: readonly Import[] = files.flatMap(({ name, folder, text }) =>
  [
    ...text.matchAll(
      /(?:^|\n)\s*(?:import|export)\b[^'"`;]*?from\s*'([^']+)'|(?:^|\n)import\s*'([^']+)'|import\('([^']+)'\)/g,
    ),
  ].map((match) => {
    const specifier = match[1] ?? match[2] ?? match[3] ?? ''
    if (!specifier.startsWith('.')) return { from: name, folder, specifier, to: undefined }
    const path = relative(SRC, join(SRC, name, '..', specifier))
    return { from: name, folder, specifier, to: path.includes('/') ? path.split('/')[0]! : '' }
  }),
)

const isInner = (folder: string): boolean => (INNER as readonly string[]).includes(folder)
const isOuter = (folder: string): boolean => (OUTER as readonly string[]).includes(folder)

function mayImport({ folder, to, specifier }: Import): boolean {
  if (folder === '') return true
  if (to !== undefined) {
    if (to === '') return false
    if (to === folder || to === 'core') return true
    if (folder === 'core') return false
    if (folder === 'session') return isInner(to)
    if (isInner(folder)) return false
    return isInner(to)
  }
  if (specifier.startsWith('node:')) return folder !== 'core' && (!isInner(folder) || specifier === 'node:crypto')
  const name = specifier.startsWith('@') ? specifier.split('/').slice(0, 2).join('/') : specifier.split('/')[0]!
  const homes = HOMES[name]
  return homes?.includes(folder) === true
}

describe('the law of imports', () => {
  it('finds files and imports to judge', () => {
    expect(files.length).toBeGreaterThan(50)
    expect(imports.length).toBeGreaterThan(100)
  })

  it('knows every folder of src/', () => {
    const folders = new Set(files.map((file) => file.folder))
    expect([...folders].filter((folder) => folder !== '' && !isInner(folder) && !isOuter(folder))).toEqual([])
  })

  it('is kept by every import', () => {
    const broken = imports.filter((each) => !mayImport(each)).map((each) => `${each.from} imports ${each.specifier}`)
    expect(broken).toEqual([])
  })

  it.each([
    [{ from: 'core/a.ts', folder: 'core', specifier: 'node:fs', to: undefined }],
    [{ from: 'policy/a.ts', folder: 'policy', specifier: '../shell/b.ts', to: 'shell' }],
    [{ from: 'web/a.ts', folder: 'web', specifier: '../ssh/b.ts', to: 'ssh' }],
    [{ from: 'cli/a.ts', folder: 'cli', specifier: '../bastion.ts', to: '' }],
    [{ from: 'session/a.ts', folder: 'session', specifier: 'ssh2', to: undefined }],
    [{ from: 'ssh/a.ts', folder: 'ssh', specifier: 'left-pad', to: undefined }],
  ] satisfies [Import][])('refuses %o', (each) => {
    expect(mayImport(each)).toBe(false)
  })
})

describe('the proofs', () => {
  it.each([
    ['a Clearance', '[proof]: true as const', 'approval/clearance.ts'],
    ['clearAllowed, clearApproved and clearGranted', /\bclear(?:Allowed|Approved|Granted)\(/, 'approval/desk.ts'],
  ])('%s is made in one place', (_what, made, place) => {
    const makers = files
      .filter(({ text }) => (typeof made === 'string' ? text.includes(made) : made.test(text)))
      .map((file) => file.name)
    expect(
      makers.filter((name) => name !== 'approval/clearance.ts' && name !== 'policy/authorize.ts' && name !== place),
    ).toEqual([])
    expect(makers).toContain(place)
  })

  it('are never made by a cast', () => {
    const casts = files
      .filter(({ text }) => /\bas (?:unknown as )?(?:Clearance|Authorization)\b/.test(text))
      .map((file) => file.name)
    expect(casts).toEqual([])
  })
})
