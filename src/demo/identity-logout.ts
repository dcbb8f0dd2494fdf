/** Signing out at the demo provider, as oidc-provider asks for it: one question, one answer. */
import type { Context } from 'oidc-provider'
import { logoutPage, problemPage } from './identity-pages.ts'

export function logoutPages(): object {
  return {
    logoutSource(ctx: Context) {
      ctx.type = 'html'
      ctx.body = logoutPage({
        action: ctx.oidc.urlFor('end_session_confirm'),
        xsrf: ctx.oidc.session.state?.secret ?? '',
      })
    },
    postLogoutSuccessSource(ctx: Context) {
      ctx.type = 'html'
      ctx.body = problemPage('You are signed out', 'Whoever was told of your sign-in was told of this, too.')
    },
  }
}
