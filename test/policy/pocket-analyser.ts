/**
 * A few commands and plain words: as much of an analysis of shell text as the tests of the test runner need. The shipped
 * policies are tested with the real one.
 */
import type { Analysis, Effect, SimpleCommand } from '../../src/core/action.ts'

const EFFECTS: Readonly<Record<string, readonly Effect[]>> = {
  ls: ['read'],
  cat: ['read'],
  touch: ['write'],
  rm: ['destroy'],
}

export function pocketAnalyse(text: string): Analysis {
  const commands = text
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '' && !part.startsWith('#'))
    .map((part) => read(part, text.indexOf(part)))
  const effects = [...new Set(commands.flatMap((command) => command.effects))]
  return { commands, effects, objects: commands.flatMap((command) => command.objects) }
}

function read(text: string, start: number): SimpleCommand {
  const [name = '', ...rest] = text.split(/\s+/)
  const objects = rest
    .filter((word) => /[/$]/.test(word))
    .map((word) => ({ kind: 'path' as const, value: word.includes('$') ? undefined : normalise(word) }))
  return {
    text,
    name,
    start,
    end: start + text.length,
    effects: EFFECTS[name] ?? ['unknown'],
    objects,
    because: 'pocket',
  }
}

function normalise(path: string): string {
  return path.replace(/\/[^/]+\/\.\./g, '')
}
