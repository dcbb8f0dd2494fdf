/**
 * What proves that a request comes from our own pages, where a cookie alone speaks for the person. Cookies know no port,
 * so a page of another service on the same host is told apart here too. (fault 45)
 *
 * - Whatever changes something needs an `Origin` equal to ours (RFC 6454); its absence is a refusal.
 * - `Sec-Fetch-Site`, where the browser sends it, must say `same-origin`; for reading, `none` (typed by hand) is fine.
 */
import type { Context } from 'hono'
import { BastionError } from '../core/errors.ts'

const SAFE_METHODS = new Set(['GET', 'HEAD'])

export function demandSameOrigin(c: Context, publicUrl: URL): void {
  const isSafe = SAFE_METHODS.has(c.req.method)
  const site = c.req.header('sec-fetch-site')
  const isOwnSite = site === undefined || site === 'same-origin' || (isSafe && site === 'none')
  const isOwnOrigin = isSafe || c.req.header('origin') === publicUrl.origin
  if (isOwnSite && isOwnOrigin) return
  throw new BastionError(
    'forbidden',
    `This request does not come from the bastion's own pages; open ${publicUrl.origin} and try there.`,
  )
}
