/**
 * Bounds what a request may bring along, before anything of it is read. HTTP/1.1 has a body only where a length or a
 * transfer coding says so (RFC 9112 §6.3); a length is checked, and a body of unknown length is not taken at all.
 * (The framework's own middleware copies the request, which its adapter to Node allows only with replaced globals.)
 */
import type { MiddlewareHandler } from 'hono'

const BODY_LIMIT_BYTES = 64 * 1024

export function bodyLimit(): MiddlewareHandler {
  return async (c, next) => {
    if (c.req.header('transfer-encoding') !== undefined) {
      return c.json({ error: { code: 'invalid', message: 'Send the request with a Content-Length.' } }, 411)
    }
    const length = Number(c.req.header('content-length') ?? 0)
    if (!(length <= BODY_LIMIT_BYTES)) {
      return c.json({ error: { code: 'invalid', message: 'The request is too large; 64 KiB are taken.' } }, 413)
    }
    return next()
  }
}
