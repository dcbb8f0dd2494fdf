/**
 * Makes asciinema-player work where no string may become markup (`require-trusted-types-for 'script'`). Its code does
 * that in two places, with constant templates of its own. There, and only there, the build puts in a Trusted Types
 * policy; a browser's page may create it once, and nothing outside that module can reach it.
 *
 * When the player changes, the build fails here rather than the page there.
 */
import type { Plugin } from 'vite'

const ASSIGNMENTS = ['t.innerHTML = html;', 'symbol.innerHTML = content;'] as const

/** The policy's name is also in the Content-Security-Policy: see ../headers.ts. */
const POLICY = `
const trustedTemplates = globalThis.trustedTypes?.createPolicy('sallyport-player', { createHTML: (markup) => markup });
const trustedTemplate = (markup) => trustedTemplates === undefined ? markup : trustedTemplates.createHTML(markup);
`

export function trustedPlayer(): Plugin {
  return {
    name: 'sallyport-trusted-player',
    transform(code, id) {
      if (!/[\\/]asciinema-player[\\/]dist[\\/]/.test(id) || !code.includes('innerHTML')) return
      const found = code.split(/\.innerHTML\b/).length - 1
      if (found !== ASSIGNMENTS.length || !ASSIGNMENTS.every((assignment) => code.includes(assignment))) {
        this.error('asciinema-player makes markup elsewhere than before: look at it, then at trusted-player.ts')
      }
      const patched = ASSIGNMENTS.reduce(
        (text, assignment) => text.replace(assignment, assignment.replace(/= (\w+);/, '= trustedTemplate($1);')),
        code,
      )
      return { code: POLICY + patched, map: null }
    },
  }
}
