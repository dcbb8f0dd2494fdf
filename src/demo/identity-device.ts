/**
 * The device grant's three pages, as oidc-provider asks for them. It hands over a form of its own; ours has a label and
 * works under a strict content security policy, and carries the same fields.
 */
import type { ClientRecord, Context } from 'oidc-provider'
import { SWITCH_PATH } from './identity-interactions.ts'
import { codePage, confirmPage, successPage } from './identity-pages.ts'

/** `returnUrl`: where a browser goes after its person confirmed a code of a client that has a web page. */
export function devicePages(returnUrl: ((userCode: string) => string) | undefined): object {
  return {
    userCodeInputSource: showCodeInput,
    userCodeConfirmSource: showConfirmation,
    successSource: (ctx: Context) => showSuccess(ctx, returnUrl),
  }
}

function showCodeInput(ctx: Context, _form: string, _out: unknown, error?: Error): void {
  ctx.type = 'html'
  ctx.body = codePage({
    action: ctx.oidc.urlFor('code_verification'),
    xsrf: ctx.oidc.session.state?.secret ?? '',
    problem: error === undefined ? undefined : (CODE_PROBLEMS[error.name] ?? 'That did not work. Try again.'),
  })
}

const CODE_PROBLEMS: Readonly<Record<string, string>> = {
  NoCodeError: 'Type the code that your terminal shows.',
  NotFoundError: 'There is no such code. Look at your terminal again.',
  ExpiredError: 'That code has expired. Connect again for a new one.',
  AlreadyUsedError: 'That code was used before. Connect again for a new one.',
  AbortedError: 'The sign-in was refused, and the terminal is told so.',
}

function showConfirmation(ctx: Context, _form: string, client: ClientRecord, _device: unknown, userCode: string): void {
  ctx.type = 'html'
  ctx.body = confirmPage({
    action: ctx.oidc.urlFor('code_verification'),
    switchAction: SWITCH_PATH,
    xsrf: ctx.oidc.session.state?.secret ?? '',
    userCode,
    clientName: client.clientName ?? client.clientId,
    signedInAs: ctx.oidc.session.accountId,
  })
}

function showSuccess(ctx: Context, returnUrl: ((userCode: string) => string) | undefined): void {
  const { client, deviceCode } = ctx.oidc
  // A program that asked for a token has no page to go on to.
  const hasWebPage = client.grantTypeAllowed('authorization_code')
  // Kept without its dash; shown, and handed on, as the terminal shows it.
  const userCode = (deviceCode?.userCode ?? '').replace(/^(.{4})(.{4})$/, '$1-$2')
  ctx.type = 'html'
  ctx.body = successPage({
    clientName: client.clientName ?? client.clientId,
    next: hasWebPage && returnUrl !== undefined ? returnUrl(userCode) : undefined,
  })
}
