/** The language of a rule’s `session`: what a session must keep to that the rule let open. */
import type { Program } from '../../core/program.ts'
import { type Mask, NO_DUTIES, type RecordLevel, type SessionDuties } from '../../core/verdict.ts'
import { BUILT_IN_MASKS, MASK_PATTERNS } from '../mask-patterns.ts'
import { isRefusal, type Refusal, refuse } from '../pattern/refusal.ts'
import { parsePattern } from '../pattern/regex.ts'
import { formatSize, parseSize, SIZE_SYNTAX } from '../pattern/size.ts'
import { list, object, optional, required } from '../shape/collections.ts'
import { choice, formatted, text, truth, wholeNumber } from '../shape/scalars.ts'
import { fail, mapped, type Shape, wordOr, wordsOr } from '../shape/shape.ts'
import { duration, NAME_SYNTAX } from './words.ts'

const MAX_SESSION_MS = 30 * 86_400_000
/** A stream of output goes through all of them at once. */
const MAX_MASKS_OF_A_RULE = 16
const MAX_KEEP = 8

const MASK_NAME = 'the name of the mask'
const ownMask = object({
  noun: 'the mask',
  fields: {
    name: required(
      formatted({
        noun: MASK_NAME,
        max: 63,
        syntax: NAME_SYNTAX,
        parse: (source) =>
          new RegExp(NAME_SYNTAX).test(source) ? source : refuse('it is a word of letters, digits and “-._”'),
        print: (value) => value,
      }),
      'What recordings and the audit log call it; a built-in one’s to change how much that keeps.',
    ),
    pattern: optional(
      text({ max: 500, noun: 'pattern' }),
      'A regular expression of what is to be hidden; not of a built-in mask.',
    ),
    keep: optional(
      wholeNumber({ min: 0, max: MAX_KEEP, noun: 'keep' }),
      'How many characters at its end stay readable; 0 when left out.',
    ),
  },
})

const mask: Shape<Mask> = mapped(
  wordsOr(choice(BUILT_IN_MASKS, 'built-in mask'), ownMask),
  (value, place, problems) => {
    const { name, pattern, keep } = typeof value === 'string' ? { name: value } : value
    const made = maskOf(name, pattern, keep ?? 0)
    return isRefusal(made) ? fail(problems, place.offset, `the mask “${name}” cannot be used: ${made.message}`) : made
  },
  ({ name, source, keep }) => ({ name, pattern: source, keep }),
)

function maskOf(name: string, pattern: string | undefined, keep: number): Mask | Refusal {
  const builtIn = BUILT_IN_MASKS.find((known) => known === name)
  if (builtIn !== undefined && pattern !== undefined) return refuse('a built-in mask has that name and its own pattern')
  const source = builtIn === undefined ? pattern : MASK_PATTERNS[builtIn]
  if (source === undefined) return refuse(`it has no pattern, and the built-in ones are ${BUILT_IN_MASKS.join(', ')}`)
  const parsed = parsePattern(source)
  if (isRefusal(parsed)) return parsed
  const { program } = parsed
  if (program.some((step) => step.kind === 'at' && (step.place === 'start' || step.place === 'end')))
    return refuse('“^” and “$” mean nothing in a stream, which has neither beginning nor end')
  const shortest = shortestMatch(program)
  if (shortest === 0) return refuse('its pattern also matches nothing at all')
  if (keep >= shortest) return refuse(`keep is ${keep}, which would leave a match of ${shortest} readable as it is`)
  return { name, source: pattern, program, keep }
}

/** Returns how many characters the shortest text has that the program may match. */
function shortestMatch(program: Program): number {
  let here = new Set([0])
  for (let length = 0; here.size > 0 && length <= program.length; length++) {
    const stack = [...here]
    const seen = new Set<number>()
    const next = new Set<number>()
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      if (seen.has(at)) continue
      seen.add(at)
      const step = program[at]!
      if (step.kind === 'match') return length
      if (step.kind === 'set') next.add(at + 1)
      else if (step.kind === 'fork') stack.push(step.to, step.or)
      else stack.push(at + 1)
    }
    here = next
  }
  return 0
}

const masks: Shape<readonly Mask[]> = mapped(
  list(mask, { noun: 'mask', max: MAX_MASKS_OF_A_RULE }),
  (values, place, problems) => {
    const twice = values.find(({ name }, index) => values.findIndex((other) => other.name === name) < index)
    return twice === undefined ? values : fail(problems, place.offset, `another mask has the name “${twice.name}”`)
  },
  (values) => values,
)

const record: Shape<RecordLevel> = mapped(
  wordOr(
    'output',
    wordOr(
      'digest',
      object({
        noun: 'record',
        fields: {
          first: required(
            formatted<number>({
              noun: 'first',
              max: 8,
              syntax: SIZE_SYNTAX,
              parse: (source) => parseSize(source) ?? refuse('a size looks like 64KiB or 1MiB'),
              print: formatSize,
            }),
            'How much of the output is kept; of the rest its size and digest.',
          ),
        },
      }),
    ),
  ),
  (value): RecordLevel => {
    if (value === 'output') return { kind: 'output' }
    return { kind: 'first', bytes: value === 'digest' ? 0 : value.first }
  },
  (value) => {
    if (value.kind === 'output') return 'output'
    return value.bytes === 0 ? 'digest' : { first: value.bytes }
  },
)

export const duties: Shape<SessionDuties> = mapped(
  object({
    noun: 'session',
    fields: {
      'idle-timeout': optional(
        duration('idle-timeout', MAX_SESSION_MS),
        'The session ends when nothing was typed and shown for so long.',
      ),
      'max-duration': optional(
        duration('max-duration', MAX_SESSION_MS),
        'The session ends so long after it was opened, whatever happens in it.',
      ),
      'read-only': optional(
        truth('read-only'),
        'true: whatever would do more than read is denied, whatever the rules say of it.',
      ),
      mask: optional(masks, 'What is hidden of the output, from the person and from the recording.'),
      record: optional(
        record,
        'What is kept of the output: output (all of it, and so when left out), digest (its size and SHA-256), or its first bytes. Less than all only for commands without a terminal.',
      ),
    },
  }),
  (value) => ({
    idleTimeoutMs: value['idle-timeout'],
    maxDurationMs: value['max-duration'],
    readOnly: value['read-only'] ?? NO_DUTIES.readOnly,
    masks: value.mask ?? NO_DUTIES.masks,
    record: value.record ?? NO_DUTIES.record,
  }),
  (value) => ({
    'idle-timeout': value.idleTimeoutMs,
    'max-duration': value.maxDurationMs,
    'read-only': value.readOnly,
    mask: value.masks.length === 0 ? undefined : value.masks,
    record: value.record,
  }),
)
