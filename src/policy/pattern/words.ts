/**
 * The words of one simple command, where they are plain enough to be known without a shell: quotes are taken off
 * (POSIX XCU 2.2), and anything that would be expanded, redirected or separated makes the answer undefined.
 */

/** Undefined where a word depends on the shell, or contains white space (it would look like two). */
export function plainWords(text: string): readonly string[] | undefined {
  const words: string[] = []
  for (const raw of split(text.trim())) {
    const word = unquote(raw)
    if (word === undefined || /\s/.test(word)) return undefined
    words.push(word)
  }
  return words
}

function split(text: string): readonly string[] {
  return text === '' ? [] : text.split(/[ \t]+/)
}

/** A word with a quoted space was split in the middle of its quotes, and fails here. */
function unquote(raw: string): string | undefined {
  if (/^[~#!]/.test(raw)) return undefined
  let word = ''
  let rest = raw
  while (rest !== '') {
    const piece = /^(?:([^'"\\$`*?[\]{}<>&|;()\n!]+)|'([^']*)'|"([^"\\$`!]*)"|\\([^\n]))/.exec(rest)
    if (piece === null) return undefined
    word += piece[1] ?? piece[2] ?? piece[3] ?? piece[4] ?? ''
    rest = rest.slice(piece[0].length)
  }
  return word
}
