/**
 * Our two cookies: `sallyport`, the browser's session, and `sallyport-start`, which ties a sign-in that was begun to
 * the browser that began it. Over https they get the `__Host-` prefix (RFC 6265bis §4.1.3.2), so that no other host of
 * the domain and no page without TLS can set them.
 *
 * `Lax`, because the identity provider's redirect back to us has to carry them; what changes something is further
 * guarded by its Origin (see same-origin.ts).
 */
import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'

export type CookieName = 'sallyport' | 'sallyport-start'

export class Cookies {
  readonly #isSecure: boolean

  constructor(publicUrl: URL) {
    this.#isSecure = publicUrl.protocol === 'https:'
  }

  read(c: Context, name: CookieName): string | undefined {
    return getCookie(c, this.#full(name))
  }

  write(c: Context, name: CookieName, value: string, maxAgeSeconds: number): void {
    setCookie(c, this.#full(name), value, {
      httpOnly: true,
      sameSite: 'Lax',
      path: '/',
      secure: this.#isSecure,
      maxAge: maxAgeSeconds,
    })
  }

  remove(c: Context, name: CookieName): void {
    deleteCookie(c, this.#full(name), { path: '/', secure: this.#isSecure })
  }

  #full(name: CookieName): string {
    return this.#isSecure ? `__Host-${name}` : name
  }
}
