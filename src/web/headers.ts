/**
 * The headers of every answer. The Content-Security-Policy lets a page run our own scripts and nothing else: no inline
 * script, no string made into markup (Trusted Types), no frame around it, no other host. (faults 40 and 45)
 *
 * The page with the recording player needs two more things, and only it gets them: WebAssembly, which the player's
 * terminal is made of, and one Trusted Types policy for the constant templates that the player's code contains (see
 * ui/trusted-player.ts). Pages reach it by a full navigation, so that this policy is its document's alone.
 */
import type { MiddlewareHandler } from 'hono'

/** The name in `trusted-types` below and in ui/trusted-player.ts. */
const PLAYER_POLICY = 'sallyport-player'

const COMMON =
  "default-src 'none'; style-src 'self'; connect-src 'self'; img-src 'self' data:; font-src 'self'; manifest-src 'self'; " +
  "frame-ancestors 'none'; base-uri 'none'; form-action 'self'; require-trusted-types-for 'script'"

const STRICT = `${COMMON}; script-src 'self'; trusted-types 'none'`
const PLAYER = `${COMMON}; script-src 'self' 'wasm-unsafe-eval'; trusted-types ${PLAYER_POLICY}`

/** Reports whether the page at `path` shows recordings. */
export function isPlayerPage(path: string): boolean {
  return /^\/sessions\/[^/]+$/.test(path)
}

export function securityHeaders(publicUrl: URL): MiddlewareHandler {
  return async (c, next) => {
    await next()
    const { headers } = c.res
    headers.set('content-security-policy', isPlayerPage(c.req.path) ? PLAYER : STRICT)
    headers.set('x-content-type-options', 'nosniff')
    headers.set('x-frame-options', 'DENY')
    headers.set('referrer-policy', 'no-referrer')
    headers.set('cross-origin-opener-policy', 'same-origin')
    headers.set('cross-origin-resource-policy', 'same-origin')
    headers.set('permissions-policy', 'camera=(), microphone=(), geolocation=(), payment=(), usb=()')
    if (publicUrl.protocol === 'https:') headers.set('strict-transport-security', 'max-age=31536000')
    if (!headers.has('cache-control')) headers.set('cache-control', 'no-store')
  }
}
