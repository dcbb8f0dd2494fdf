/**
 * Finds what an interactive bash may take for history expansion (Bash manual §9.3): it happens before the line is
 * parsed, so `ls !$` runs words that are in no text here. Single quotes, a backslash and some followers protect.
 */

/** Reports whether a `!event`, or a `^old^new` at the start of a line, may be replaced. */
export function hasHistoryExpansion(text: string): boolean {
  if (/^[ \t]*\^[^^\n]*\^/m.test(text)) return true
  if (!text.includes('!')) return false
  let inDouble = false
  for (let at = 0; at < text.length; at++) {
    const char = text[at]
    if (char === '\\') at++
    else if (char === '"') inDouble = !inDouble
    else if (char === "'" && !inDouble) {
      const end = text.indexOf("'", at + 1)
      if (end === -1) return true
      at = end
    } else if (char === '!') {
      const next = text[at + 1]
      const before = text[at - 1]
      const isPlain = next === undefined || /[\s=(]/.test(next) || (inDouble && next === '"')
      // `$!` and `${!name}` are expansions, `[!a]` is a pattern.
      const isShell =
        before === '$' ||
        (before === '{' && text[at - 2] === '$') ||
        (before === '[' && /\][^\s]*/.test(text.slice(at, at + 64)))
      if (!isPlain && !isShell) return true
    }
  }
  return false
}
