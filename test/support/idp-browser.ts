/**
 * As much of a browser as signing in needs: it keeps cookies, follows redirects and fills in forms. It runs no script;
 * a page that would submit itself is submitted for it.
 *
 * Cookies are kept per host and path and not per port, as in a real browser (RFC 6265 §8.5).
 */
import {
  DEMO_AGENT_CLIENT_ID,
  DEMO_AGENT_SECRET,
  DEMO_CLI_CLIENT_ID,
  DEMO_PASSWORD,
} from '../../src/demo/identity-provider.ts'

export interface Form {
  readonly action: string
  readonly method: string
  /** Names and values of its inputs, and of its buttons by `name`. */
  readonly inputs: ReadonlyMap<string, string>
  readonly buttons: ReadonlyMap<string, string>
  readonly isHiddenOnly: boolean
}

export interface Page {
  readonly url: string
  readonly status: number
  readonly headers: Headers
  readonly body: string
  readonly forms: readonly Form[]
  /** Where a `<meta http-equiv="refresh">` leads; not followed. */
  readonly refresh: string | undefined
}

export interface Browser {
  get(url: string): Promise<Page>
  post(url: string, form: Readonly<Record<string, string>>): Promise<Page>
  /** Opens `url`, signs `person` in where it is asked for, and resolves to the page that comes then. */
  signIn(url: string, person: string, password?: string): Promise<Page>
  /** Opens a device grant's link, says yes to the code, signs `person` in, and resolves to the last page. */
  confirmDevice(verificationUriComplete: string, person: string): Promise<Page>
  /** Signs out at the provider. */
  signOut(issuer: string): Promise<Page>
  /** The same, and says no. */
  denyDevice(verificationUriComplete: string): Promise<Page>
  /** `Cookie` header for requests that do not go through this browser. */
  cookiesFor(url: string): string
}

export interface BrowserOptions {
  /** A redirect to a URL that starts like this is not followed: the page has that URL, status 0 and no body. */
  readonly stopAt?: string
}

interface Cookie {
  readonly host: string
  readonly path: string
  readonly name: string
  readonly value: string
}

const MAX_STEPS = 20

export function newBrowser(options: BrowserOptions = {}): Browser {
  let jar: readonly Cookie[] = []

  const cookiesFor = (url: string) => {
    const { hostname, pathname } = new URL(url)
    return jar
      .filter((cookie) => cookie.host === hostname && pathMatches(pathname, cookie.path))
      .map((cookie) => `${cookie.name}=${cookie.value}`)
      .join('; ')
  }

  const keep = (url: string, header: string) => {
    const [pair = '', ...attributes] = header.split(';').map((part) => part.trim())
    const at = pair.indexOf('=')
    const get = (name: string) =>
      attributes.find((each) => each.toLowerCase().startsWith(`${name}=`))?.slice(name.length + 1)
    const { hostname, pathname } = new URL(url)
    const defaultPath = pathname.slice(0, Math.max(pathname.lastIndexOf('/'), 1))
    const cookie = {
      host: hostname,
      path: get('path') ?? defaultPath,
      name: pair.slice(0, at),
      value: pair.slice(at + 1),
    }
    jar = jar.filter((each) => each.host !== cookie.host || each.path !== cookie.path || each.name !== cookie.name)
    const expires = get('expires')
    const isGone = get('max-age') === '0' || (expires !== undefined && Date.parse(expires) <= Date.now())
    if (!isGone) jar = [...jar, cookie]
  }

  const request = async (start: string, form?: Readonly<Record<string, string>>): Promise<Page> => {
    let url = start
    let body = form === undefined ? undefined : new URLSearchParams(form)
    for (let step = 0; step < MAX_STEPS; step += 1) {
      const headers: Record<string, string> = { accept: 'text/html', cookie: cookiesFor(url) }
      // Servers that check where a form comes from see what a browser would send.
      if (body !== undefined) headers.origin = new URL(url).origin
      const response = await fetch(url, {
        method: body ? 'POST' : 'GET',
        body: body ?? null,
        headers,
        redirect: 'manual',
      })
      for (const header of response.headers.getSetCookie()) keep(url, header)
      const location = response.headers.get('location')
      if (response.status < 300 || response.status > 399 || location === null) return readPage(url, response)
      await response.body?.cancel()
      url = new URL(location, url).href
      if (options.stopAt !== undefined && url.startsWith(options.stopAt)) {
        return { url, status: 0, headers: new Headers(), body: '', forms: [], refresh: undefined }
      }
      // RFC 9110 §15.4: 307 and 308 repeat the request, the others become a GET.
      if (response.status !== 307 && response.status !== 308) body = undefined
    }
    throw new Error(`more than ${MAX_STEPS} redirects from ${start}`)
  }

  /** Fills in one form after the other while `answer` knows what to say. */
  const walk = async (start: string, answer: (form: Form) => Record<string, string> | undefined): Promise<Page> => {
    let page = await request(start)
    for (let step = 0; step < MAX_STEPS; step += 1) {
      const form = page.forms.find((each) => answer(each) !== undefined)
      const said = form && answer(form)
      if (form === undefined || said === undefined || page.status >= 400) return page
      const fields = { ...Object.fromEntries(form.inputs), ...said }
      page = await (form.method === 'post'
        ? request(new URL(form.action, page.url).href, fields)
        : request(`${new URL(form.action, page.url).href}?${new URLSearchParams(fields)}`))
    }
    throw new Error(`more than ${MAX_STEPS} forms from ${start}`)
  }

  const answerLogin = (form: Form, person: string, password: string) =>
    form.inputs.has('login') && form.inputs.has('password') ? { login: person, password } : undefined
  const answerItself = (form: Form) => (form.isHiddenOnly ? {} : undefined)
  const answerButton = (form: Form, name: string) => {
    const value = form.buttons.get(name)
    return value === undefined ? undefined : { [name]: value }
  }

  return {
    cookiesFor,
    get: (url) => request(url),
    post: (url, form) => request(url, form),
    signIn: (url, person, password = DEMO_PASSWORD) =>
      walk(url, (form) => answerLogin(form, person, password) ?? answerItself(form)),
    confirmDevice: (url, person) =>
      walk(
        url,
        (form) => answerLogin(form, person, DEMO_PASSWORD) ?? answerButton(form, 'confirm') ?? answerItself(form),
      ),
    signOut: (issuer) => walk(`${issuer}/session/end`, (form) => answerButton(form, 'logout')),
    denyDevice: (url) => walk(url, (form) => answerButton(form, 'abort') ?? answerItself(form)),
  }
}

/** Gets a bearer access token for `person` as a program does: device grant of the public command line client. */
export async function bearerTokenFor(issuer: string, person: string): Promise<string> {
  const ask = async (path: string, form: Record<string, string>) => {
    const body = new URLSearchParams({ client_id: DEMO_CLI_CLIENT_ID, ...form })
    const response = await fetch(`${issuer}${path}`, { method: 'POST', body })
    return (await response.json()) as Readonly<Record<string, unknown>>
  }
  const grant = await ask('/device/auth', { scope: 'openid profile email groups' })
  await newBrowser().confirmDevice(String(grant.verification_uri_complete), person)
  const tokens = await ask('/token', {
    grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
    device_code: String(grant.device_code),
  })
  if (typeof tokens.access_token !== 'string') throw new Error(`no token for ${person}: ${JSON.stringify(tokens)}`)
  return tokens.access_token
}

/** Gets a token as an agent does, for itself: client credentials. */
export async function agentToken(issuer: string): Promise<string> {
  const basic = Buffer.from(`${DEMO_AGENT_CLIENT_ID}:${DEMO_AGENT_SECRET}`).toString('base64')
  const response = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${basic}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  })
  const tokens = (await response.json()) as Readonly<Record<string, unknown>>
  if (typeof tokens.access_token !== 'string') throw new Error(`no token for the agent: ${JSON.stringify(tokens)}`)
  return tokens.access_token
}

/** RFC 6265 §5.1.4. */
function pathMatches(path: string, cookiePath: string): boolean {
  return path === cookiePath || path.startsWith(cookiePath.endsWith('/') ? cookiePath : `${cookiePath}/`)
}

async function readPage(url: string, response: Response): Promise<Page> {
  const body = await response.text()
  const isHtml = response.headers.get('content-type')?.startsWith('text/html') ?? false
  const refresh = isHtml ? /<meta http-equiv="refresh" content="\d+;\s*url=([^"]*)"/i.exec(body)?.[1] : undefined
  return {
    url,
    status: response.status,
    headers: response.headers,
    body,
    forms: isHtml ? readForms(body) : [],
    refresh: refresh === undefined ? undefined : new URL(unescapeHtml(refresh), url).href,
  }
}

/** Good for pages whose attributes are in double quotes and whose forms are not nested, as ours and the provider's are. */
function readForms(body: string): readonly Form[] {
  return [...body.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/gi)].map(([, attributes = '', content = '']) => {
    const inputs = tags(content, 'input').filter((input) => input.has('name'))
    const buttons = tags(content, 'button')
    return {
      action: readAttributes(attributes).get('action') ?? '',
      method: (readAttributes(attributes).get('method') ?? 'get').toLowerCase(),
      inputs: new Map(inputs.map((input) => [input.get('name') ?? '', input.get('value') ?? ''])),
      buttons: new Map(
        buttons.filter((each) => each.has('name')).map((each) => [each.get('name') ?? '', each.get('value') ?? '']),
      ),
      isHiddenOnly: inputs.every((input) => input.get('type') === 'hidden') && /<noscript>/i.test(content),
    }
  })
}

function tags(content: string, name: string): readonly ReadonlyMap<string, string>[] {
  return [...content.matchAll(new RegExp(`<${name}\\b([^>]*)>`, 'gi'))].map(([, text = '']) => readAttributes(text))
}

function readAttributes(text: string): ReadonlyMap<string, string> {
  return new Map(
    [...text.matchAll(/([a-z-]+)(?:="([^"]*)")?/gi)].map(([, name = '', value = '']) => [
      name.toLowerCase(),
      unescapeHtml(value),
    ]),
  )
}

function unescapeHtml(text: string): string {
  const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
  return text.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (whole, decimal, hex, name) => {
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal))
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16))
    return named[name] ?? whole
  })
}
