/**
 * What a person writes before the `@` of `ssh …@bastion`: the target, and the account on it if it is not the usual one.
 * `web-1`, `deploy@web-1`, `deploy+web-1` and `deploy%web-1` are read; the last separator counts, because accounts may
 * contain one and target names never do.
 */
export interface Destination {
  readonly target: string
  /** Undefined: the target's usual account. */
  readonly login: string | undefined
}

const TARGET = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/
const LOGIN = /^[A-Za-z0-9_][A-Za-z0-9._@+%-]{0,62}$/

/** Returns undefined for a name that cannot be one. */
export function parseUserName(name: string): Destination | undefined {
  const at = Math.max(name.lastIndexOf('@'), name.lastIndexOf('+'), name.lastIndexOf('%'))
  const target = name.slice(at + 1)
  const login = at === -1 ? undefined : name.slice(0, at)
  if (!TARGET.test(target) || (login !== undefined && !LOGIN.test(login))) return undefined
  return { target, login }
}
