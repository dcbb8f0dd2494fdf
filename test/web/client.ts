/**
 * A browser or a program that calls the app as a function: it keeps cookies, and sends the headers that a browser would
 * send from the bastion's own pages unless told otherwise.
 */
import type { WebApp } from '../../src/web/app.ts'
import type { PersonName, World } from './world.ts'

export interface Sent {
  readonly method?: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export interface Client {
  readonly cookies: Map<string, string>
  send(path: string, sent?: Sent): Promise<Response>
  json<T>(path: string, sent?: Sent): Promise<{ readonly status: number; readonly body: T }>
}

export function browser(app: WebApp, world: World): Client {
  const cookies = new Map<string, string>()
  const { origin } = world.services.publicUrl
  return client(cookies, async (path, { method = 'GET', body, headers = {} }) => {
    const isUnsafe = method !== 'GET'
    const response = await app.request(`${origin}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(cookies.size > 0 && { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') }),
        ...(isUnsafe && { origin, 'sec-fetch-site': 'same-origin' }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (/max-age=0/i.test(line)) cookies.delete(name!)
      else cookies.set(name!, value!)
    }
    return response
  })
}

/** A program with an access token; see `bearer` in world.ts. */
export function program(app: WebApp, world: World, token: string): Client {
  return client(new Map(), (path, { method = 'GET', body, headers = {} }) =>
    Promise.resolve(
      app.request(`${world.services.publicUrl.origin}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }),
    ),
  )
}

export async function signIn(app: WebApp, world: World, who: PersonName): Promise<Client> {
  const client = browser(app, world)
  await signInWith(client, world, who)
  return client
}

export async function signInWith(client: Client, world: World, who: PersonName, returnPath = '/'): Promise<Response> {
  world.provider.who = who
  const start = await client.send(`/auth/start?return=${encodeURIComponent(returnPath)}`)
  const callback = new URL(start.headers.get('location')!)
  return client.send(`${callback.pathname}${callback.search}`)
}

function client(cookies: Map<string, string>, send: (path: string, sent: Sent) => Promise<Response>): Client {
  return {
    cookies,
    send: (path, sent = {}) => send(path, sent),
    async json(path, sent = {}) {
      const response = await send(path, sent)
      const text = await response.text()
      return { status: response.status, body: text === '' ? undefined : JSON.parse(text) }
    },
  }
}
