/**
 * Bash reports the head of a compound command as a step of its own (`for i in a b`, `case "$x" in`), which no parser
 * takes for a command. Here such a head gets the shortest body, so that its words and expansions can be analysed.
 */
const HEADS: readonly (readonly [RegExp, string])[] = [
  [/^(?:for|select)\s+[A-Za-z_]\w*(?:\s+in\b[\s\S]*)?$/, '; do :; done'],
  [/^case\s[\s\S]*\sin\s*$/, ' esac'],
]

/** Returns a text that parses, and runs nothing more than the reported step does. */
export function parseable(step: string): string {
  const head = HEADS.find(([pattern]) => pattern.test(step))
  return head === undefined ? step : `${step}${head[1]}`
}
