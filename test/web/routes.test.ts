/**
 * Every route times every kind of caller, made from openapi.json: a route that is added without a row here fails, and so
 * does one that lets in anybody more than its row says.
 */
import { beforeEach, describe, expect, it } from 'vitest'
import type { Hold } from '../../src/core/hold.ts'
import type { HoldId } from '../../src/core/ids.ts'
import type { SessionRecord } from '../../src/core/session.ts'
import { digestOf } from '../../src/policy-changes.ts'
import { LIFE_MS } from '../../src/web/browser-sessions.ts'
import { POLICY } from '../support/administration.ts'
import { Authenticator } from './authenticator.ts'
import type { Client, Sent } from './client.ts'
import { EXAMPLE_CAST } from './example-cast.ts'
import { setUp } from './setup.ts'
import { GLASS, LIMIT, PEOPLE } from './world.ts'

const CALLERS = [
  'nobody',
  'alice',
  'dave',
  'bob',
  'carol',
  'rita',
  'olga',
  'expired',
  'signed-out',
  'bad-token',
  'other-origin',
  'removed-reviewer',
] as const
type Caller = (typeof CALLERS)[number]

interface Row {
  readonly audience: string
  /** What each person gets; alice owns the thing, bob may decide it. Everybody else is a stranger to it. */
  readonly alice: number
  readonly dave: number
  readonly bob: number
  readonly carol: number
  readonly rita: number
  /** Another administrator; left out: what rita gets. */
  readonly olga?: number
  /** What those get who are nobody: strangers, expired, signed out, with a bad token. */
  readonly nobody: number
  /** What bob gets whose role was taken away; left out: what any stranger to the thing gets. */
  readonly removed?: number
  readonly body?: unknown
}

const ALL_200 = { alice: 200, dave: 200, bob: 200, carol: 200, rita: 200 }
const ADMINISTRATORS = { alice: 403, dave: 403, bob: 403, carol: 403, rita: 200, nobody: 401 }
const TABLE: Readonly<Record<string, Row>> = {
  'GET /me': { audience: 'signed-in', ...ALL_200, nobody: 401 },
  'GET /sign-in': { audience: 'anyone', ...ALL_200, nobody: 200 },
  'GET /holds': { audience: 'signed-in', ...ALL_200, nobody: 401 },
  'GET /holds/{id}': { audience: 'signed-in', alice: 200, dave: 403, bob: 200, carol: 200, rita: 403, nobody: 401 },
  'GET /holds/{id}/similar': {
    audience: 'signed-in',
    ...{ alice: 200, dave: 403, bob: 200, carol: 200, rita: 403, nobody: 401 },
  },
  'POST /holds/{id}/words': {
    audience: 'signed-in',
    ...{ alice: 201, dave: 403, bob: 201, carol: 403, rita: 403, nobody: 401 },
    body: { text: 'ticket 4711' },
  },
  'POST /holds/{id}/signatures': {
    audience: 'signed-in',
    ...{ alice: 403, dave: 403, bob: 201, carol: 403, rita: 403, nobody: 401 },
    body: { decision: 'approve', reason: 'needed' },
  },
  'POST /holds/{id}/decisions': {
    audience: 'signed-in',
    ...{ alice: 403, dave: 403, bob: 201, carol: 403, rita: 403, nobody: 401 },
    body: { decision: 'approve', reason: 'needed' },
  },
  // Each hold of it is decided, or not, as by the route above; whose it is not, is told that of each.
  'POST /holds/decisions': {
    ...{ audience: 'signed-in', ...ALL_200, nobody: 401 },
    body: { decision: 'approve', reason: 'needed', text: 'rm -rf /srv/data/old', holds: ['h0'] },
  },
  'POST /holds/{id}/glass': {
    audience: 'signed-in',
    ...{ alice: 201, dave: 403, bob: 403, carol: 403, rita: 403, nobody: 401 },
    body: { reason: 'it burns' },
  },
  'POST /holds/{id}/glass/signatures': {
    audience: 'signed-in',
    ...{ alice: 201, dave: 403, bob: 403, carol: 403, rita: 403, nobody: 401 },
    body: { reason: 'it burns' },
  },
  'GET /debts': { audience: 'signed-in', ...ALL_200, nobody: 401 },
  // Rita is told of it and an auditor sees it, and neither closes it; to dave it is not there.
  'POST /debts/{id}/closing': {
    audience: 'signed-in',
    ...{ alice: 403, dave: 404, bob: 201, carol: 403, rita: 403, nobody: 401 },
    body: { word: 'it did burn' },
  },
  'GET /grants': { audience: 'signed-in', ...ALL_200, nobody: 401 },
  // An auditor sees it and may not end it; to dave it is not there.
  'DELETE /grants/{id}': {
    audience: 'signed-in',
    ...{ alice: 204, dave: 404, bob: 204, carol: 403, rita: 204, nobody: 401 },
    // It is in his name, so he sees that it is there.
    removed: 403,
  },
  'GET /sessions': { audience: 'signed-in', ...ALL_200, nobody: 401 },
  'GET /sessions/{id}': { audience: 'signed-in', alice: 200, dave: 403, bob: 200, carol: 200, rita: 200, nobody: 401 },
  'DELETE /sessions/{id}': {
    audience: 'signed-in',
    alice: 200,
    dave: 403,
    bob: 403,
    carol: 403,
    rita: 200,
    nobody: 401,
  },
  'GET /recordings': { audience: 'signed-in', ...ALL_200, nobody: 401 },
  'GET /recordings/{id}/cast': {
    audience: 'signed-in',
    alice: 200,
    dave: 403,
    bob: 200,
    carol: 200,
    rita: 403,
    nobody: 401,
  },
  'GET /recordings/{id}/bundle': {
    audience: 'signed-in',
    ...{ alice: 200, dave: 403, bob: 200, carol: 200, rita: 403, nobody: 401 },
  },
  // Without a filter: all that one may watch, and there is nothing that others may.
  'GET /bundles': {
    audience: 'signed-in',
    ...{ alice: 200, dave: 404, bob: 200, carol: 200, rita: 404, nobody: 401 },
  },
  // It is live, has no terminal, and is none of rita's and dave's business.
  ...Object.fromEntries(
    ['/replay', '/replay/{segment}', '/live'].map((path): [string, Row] => [
      `GET /recordings/{id}${path}`,
      { audience: 'signed-in', alice: 409, dave: 403, bob: 409, carol: 409, rita: 403, nobody: 401 },
    ]),
  ),
  ...Object.fromEntries(
    ['/commands', '/evidence', '/screen'].map((path): [string, Row] => [
      `GET /recordings/{id}${path}`,
      { audience: 'signed-in', alice: 200, dave: 403, bob: 200, carol: 200, rita: 403, nobody: 401 },
    ]),
  ),
  'GET /audit': { audience: 'readAudit', alice: 403, dave: 403, bob: 403, carol: 200, rita: 403, nobody: 401 },
  'GET /audit/export': { audience: 'readAudit', alice: 403, dave: 403, bob: 403, carol: 200, rita: 403, nobody: 401 },
  'GET /quality': { audience: 'readAudit', alice: 403, dave: 403, bob: 403, carol: 200, rita: 403, nobody: 401 },
  'GET /notifications': { audience: 'administer', alice: 403, dave: 403, bob: 403, carol: 403, rita: 200, nobody: 401 },
  'GET /keys': { audience: 'signed-in', ...ALL_200, nobody: 401 },
  'DELETE /keys/{id}': { audience: 'signed-in', alice: 204, dave: 404, bob: 404, carol: 404, rita: 404, nobody: 401 },
  'GET /passkeys': { audience: 'signed-in', ...ALL_200, nobody: 401 },
  'POST /passkeys/options': { audience: 'signed-in', ...ALL_200, nobody: 401, body: {} },
  // Nobody has begun to add one.
  'POST /passkeys': {
    audience: 'signed-in',
    ...{ alice: 403, dave: 403, bob: 403, carol: 403, rita: 403, nobody: 401 },
    body: { label: 'laptop', response: new Authenticator().make('AAAA') },
  },
  'DELETE /passkeys/{id}': {
    audience: 'signed-in',
    ...{ alice: 204, dave: 404, bob: 404, carol: 404, rita: 404, nobody: 401 },
  },
  'GET /logins/{code}': { audience: 'signed-in', ...ALL_200, nobody: 401 },
  'POST /logins/{code}/consent': {
    audience: 'signed-in',
    ...{ alice: 204, dave: 403, bob: 403, carol: 403, rita: 403, nobody: 401 },
    body: { words: '(the right words)' },
  },
  // Whoever holds the code may say no to it; saying no lets nobody in.
  'POST /logins/{code}/deny': {
    audience: 'signed-in',
    ...{ alice: 204, dave: 204, bob: 204, carol: 204, rita: 204, nobody: 401 },
    body: { notMe: true },
  },
  'GET /policies': { audience: 'administer', ...ADMINISTRATORS },
  'GET /policies/schema': { audience: 'administer', ...ADMINISTRATORS },
  'POST /policies/check': { audience: 'administer', ...ADMINISTRATORS, body: { text: 'version: 1' } },
  'POST /policies/backtest': { audience: 'administer', ...ADMINISTRATORS, body: { text: POLICY } },
  'GET /proposals': { audience: 'administer', ...ADMINISTRATORS },
  'GET /proposals/{id}': { audience: 'administer', ...ADMINISTRATORS },
  'POST /proposals': {
    ...{ audience: 'administer', ...ADMINISTRATORS, rita: 201 },
    body: { kind: 'policy', text: `${POLICY}# more\n`, base: digestOf(POLICY), reason: 'needed' },
  },
  // Rita proposed it: nobody decides their own.
  'POST /proposals/{id}/decisions': {
    ...{ audience: 'administer', ...ADMINISTRATORS, rita: 403, olga: 201 },
    body: { decision: 'approve' },
  },
  'DELETE /proposals/{id}': { audience: 'administer', ...ADMINISTRATORS, olga: 403 },
  'GET /targets': { audience: 'administer', ...ADMINISTRATORS },
  'POST /targets/{name}/trials': {
    ...{ audience: 'administer', ...ADMINISTRATORS, rita: 201 },
    body: { login: 'deploy' },
  },
  'GET /secrets': { audience: 'administer', ...ADMINISTRATORS },
  'POST /secrets': {
    ...{ audience: 'administer', ...ADMINISTRATORS, rita: 204 },
    body: { name: 'new', secret: 'not to be told' },
  },
  'GET /events': { audience: 'signed-in', ...ALL_200, nobody: 401 },
  'GET /healthz': { audience: 'anyone', ...ALL_200, nobody: 200 },
  'GET /readyz': { audience: 'anyone', ...ALL_200, nobody: 200 },
  'GET /metrics': { audience: 'anyone', ...ALL_200, nobody: 200 },
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly 'x-audience'?: string }>>>>
}

// A name, because there are no passkeys at an address of numbers.
const setup = setUp('http://localhost:8080')
let session: SessionRecord
let hold: Hold
let broken: HoldId
let key: string
let grant: string
let words: string
let proposal: string

beforeEach(async () => {
  const { world } = setup
  session = await world.openSession(PEOPLE.alice)
  hold = (await world.hold(session, { quorum: { glass: GLASS } })).hold
  broken = (await world.hold(session, { quorum: { glass: GLASS } })).hold.id
  const authentication = { authTime: setup.clock.now(), acr: undefined }
  await world.desk.glass.break(broken, PEOPLE.alice, { reason: 'it burns', authentication })
  const granted = await world.hold(session, { quorum: { grant: LIMIT } })
  const wish = { minutes: 10, scope: 'person' } as const
  await world.desk.decide(granted.hold.id, PEOPLE.bob, { kind: 'approve', reason: '', grant: wish })
  grant = (await world.desk.grants.live())[0]!.id
  await world.record(session, EXAMPLE_CAST)
  const change = { text: `${POLICY}# changed\n`, base: digestOf(POLICY), reason: 'needed' }
  proposal = (await world.admin.services.policies.propose(PEOPLE.rita, change)).id
  key = (await world.bindKey(PEOPLE.alice)).id
  for (const who of ['alice', 'bob'] as const) {
    await world.store.passkeys.insert({
      ...{ credential: `${who}s`, principal: PEOPLE[who].id, label: 'laptop', site: 'localhost', counter: 0 },
      ...{ publicKey: { kty: 'OKP', crv: 'Ed25519', x: 'AAAA' }, registeredAt: setup.clock.now() },
      ...{ lastUsedAt: undefined, revokedAt: undefined },
    })
  }
  const { attempt, confirm } = await world.login('WDJB-MJHT')
  await confirm(PEOPLE.alice)
  words = attempt.words
})

async function caller(kind: Caller): Promise<Client> {
  switch (kind) {
    case 'nobody':
      return setup.stranger()
    case 'expired': {
      const client = await setup.as('alice')
      setup.clock.advance(LIFE_MS)
      return client
    }
    case 'signed-out': {
      const client = await setup.as('alice')
      const kept = new Map(client.cookies)
      await client.send('/auth/sign-out', { method: 'POST' })
      for (const [name, value] of kept) client.cookies.set(name, value)
      return client
    }
    case 'bad-token':
      return setup.program('forged')
    case 'other-origin':
      return setup.as('alice')
    case 'removed-reviewer': {
      const client = await setup.as('bob')
      setup.world.roles.set('sre', [])
      return client
    }
    default:
      return setup.as(kind)
  }
}

function expected(row: Row, kind: Caller): number {
  // Signed in, and nobody to it any more.
  if (kind === 'removed-reviewer') return row.removed ?? row.dave
  if (kind === 'olga') return row.olga ?? row.rita
  if (kind in row) return row[kind as 'alice']
  // Signed in, and the request comes from somebody else's page.
  if (kind === 'other-origin') return row.audience === 'anyone' ? row.alice : 403
  return row.nobody
}

function request(route: string, kind: Caller): readonly [string, Sent] {
  const [method, template] = route.split(' ') as [string, string]
  const ids: Readonly<Record<string, string>> = {
    holds: hold.id,
    debts: broken,
    keys: key,
    grants: grant,
    passkeys: 'alices',
    proposals: proposal,
  }
  const id = ids[template.split('/')[1]!] ?? session.id
  const path = `/api/v1${template.replace('{id}', id).replace('{code}', 'WDJB-MJHT').replace('{name}', 'web-1').replace('{segment}', '0')}`
  const row = TABLE[route]!
  const body = route.endsWith('/consent') ? { words } : row.body
  const headers =
    kind === 'other-origin' ? { origin: 'http://127.0.0.1:8081', 'sec-fetch-site': 'same-site' } : undefined
  return [path, { method, ...(body !== undefined && { body }), ...(headers && { headers }) }]
}

describe('openapi.json', () => {
  it('names exactly the routes of this table, each with its audience', async () => {
    const { body } = await setup.stranger().json<Document>('/api/v1/openapi.json')
    const found = Object.entries(body.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, route]) => [`${method.toUpperCase()} ${path}`, route['x-audience']]),
    )
    expect(Object.fromEntries(found)).toEqual(
      Object.fromEntries(Object.entries(TABLE).map(([route, { audience }]) => [route, audience])),
    )
  })
})

describe.each(Object.keys(TABLE))('fault 36 and 42: %s', (route) => {
  it.each(CALLERS)('answers %s as its row says', async (kind) => {
    const client = await caller(kind)
    const [path, sent] = request(route, kind)
    const response = await client.send(path, sent)
    await response.body?.cancel()
    expect(response.status).toBe(expected(TABLE[route]!, kind))
  })

  it('answers nobody with a header of a proxy that says who they are (fault 41)', async () => {
    const [path, sent] = request(route, 'nobody')
    const response = await setup.stranger().send(path, {
      ...sent,
      headers: {
        ...{ 'x-forwarded-user': 'carol', 'x-remote-user': 'carol', 'x-auth-request-email': 'carol@example.test' },
        ...{ 'x-forwarded-for': '127.0.0.1', 'x-sallyport-user': 'carol', 'x-forwarded-access-token': 'carol' },
      },
    })
    await response.body?.cancel()
    expect(response.status).toBe(TABLE[route]!.nobody)
  })
})

describe('a request by nobody', () => {
  it('is refused before it is read: it learns nothing of what is malformed or missing', async () => {
    const stranger = setup.stranger()
    for (const path of [`/api/v1/holds/${hold.id}/decisions`, '/api/v1/holds/hnothing/decisions']) {
      const headers = { 'content-type': 'application/json' }
      const answers = [
        await stranger.send(path, { method: 'POST', body: { nonsense: 1 } }),
        await stranger.send(path, { method: 'POST', headers }),
      ]
      expect(answers.map(({ status }) => status)).toEqual([401, 401])
    }
    expect((await stranger.send('/api/v1/holds?state=nonsense')).status).toBe(401)
    expect((await stranger.send('/api/v1/logins/%3Cb%3E')).status).toBe(401)
  })
})

describe('fault 36: what has no route', () => {
  it.each([
    ['GET', '/api/v1/'],
    ['GET', '/api/v1/hold'],
    ['PUT', '/api/v1/holds/x'],
    ['POST', '/api/v1/audit'],
    ['GET', '/api/v1/recordings/..%2f..%2fetc%2fpasswd/cast'],
    ['GET', '/api/v2/me'],
    ['GET', '/recordings/x/cast'],
    ['POST', '/auth/start'],
    ['GET', '/auth/sign-out'],
  ])('is not there, even for an auditor: %s %s', async (method, path) => {
    const response = await (await setup.as('carol')).send(path, { method })
    expect(response.status).toBe(404)
  })
})

describe('a program', () => {
  it('needs no origin, and its cookies are not looked at', async () => {
    const cookies = [...(await setup.as('carol')).cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const alice = await setup.program('alice').json<{ name: string }>('/api/v1/me', { headers: { cookie: cookies } })
    expect(alice.body.name).toBe('Alice Ames')
    const forged = await setup.program('forged').send('/api/v1/audit', { headers: { cookie: cookies } })
    expect(forged.status).toBe(401)
    const basic = await setup
      .program('x')
      .send('/api/v1/audit', { headers: { authorization: 'Basic Y2Fyb2w6', cookie: cookies } })
    expect(basic.status).toBe(401)
  })

  it('fault 15: is held to the same rules as a browser', async () => {
    const own = await setup
      .program('alice')
      .json(`/api/v1/holds/${hold.id}/decisions`, { method: 'POST', body: { decision: 'approve' } })
    expect(own.status).toBe(403)
    const peer = await setup
      .program('bob')
      .json(`/api/v1/holds/${hold.id}/decisions`, { method: 'POST', body: { decision: 'approve' } })
    expect(peer.status).toBe(201)
  })
})
