/**
 * Where in a YAML file a position is: the keys that lead there, `[]` for a list's item. It goes by indentation and brackets
 * alone, because the file is being typed and need not be YAML yet; the bastion's own parser says what is wrong with it.
 */

export interface YamlPlace {
  /** Of the mapping that the position is in. */
  readonly path: readonly string[]
  /** The key it is at, as far as it stands there. */
  readonly key: string | undefined
}

const LINE = /^( *)((?:- +)*)(?:(["']?)([A-Za-z][\w.-]*)\3)?( *:)?(.*)$/

/** A key, or a list's item, and where it begins on its line. */
interface Step {
  readonly column: number
  readonly step: string
}

const ITEM = '[]'

export function placeAt(text: string, offset: number): YamlPlace {
  const steps: Step[] = []
  const lines = text.slice(0, offset).split('\n')
  for (const line of lines.slice(0, -1)) {
    if (/^\s*(#|$)/.test(line)) continue
    const { column, key, isKey } = enter(line, steps)
    if (isKey && key !== undefined) steps.push({ column, step: key })
  }
  const { key, isKey, rest } = enter(lines.at(-1) ?? '', steps)
  const path = steps.map(({ step }) => step)
  return isKey || key === undefined ? inFlow(rest, { path, key }) : { path, key }
}

/** Leaves on `steps` what the line's first key is in; the dashes before it are steps of their own. */
function enter(line: string, steps: Step[]) {
  const [, indent = '', dashes = '', , key, colon, rest = ''] = LINE.exec(line) ?? []
  const leave = (isLeft: (top: Step) => boolean) => {
    while (steps.length > 0 && isLeft(steps.at(-1)!)) steps.pop()
  }
  for (const { index } of dashes.matchAll(/-/g)) {
    const column = indent.length + index
    // A list may stand as far to the left as the key that it belongs to.
    leave((top) => top.column > column || (top.column === column && top.step === ITEM))
    steps.push({ column, step: ITEM })
  }
  const column = indent.length + dashes.length
  leave((top) => top.column >= column)
  return { column, key, isKey: key !== undefined && colon !== undefined, rest }
}

/** Goes on in what stands on the same line: `{ effects: { only: [read] } }`. */
function inFlow(rest: string, start: YamlPlace): YamlPlace {
  const path = [...start.path]
  const open: (string | undefined)[] = []
  let key = start.key
  let isBracket = false
  for (const [token] of rest.matchAll(/"[^"]*"|'[^']*'|[{}[\],:]|[A-Za-z][\w.-]*/g)) {
    if (token === '{' || token === '[') {
      open.push(key)
      path.push(...(key === undefined ? [] : [key]), ...(token === '[' ? [ITEM] : []))
      key = undefined
      isBracket = token === '['
    } else if (token === '}' || token === ']') {
      const before = open.pop()
      if (token === ']') path.pop()
      if (before !== undefined) path.pop()
      key = before
      isBracket = false
    } else if (token === ',') {
      if (open.length > 0) key = undefined
    } else if (token !== ':' && key === undefined && !isBracket) key = token
  }
  return { path, key }
}
