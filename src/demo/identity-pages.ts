/**
 * The pages of the demo identity provider: plain forms, no script of their own, usable with a keyboard, a screen reader
 * and a thumb. Whatever comes from outside goes through `html`, which escapes it.
 */
import { createHash } from 'node:crypto'
import { DEMO_PASSWORD, type DemoPerson } from './identity-people.ts'

export interface Markup {
  readonly markup: string
}

type Piece = string | Markup | readonly Markup[] | undefined

const STYLE = `
:root { color-scheme: light dark; --page: #f2f0eb; --card: #fff; --text: #1d1b17; --dim: #5d574c; --line: #cfc9bc; --do: #7a3e00; --on-do: #fff; --bad: #a8191c; --code: #f2f0eb }
@media (prefers-color-scheme: dark) {
  :root { --page: #16140f; --card: #211e18; --text: #efebe1; --dim: #b3ab9a; --line: #4a4437; --do: #f0a75a; --on-do: #1d1206; --bad: #ff9a94; --code: #16140f }
}
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem; background: var(--page); color: var(--text); font: 1rem/1.5 system-ui, sans-serif }
main { width: 100%; max-width: 24rem; padding: 1.5rem; background: var(--card); border: 1px solid var(--line); border-top: 4px solid var(--do); border-radius: .5rem }
h1 { margin: 0 0 .75rem; font-size: 1.375rem; line-height: 1.25 }
p { margin: 0 0 1rem }
.from, .hint { color: var(--dim); font-size: .875rem }
.hint { margin-top: 1.25rem; padding-top: 1rem; border-top: 1px solid var(--line) }
.hint ul { margin: .25rem 0 0; padding-left: 1.25rem }
.wrong { color: var(--bad); font-weight: 600 }
label { display: block; margin-bottom: .25rem; font-weight: 600 }
input { width: 100%; min-height: 2.75rem; margin-bottom: 1rem; padding: .5rem .75rem; border: 1px solid var(--dim); border-radius: .375rem; background: var(--card); color: inherit; font: inherit }
input.code { font-family: ui-monospace, monospace; letter-spacing: .1em; text-transform: uppercase }
button, .go { display: block; width: 100%; min-height: 2.75rem; margin-bottom: .75rem; padding: .5rem .75rem; border: 1px solid var(--do); border-radius: .375rem; background: var(--do); color: var(--on-do); font: inherit; font-weight: 600; text-align: center; text-decoration: none; cursor: pointer }
button.second { background: transparent; color: inherit; border-color: var(--dim) }
a { color: inherit }
output { display: block; margin: 0 0 1rem; padding: .75rem; border-radius: .375rem; background: var(--code); font: 600 1.5rem/1.2 ui-monospace, monospace; letter-spacing: .1em; text-align: center }
:focus-visible { outline: 3px solid var(--do); outline-offset: 2px }
`

/** What a policy's `style-src` must name for the pages' one style sheet. */
export const STYLE_SOURCE = `'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`

export function loginPage(view: {
  readonly action: string
  readonly clientName: string
  readonly people: readonly DemoPerson[]
  /** What was typed before, when it was not right. */
  readonly refused: string | undefined
}): string {
  const refused = view.refused !== undefined
  return page(
    'Sign in',
    html`<h1>Sign in</h1>
<p class="from">to go on to ${view.clientName}</p>
${refused ? html`<p class="wrong" role="alert" id="wrong">There is no such person, or the password is not right.</p>` : undefined}
<form method="post" action="${view.action}">
<label for="login">User name</label>
<input id="login" name="login" value="${view.refused ?? ''}" required autofocus autocomplete="username" autocapitalize="none" spellcheck="false"${describedBy(refused)}>
<label for="password">Password</label>
<input id="password" name="password" type="password" required autocomplete="current-password"${describedBy(refused)}>
<button type="submit">Sign in</button>
</form>
<div class="hint">This is a demo. Everybody’s password is <b>${DEMO_PASSWORD}</b>.
<ul>${view.people.map((person) => html`<li><b>${person.userName}</b>, ${person.groups.join(', ') || 'no group'}</li>`)}</ul></div>`,
  )
}

export function codePage(view: {
  readonly action: string
  readonly xsrf: string
  readonly problem: string | undefined
}): string {
  return page(
    'Enter the code',
    html`<h1>Enter the code</h1>
${view.problem === undefined ? undefined : html`<p class="wrong" role="alert">${view.problem}</p>`}
<form method="post" action="${view.action}">
<input type="hidden" name="xsrf" value="${view.xsrf}">
<label for="code">The code in your terminal</label>
<input id="code" name="user_code" class="code" required autofocus autocomplete="off" autocapitalize="characters" spellcheck="false">
<button type="submit">Go on</button>
</form>`,
  )
}

export function confirmPage(view: {
  readonly action: string
  readonly switchAction: string
  readonly xsrf: string
  readonly userCode: string
  readonly clientName: string
  readonly signedInAs: string | undefined
}): string {
  const hidden = html`<input type="hidden" name="xsrf" value="${view.xsrf}"><input type="hidden" name="user_code" value="${view.userCode}">`
  return page(
    'Is this your code?',
    html`<h1>Is this your code?</h1>
<p>${view.clientName} asks to sign you in from a terminal that shows:</p>
<output>${view.userCode}</output>
${view.signedInAs === undefined ? undefined : html`<p>You are signed in here as <b>${view.signedInAs}</b>.</p>`}
<form method="post" action="${view.action}">
${hidden}
<button type="submit" name="confirm" value="yes">Yes, it is in my terminal</button>
<button type="submit" name="abort" value="yes" class="second">No, I did not ask for this</button>
</form>
${view.signedInAs === undefined ? undefined : html`<form method="post" action="${view.switchAction}"><input type="hidden" name="user_code" value="${view.userCode}"><button type="submit" class="second">Sign in as somebody else</button></form>`}`,
  )
}

export function successPage(view: { readonly clientName: string; readonly next: string | undefined }): string {
  if (view.next === undefined) {
    return page(
      'You are signed in',
      html`<h1>You are signed in</h1><p>Go back to your terminal. This page can be closed.</p>`,
    )
  }
  return page(
    'Confirmed',
    html`<h1>The code is confirmed</h1>
<p>One step is left at ${view.clientName}.</p>
<a class="go" href="${view.next}">Go on to ${view.clientName}</a>`,
    html`<meta http-equiv="refresh" content="1;url=${view.next}">`,
  )
}

export function logoutPage(view: { readonly action: string; readonly xsrf: string }): string {
  return page(
    'Sign out',
    html`<h1>Sign out everywhere?</h1>
<form method="post" action="${view.action}">
<input type="hidden" name="xsrf" value="${view.xsrf}">
<button type="submit" name="logout" value="yes">Sign out</button>
</form>`,
  )
}

export function problemPage(title: string, text: string): string {
  return page(title, html`<h1>${title}</h1><p>${text}</p>`)
}

function describedBy(refused: boolean): Markup | undefined {
  return refused ? html` aria-describedby="wrong" aria-invalid="true"` : undefined
}

function page(title: string, body: Markup, head?: Markup): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} – demo identity provider</title>
${head}
<style>${{ markup: STYLE }}</style>
</head>
<body><main><p class="from">Demo identity provider</p>${body}</main></body>
</html>
`.markup
}

function html(strings: TemplateStringsArray, ...pieces: readonly Piece[]): Markup {
  const markup = strings.reduce((text, string, index) => text + write(pieces[index - 1]) + string)
  return { markup }
}

function write(piece: Piece): string {
  if (piece === undefined) return ''
  if (typeof piece === 'string') return piece.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
  return 'markup' in piece ? piece.markup : piece.map((each) => each.markup).join('')
}
