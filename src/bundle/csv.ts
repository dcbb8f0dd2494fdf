/**
 * Comma-separated values (RFC 4180) that a spreadsheet opens without obeying them: what begins like a formula gets an
 * apostrophe before it (OWASP, "CSV Injection"), as anybody could have typed it. Every cell stands in quotes.
 */
export function csvLine(cells: readonly (string | number | null)[]): string {
  return `${cells.map((cell) => `"${harmless(cell === null ? '' : String(cell)).replaceAll('"', '""')}"`).join(',')}\r\n`
}

/** Full-width forms of the same signs are taken for them by some spreadsheets. */
function harmless(text: string): string {
  return /^[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠|%]/u.test(text) || /^[\t\r\n]/.test(text) ? `'${text}` : text
}
