import { resolve } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadConfig, parseConfig } from '../src/config.ts'

const FILE = '/etc/sallyport/sallyport.yaml'
const SLACK = 'slack: C0123456789, secret: s'
const IDENTITY = 'identity: { issuer: "https://id.example", client-id: bastion }\n'

/** `line:column: message` of each problem. */
function problems(text: string, env: NodeJS.ProcessEnv = {}): readonly string[] {
  const result = parseConfig(text, FILE, env)
  if (result.kind === 'ok') return []
  return result.problems.map(({ line, column, message }) => `${line}:${column}: ${message}`)
}

function config(text: string, env: NodeJS.ProcessEnv = {}) {
  const result = parseConfig(text, FILE, env)
  if (result.kind === 'broken') throw new Error(problems(text, env).join('\n'))
  return result.config
}

describe('parseConfig()', () => {
  it('fills in the defaults, and reads paths as relative to the file', () => {
    expect(config(IDENTITY)).toMatchObject({
      stateFolder: '/etc/sallyport/state',
      ssh: { host: '127.0.0.1', port: 2222, hostKeyFolder: '/etc/sallyport/hostkeys' },
      web: { host: '127.0.0.1', port: 8080, url: undefined },
      policyFile: '/etc/sallyport/policies/default.yaml',
      keyBindingMs: 12 * 3_600_000,
      targets: [],
    })
  })

  it('reads a target', () => {
    const text = `${IDENTITY}targets:\n  web-1: { host: 10.0.0.1, logins: [deploy, root], credential: web, host-keys: [ssh-ed25519 AAAA] }\n`
    expect(config(text).targets).toMatchObject([
      { name: 'web-1', port: 22, login: 'deploy', hostKeys: ['ssh-ed25519 AAAA'] },
    ])
  })

  it.each([
    ['30s', 30_000],
    ['15m', 900_000],
    ['12h', 43_200_000],
    ['7d', 604_800_000],
  ])('reads %s', (text, ms) => {
    expect(config(`${IDENTITY}key-binding: ${text}\n`).keyBindingMs).toBe(ms)
  })

  it.each(['0s', '5', '1.5h', '-1h', '1w', '1 h', 'h', '9999999d', ''])('refuses “%s” as a length of time', (text) => {
    expect(problems(`${IDENTITY}key-binding: "${text}"\n`)).toEqual([
      '2:1: key-binding: expected a length of time, such as 30s, 15m, 12h or 7d',
    ])
  })

  it.each([
    ['127.0.0.1:2222', '127.0.0.1', 2222],
    ['[::1]:22', '::1', 22],
    ['bastion.example:0', 'bastion.example', 0],
  ])('listens on %s', (text, host, port) => {
    expect(config(`${IDENTITY}ssh: { listen: "${text}" }\n`).ssh).toMatchObject({ host, port })
  })

  it.each([
    ['2222', 'expected an address to listen on, such as 127.0.0.1:2222'],
    ['127.0.0.1:99999', 'a port is at most 65535'],
    ['a b:1', 'expected an address to listen on, such as 127.0.0.1:2222'],
  ])('does not listen on %s', (text, message) => {
    expect(problems(`${IDENTITY}ssh: { listen: "${text}" }\n`)).toEqual([`2:8: ssh.listen: ${message}`])
  })

  it('names every mistake at once, in the order of the file', () => {
    const text = [
      'identty: 1',
      'identity: { issuer: "ftp://x", client-id: "" }',
      'log: { level: loud, fil: x }',
      'targets:',
      '  web 1: { host: h, logins: [a], credential: c }',
      '  web-2: { hst: h, logins: ["-x", ok], port: 0, credential: c, labels: { a: 1 } }',
      '  web-3: { host: h, logins: [], credential: c, host-keys: [nope] }',
      'vault:',
    ].join('\n')
    expect(problems(text, { SALLYPORT_SSH_PORT: 'x' })).toEqual([
      '1:1: identty: there is no such key; did you mean “identity”?',
      '2:13: identity.issuer: expected a URL that begins with http:// or https://',
      '2:32: identity.client-id: must not be empty',
      '3:8: log.level: expected one of debug, info, warn, error',
      '3:21: log.fil: there is no such key; did you mean “file”?',
      '5:3: targets.web 1: expected a target name: letters, digits, dot, dash',
      '6:3: targets.web-2.host: is missing',
      '6:12: targets.web-2.hst: there is no such key; did you mean “host”?',
      '6:29: targets.web-2.logins.0: expected an account name',
      '6:40: targets.web-2.port: is at least 1',
      '6:74: targets.web-2.labels.a: expected text',
      '7:21: targets.web-3.logins: must not be empty',
      '7:60: targets.web-3.host-keys.0: expected a host key as in known_hosts: its type and its base64 text',
      '8:1: vault: expected a mapping (key: value)',
      '0:0: SALLYPORT_SSH_PORT: expected a port number from 0 to 65535; correct it or unset it',
    ])
  })

  it.each([
    ['a key that stands twice', `${IDENTITY}ssh: {}\nssh: {}\n`, '3:1: this key stands here twice; keep one of them'],
    [
      'an alias',
      `${IDENTITY}log: &a { level: info }\nweb: *a\n`,
      '3:6: aliases (*name) are not read here; write the value out',
    ],
    ['a merge key', `${IDENTITY}<<: { log: {} }\n`, '2:1: <<: there is no such key'],
    ['a second document', `${IDENTITY}---\n${IDENTITY}`, '2:1: the file holds several documents (---); one is read'],
    ['a tab', `${IDENTITY}ssh:\n\tlisten: x\n`, '3:1: a tab cannot indent in YAML; use spaces'],
    ['an empty file', '', '1:1: identity: is missing'],
    ['a list', '- a\n', '1:1: the file: expected a mapping (key: value)'],
    ['a prototype', `${IDENTITY}__proto__: { a: 1 }\n`, '2:1: __proto__: there is no such key'],
  ])('refuses %s', (_, text, problem) => {
    expect(problems(text)).toContain(problem)
  })

  it('does not grow a small file into a large one', () => {
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      ...'bcdefghi'.split('').map((name, i) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[i]}`)}]`),
    ]
    expect(problems(bomb.join('\n')).length).toBeGreaterThan(0)
  })

  it('takes secrets by reference only, and never repeats one', () => {
    const withSecret = (secret: string) =>
      `identity: { issuer: "https://x.example", client-id: a, client-secret: ${secret} }\n`
    expect(config(withSecret('{ env: OIDC_SECRET }')).identity.clientSecret).toEqual({ env: 'OIDC_SECRET' })
    expect(config(withSecret('{ file: /run/secret }')).identity.clientSecret).toEqual({ file: '/run/secret' })
    for (const secret of ['hunter2', '{ evn: hunter2 }', '{ env: A, file: hunter2 }', '[hunter2]']) {
      const [problem] = problems(withSecret(secret))
      expect(problem).toContain('by reference only: { env: NAME } or { file: PATH }')
      expect(problem).not.toContain('hunter2')
    }
  })

  it('takes ports and the state folder from the environment', () => {
    const env = { SALLYPORT_SSH_PORT: '2022', SALLYPORT_WEB_PORT: '0', SALLYPORT_STATE_DIR: 'there' }
    expect(config(IDENTITY, env)).toMatchObject({
      ssh: { port: 2022 },
      web: { port: 0 },
      stateFolder: resolve('there'),
    })
  })

  it.each(['abc', '', '-1', '65536', '1e3', '22 ', '0x16', 'NaN', '2222,'])(
    'tells when a port of the environment is “%s”',
    (value) => {
      expect(problems(IDENTITY, { SALLYPORT_SSH_PORT: value })).toEqual([
        '0:0: SALLYPORT_SSH_PORT: expected a port number from 0 to 65535; correct it or unset it',
      ])
      expect(problems(IDENTITY, { SALLYPORT_WEB_PORT: value })).toHaveLength(1)
    },
  )

  it('tells when the state folder of the environment is empty', () => {
    expect(problems(IDENTITY, { SALLYPORT_STATE_DIR: '' })[0]).toContain('SALLYPORT_STATE_DIR')
  })

  it('never throws, and every problem has a place and a plain sentence', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        'identity:',
        ' {',
        '}',
        '[',
        ']',
        ': ',
        '\n',
        '  ',
        '- ',
        '&a',
        '*a',
        '"',
        "'",
        '!!js',
        '|',
        '%YAML 1.1',
        '#',
        '?',
      ),
      fc.string({ unit: 'binary', maxLength: 8 }),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        for (const problem of problems(pieces.join(''))) expect(problem).toMatch(/^\d+:\d+: \P{Cc}+$/u)
      }),
      { numRuns: 300 },
    )
  })

  it('reads a route of e-mail', () => {
    const text = `${IDENTITY}notify:\n  mail: { email: [a@b.example], from: c@b.example, smtp: "smtps://m.example" }\n`
    expect(config(text).notify).toMatchObject([
      { name: 'mail', mail: { to: ['a@b.example'], from: 'c@b.example' }, secret: undefined, withText: false },
    ])
  })

  it('reads several identity providers, and refuses two that could be mixed up', () => {
    const text = (more: string) => `identity: { issuer: "https://id.example", client-id: a, more: { ${more} } }\n`
    const { identity } = config(text('partner: { issuer: "https://p.example", client-id: b, groups-case: lower }'))
    expect(identity).toMatchObject({ name: 'main', groupsPrefix: '' })
    expect(identity.more).toMatchObject([
      { name: 'partner', issuer: 'https://p.example', clientId: 'b', groupsPrefix: 'partner:', groupsCase: 'lower' },
    ])
    const of = (more: string) => problems(text(more)).join()
    expect(of('partner: { issuer: "https://id.example/", client-id: b }')).toContain('the same issuer')
    expect(of('main: { issuer: "https://p.example", client-id: b }')).toContain('the same name')
    expect(of('p: { issuer: "https://p.example", client-idd: b }')).toContain('did you mean “client-id”?')
  })

  it('reads for whom a route is, and when it is quiet', () => {
    const quiet = '{ from: "22:00", to: "07:00", zone: Europe/Berlin, days: [sat-sun, mon] }'
    expect(config(`${IDENTITY}notify: { a: { ${SLACK}, for: [sre], quiet: ${quiet} } }\n`).notify).toMatchObject([
      { roles: ['sre'], quiet: { from: 1320, to: 420, zone: 'Europe/Berlin', days: ['mon', 'sat', 'sun'] } },
    ])
  })

  it('reads routes of Slack and Teams', () => {
    const routes =
      'a: { slack: C0123456789, secret: t }, b: { slack: webhook, secret: h }, c: { teams: webhook, secret: h }'
    expect(config(`${IDENTITY}notify: { ${routes} }\n`).notify).toMatchObject([
      { name: 'a', slack: 'C0123456789', api: new URL('https://slack.com/api/'), secret: 't' },
      { name: 'b', slack: 'webhook', secret: 'h' },
      { name: 'c', teams: 'webhook', secret: 'h' },
    ])
  })

  it.each([
    ['no way at all', '{ events: [hold.created] }', 'expected one of webhook, email, slack, teams'],
    [
      'both',
      '{ webhook: "https://h.example/x", email: [a@b.example], secret: s }',
      'expected one of webhook, email, slack, teams',
    ],
    ['quiet hours that never end', `{ ${SLACK}, quiet: { from: "22:00", to: "22:00", zone: UTC } }`, 'same time'],
    ['quiet hours of no place', `{ ${SLACK}, quiet: { from: "22:00", to: "07:00", zone: "+02:00" } }`, 'a time zone'],
    ['quiet hours that are none', `{ ${SLACK}, quiet: { from: "25:00", to: "07:00", zone: UTC } }`, 'a time of day'],
    [
      'quiet days that are none',
      `{ ${SLACK}, quiet: { from: "22:00", to: "07:00", zone: UTC, days: [so] } }`,
      'expected days',
    ],
    ['nobody', `{ ${SLACK}, for: [] }`, 'must not be empty'],
    ['a Slack channel by its name', '{ slack: "#ops", secret: s }', 'the id of a channel'],
    ['Slack without a secret', '{ slack: webhook }', 'name of a secret beside slack'],
    ['an interface of Slack in the open', '{ slack: C012345, slack-api: "http://s.example/", secret: s }', 'https://'],
    ['an address of Teams in the open', '{ teams: "https://h.example/sig", secret: s }', 'expected one of webhook'],
    ['a webhook without a secret', '{ webhook: "https://h.example/x" }', 'name of a secret'],
    ['e-mail without a server', '{ email: [a@b.example], from: c@b.example }', 'expected from and smtp'],
    [
      'a password in the open',
      '{ email: [a@b.example], from: c@b.example, smtp: "smtp://u:p@m.example" }',
      'it belongs in the vault',
    ],
  ])('refuses a route with %s', (_, route, message) => {
    expect(problems(`${IDENTITY}notify:\n  pager: ${route}\n`).join()).toContain(message)
  })
})

describe('recording-store', () => {
  const store = (text: string) => `${IDENTITY}recording-store:\n${text.replace(/^/gm, '  ')}\n`

  it('reads a folder, with its bounds', () => {
    expect(config(store('folder: evidence\nspool-limit: 20GiB\noutage: 1h')).recordingStore).toEqual({
      limitBytes: 20 * 2 ** 30,
      outageMs: 3_600_000,
      place: { kind: 'folder', folder: '/etc/sallyport/evidence' },
    })
    expect(config(IDENTITY).recordingStore).toBeUndefined()
  })

  it('reads S3, with a secret by reference', () => {
    const text = store(
      's3:\n  bucket: evidence\n  region: eu-central-1\n  encryption: { kms-key: k1 }\n  lock-days: 365\n' +
        '  credentials: { access-key-id: AK, secret-access-key: { env: STORE_KEY } }',
    )
    expect(config(text).recordingStore).toMatchObject({
      limitBytes: 2 ** 30,
      outageMs: 900_000,
      place: {
        kind: 's3',
        bucket: 'evidence',
        prefix: 'recordings/',
        endpoint: undefined,
        createOnly: 'if-none-match',
        encryption: { kind: 'kms', key: 'k1' },
        lockDays: 365,
        credentials: { accessKeyId: 'AK', secretAccessKey: { env: 'STORE_KEY' } },
      },
    })
  })

  it.each([
    ['no place', 'outage: 1h', 'expected either folder or s3'],
    ['two places', 'folder: a\ns3: { bucket: abc, region: r }', 'expected either folder or s3'],
    ['a size that is none', 'folder: a\nspool-limit: 1GB', 'expected a size'],
    ['a prefix without its slash', 's3: { bucket: abc, region: r, prefix: a }', '“/” at the end'],
    [
      'a secret in the open',
      's3: { bucket: abc, region: r, credentials: { access-key-id: a, secret-access-key: b } }',
      'by reference only',
    ],
    ['a key that is none', 's3: { bucket: abc, region: r, lock-day: 3 }', 'did you mean “lock-days”'],
  ])('refuses %s', (_, text, message) => {
    expect(problems(store(text)).join()).toContain(message)
  })
})

describe('loadConfig()', () => {
  it('says that a file cannot be read', () => {
    expect(loadConfig('/nonexistent/sallyport.yaml', {})).toMatchObject({
      kind: 'broken',
      problems: [{ message: 'The file cannot be read. Is the path right?' }],
    })
  })
})
