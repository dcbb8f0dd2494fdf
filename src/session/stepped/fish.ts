/**
 * Fish, 3.4 to 4.x: a line is judged whole, because fish can refuse a line and not a step. What the analysis does not
 * understand of it is opaque.
 */
import { analyseFish, type FishFunctions } from '../../shell/fish.ts'
import type { LineDialect } from './dialect.ts'
import { FISH_RESERVED, fishLauncher } from './fish-init.ts'

/** Builtins and functions that could change the gate: keys, events, abbreviations, its functions, its start. */
const GATE_COMMANDS =
  'bind abbr block breakpoint commandline emit fish_default_key_bindings fish_vi_key_bindings fish_hybrid_key_bindings fish_config edit_command_buffer funced'
/** Where a command may start: a line, after an operator, in a substitution, after a word that another command follows. */
const START = String.raw`(?:^|[;\n|&({]|\b(?:and|or|not|if|while|else|begin|builtin|command|exec|eval|time|then)\s)[\s"'\\]*`
const FORBIDDEN: readonly (readonly [RegExp, string])[] = [
  [
    new RegExp(`${START}(?:${GATE_COMMANDS.replaceAll(' ', '|')})(?![\\w-])`),
    'it changes keys, events or lines of the gate',
  ],
  [
    new RegExp(`${START}functions\\b.*\\s-\\w*[ec]|${START}functions\\b.*--(?:erase|copy)`),
    'it changes functions of the shell',
  ],
  [
    /--on-(?:event|variable|signal|job-exit|process-exit)|\bfunction\s.*\s-[evsjp]\b/,
    'it runs something between the lines',
  ],
  [/\bfunction\s+["'\\]*(?:fish_|__fish)/, 'it changes what fish itself calls between the lines'],
  [new RegExp(`${START}set\\b.*\\s["'\\\\]*(?:fish_\\w*|__fish\\w*)`), 'it changes a variable that fish itself reads'],
  [new RegExp(`${START}set(?:\\s+-(?:S|-show)\\b.*)?\\s*(?:$|[;\\n|&)])`), 'it shows the variables of the gate'],
  [/\b(?:kill|pkill)\b.*(?:%self|\bfish_pid\b)/, 'it signals the gated shell'],
]

function forbidden(text: string): string | undefined {
  // Quotes and backslashes inside a word do not make it another one.
  const plain = text.replace(/["'\\]/g, '')
  if (plain.includes(FISH_RESERVED)) return 'it names a part of the gate'
  return FORBIDDEN.find(([pattern]) => pattern.test(text) || pattern.test(plain))?.[1]
}

function readReport(report: string): FishFunctions {
  const names = report.split(' ').filter((name) => name !== '')
  return {
    system: new Set(names.filter((name) => !name.endsWith('!'))),
    session: new Set(names.filter((name) => name.endsWith('!')).map((name) => name.slice(0, -1))),
  }
}

export const fish: LineDialect = {
  kind: 'fish',
  reports: 'lines',
  firstLine: undefined,
  // `commandline --is-valid` and `$(…)` came with 3.4; versions from 5 on have not been tried.
  canStep(version) {
    const [, major, minor] = /^(\d+)\.(\d+)/.exec(version) ?? []
    return Number(major) === 4 || (Number(major) === 3 && Number(minor) >= 4)
  },
  launcher: fishLauncher,
  initSteps: new Set(),
  parseable: (step) => step,
  forbidden,
  forbiddenAtStart: forbidden,
  wholeLine(reported, analyse) {
    const end = reported.indexOf('\n')
    const text = reported.slice(end + 1)
    return { text, analysis: analyseFish(text, readReport(reported.slice(0, Math.max(end, 0))), analyse) }
  },
}
