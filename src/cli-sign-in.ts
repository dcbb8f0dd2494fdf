/**
 * `sallyport login`, `logout`, and the token that every other call to a running bastion brings: SALLYPORT_TOKEN where it is
 * set, else what `login` kept, asked for anew when it has run out. A refresh token goes to the issuer it came from, as
 * kept, whatever the bastion says by then.
 */
import { z } from 'zod'
import { fetchJson } from './cli/api.ts'
import type { Output } from './cli/output.ts'
import { type KeptToken, TokenFile } from './cli/token-file.ts'
import type { Clock } from './core/clock.ts'
import { BastionError, codeOf } from './core/errors.ts'
import { isTrustworthyUrl } from './identity/config.ts'
import { type ProgramTokens, programSignIn } from './identity/program-login.ts'
import { withLock } from './vault/lock.ts'

/** A token that ends on the way is of no use. */
const SPARE_MS = 30_000

const VISIBLE_TEXT = z.string().regex(/^[\x20-\x7e]{1,1000}$/)
const SignInAnswer = z.object({
  issuer: z.url({ protocol: /^https?$/ }),
  clientId: VISIBLE_TEXT,
  scopes: VISIBLE_TEXT,
  audience: VISIBLE_TEXT,
})

/** Unlike the bastion's clock it keeps the process alive: what it waits for is all that this program does. */
const waitingClock: Clock = {
  now: () => new Date(),
  after(ms, task) {
    const timer = setTimeout(task, ms)
    return () => clearTimeout(timer)
  },
}

/** Resolves to the token to call `url` with; rejects with `unauthenticated` where there is none. */
export async function tokenFor(url: string, env: NodeJS.ProcessEnv): Promise<string> {
  if (env.SALLYPORT_TOKEN) return env.SALLYPORT_TOKEN
  const bastion = bastionAt(url)
  const file = new TokenFile(bastion, env)
  const kept = await file.read()
  if (kept === undefined) throw notSignedIn(bastion, `You are not signed in to ${bastion.origin}.`)
  if (isGood(kept)) return kept.accessToken
  // One at a time: many providers take a refresh token twice for a stolen one, and end everything that came of it.
  return withLock(`${file.path}.lock`, waitingClock, () => refreshed(file, bastion))
}

async function refreshed(file: TokenFile, bastion: URL): Promise<string> {
  const kept = await file.read()
  // Another program was faster.
  if (kept !== undefined && isGood(kept)) return kept.accessToken
  const over = `The sign-in to ${bastion.origin} is over.`
  if (kept === undefined || kept.refreshToken === null) throw notSignedIn(bastion, over)
  const tokens = await clientOf(kept, bastion)
    .refresh(kept.refreshToken)
    .catch((error: unknown) => {
      throw codeOf(error) === 'unauthenticated' ? notSignedIn(bastion, over) : error
    })
  await file.write(keep(kept, tokens))
  return tokens.accessToken
}

/** `say` tells a person what to do meanwhile; it is no part of the result. */
export async function login(
  url: string,
  { env, output, say }: { readonly env: NodeJS.ProcessEnv; readonly output: Output; say(text: string): void },
): Promise<void> {
  const bastion = bastionAt(url)
  const answer = SignInAnswer.safeParse(await fetchJson(bastion, 'sign-in'))
  if (!answer.success) throw new BastionError('untrusted', `${bastion.origin} does not say how to sign in.`)
  const where = answer.data
  demandOwnAudience(bastion, where.audience)
  const started = await clientOf(where, bastion).start(new AbortController().signal)
  say(
    `Sign in to ${bastion.origin} at its identity provider, ${new URL(where.issuer).host}:\n` +
      `  Open  ${started.verificationUriComplete ?? started.verificationUri}\n` +
      `  Code  ${started.userCode}\n` +
      'Confirm it there only if it is this code, and only because you typed this command just now.',
  )
  const tokens = await started.tokens
  const file = new TokenFile(bastion, env)
  await file.write(keep(where, tokens))
  const remark = env.SALLYPORT_TOKEN ? ' SALLYPORT_TOKEN is set, and goes before it.' : ''
  output.print(`You are signed in to ${bastion.origin}.${remark}`, {
    bastion: bastion.origin,
    file: file.path,
    expiresAt: tokens.expiresAt.toISOString(),
    isRefreshed: tokens.refreshToken !== undefined,
  })
}

/** Signs out here whatever the provider says; reports whether it took the token back. */
export async function logout(url: string, env: NodeJS.ProcessEnv, output: Output): Promise<void> {
  const bastion = bastionAt(url)
  const file = new TokenFile(bastion, env)
  const kept = await file.read().catch(() => undefined)
  await file.remove()
  const isRevoked =
    kept !== undefined &&
    kept.refreshToken !== null &&
    (await clientOf(kept, bastion)
      .revoke(kept.refreshToken)
      .catch(() => false))
  const rest = isRevoked ? '' : ' The identity provider did not take its token back; it runs out by itself.'
  output.print(
    kept === undefined
      ? `You were not signed in to ${bastion.origin}.`
      : `You are signed out of ${bastion.origin}.${rest}`,
    { bastion: bastion.origin, wasSignedIn: kept !== undefined, isRevoked },
  )
}

function bastionAt(url: string): URL {
  const bastion = URL.parse(url)
  if (bastion === null || !isTrustworthyUrl(bastion, true)) {
    throw new BastionError(
      'invalid',
      'A token goes to an https:// address only, or to a loopback one. Correct --url or SALLYPORT_URL, or set SALLYPORT_TOKEN.',
    )
  }
  return bastion
}

/**
 * A bastion that names another's audience would get a token that is good there. Where the audience is an address it can be
 * seen to be this one's.
 */
function demandOwnAudience(bastion: URL, audience: string): void {
  const named = URL.parse(audience)
  if (named === null || !/^https?:$/.test(named.protocol) || named.origin === bastion.origin) return
  throw new BastionError(
    'untrusted',
    `${bastion.origin} asks for a token for ${named.origin}. If they are the same bastion, call it by that address: sallyport login --url ${named.origin}`,
  )
}

function clientOf(where: Pick<KeptToken, 'issuer' | 'clientId' | 'scopes' | 'audience'>, bastion: URL) {
  // A bastion far away must not send anybody to a server on their own machine.
  return programSignIn(where, waitingClock, bastion.protocol === 'http:')
}

function keep(
  { issuer, clientId, scopes, audience }: Pick<KeptToken, 'issuer' | 'clientId' | 'scopes' | 'audience'>,
  { accessToken, expiresAt, refreshToken }: ProgramTokens,
): KeptToken {
  return {
    issuer,
    clientId,
    scopes,
    audience,
    accessToken,
    expiresAt: expiresAt.toISOString(),
    refreshToken: refreshToken ?? null,
  }
}

function isGood({ expiresAt }: KeptToken): boolean {
  return Date.parse(expiresAt) - waitingClock.now().getTime() > SPARE_MS
}

function notSignedIn(bastion: URL, what: string): BastionError {
  return new BastionError(
    'unauthenticated',
    `${what} Run: sallyport login --url ${bastion.origin} (or set SALLYPORT_TOKEN).`,
  )
}
