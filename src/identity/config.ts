/**
 * What the bastion is told about its identity provider, and the one rule about transport: TLS everywhere, except that
 * plain HTTP may reach a loopback address when the operator allowed it (the demo, a sidecar, a test).
 *
 * The rule is asked again for every URL that the provider's own metadata names, because a document fetched from a
 * loopback issuer could otherwise send the client's secret anywhere in the clear.
 */
import { BastionError } from '../core/errors.ts'

export interface IdentityConfig {
  /** The provider's issuer identifier, exactly as its metadata spells it. */
  readonly issuer: string
  readonly clientId: string
  /** Absent for a public client. */
  readonly clientSecret?: string | undefined
  /** Space-separated; `openid` is always among them. */
  readonly scopes?: string | undefined
  /** The claim that lists a person's groups; a list where it is nested, from the outside in. */
  readonly groupsClaim?: string | readonly string[] | undefined
  readonly groupsCase?: 'exact' | 'lower' | undefined
  /** Stands before each group that this provider names, so that no other provider's can be meant. */
  readonly groupsPrefix?: string | undefined
  /** Programs that act for themselves (RFC 6749 §4.4), by client id. No other one is let in. */
  readonly agents?: ReadonlyMap<string, AgentConfig> | undefined
  /** Our web's callback, as registered with the provider. */
  readonly redirectUri: string
  /** The `aud` that a bearer access token must carry. */
  readonly audience: string
  readonly allowInsecureLoopback: boolean
}

export interface AgentConfig {
  /** The `sub` of the person who answers for it, at the same provider. */
  readonly owner: string
  /** Undefined: those of the token. */
  readonly groups: readonly string[] | undefined
}

/** The same with its defaults filled in and its URLs read. */
export interface IdentitySettings {
  readonly issuer: URL
  readonly clientId: string
  readonly clientSecret: string | undefined
  readonly scopes: string
  readonly groupsClaim: readonly string[]
  readonly groupsCase: 'exact' | 'lower'
  readonly groupsPrefix: string
  readonly agents: ReadonlyMap<string, AgentConfig>
  readonly redirectUri: URL
  readonly audience: string
  readonly allowInsecureLoopback: boolean
}

export const DEFAULT_SCOPES = 'openid profile email groups'
export const DEFAULT_GROUPS_CLAIM = 'groups'

/** Throws `invalid` with the name of the setting that is wrong. Reaches for nothing on the network. */
export function readIdentityConfig(config: IdentityConfig): IdentitySettings {
  const scopes = config.scopes ?? DEFAULT_SCOPES
  if (!scopes.split(' ').includes('openid')) {
    throw new BastionError('invalid', 'The identity provider\'s "scopes" must contain "openid".')
  }
  const groupsClaim = [config.groupsClaim ?? DEFAULT_GROUPS_CLAIM].flat()
  const required = {
    clientId: config.clientId,
    audience: config.audience,
    groupsClaim: groupsClaim.includes('') ? '' : groupsClaim.join(),
  }
  for (const [name, value] of Object.entries(required)) {
    if (value === '') throw new BastionError('invalid', `The identity provider's "${name}" must not be empty.`)
  }
  return {
    issuer: readUrl('issuer', config.issuer, config.allowInsecureLoopback),
    clientId: config.clientId,
    clientSecret: config.clientSecret,
    scopes,
    groupsClaim,
    groupsCase: config.groupsCase ?? 'exact',
    groupsPrefix: config.groupsPrefix ?? '',
    agents: config.agents ?? new Map(),
    redirectUri: readUrl('redirectUri', config.redirectUri, config.allowInsecureLoopback),
    audience: config.audience,
    allowInsecureLoopback: config.allowInsecureLoopback,
  }
}

/** Reports whether `url` may be spoken to, or shown to a person as a link. */
export function isTrustworthyUrl(url: URL, allowInsecureLoopback: boolean): boolean {
  if (url.username !== '' || url.password !== '') return false
  return url.protocol === 'https:' || (allowInsecureLoopback && url.protocol === 'http:' && isLoopback(url.hostname))
}

/** `hostname` as the WHATWG URL parser writes it: `127.1` has become `127.0.0.1`, IPv6 is in brackets. */
function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname)
}

function readUrl(name: string, text: string, allowInsecureLoopback: boolean): URL {
  const url = URL.parse(text)
  // OpenID Connect Discovery §3: an issuer has no query and no fragment. A callback's query is the provider's to fill.
  if (url === null || url.hash !== '' || url.search !== '') {
    throw new BastionError('invalid', `The identity provider's "${name}" is not a URL that can be used.`)
  }
  if (!isTrustworthyUrl(url, allowInsecureLoopback)) {
    throw new BastionError(
      'invalid',
      `The identity provider's "${name}" must be an https URL; http is possible for a loopback address only, and only where the configuration allows it.`,
    )
  }
  return url
}
