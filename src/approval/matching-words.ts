/**
 * Two words that stand in the terminal and, among others, on the consent page. Whoever clicks must have seen both
 * places, so a click made for a stranger's terminal needs more than a habit (RFC 8628 §5.4).
 */
const FIRST = [
  'amber',
  'azure',
  'brave',
  'brisk',
  'calm',
  'clever',
  'coral',
  'crisp',
  'dusty',
  'early',
  'fair',
  'fleet',
  'gentle',
  'golden',
  'green',
  'happy',
  'honest',
  'ivory',
  'jolly',
  'keen',
  'kind',
  'lively',
  'lucky',
  'mellow',
  'misty',
  'noble',
  'olive',
  'polar',
  'proud',
  'quick',
  'quiet',
  'rapid',
  'rosy',
  'rustic',
  'silver',
  'steady',
  'sunny',
  'tidy',
  'velvet',
  'wise',
] as const
const SECOND = [
  'badger',
  'beaver',
  'bison',
  'camel',
  'crane',
  'dolphin',
  'eagle',
  'falcon',
  'ferret',
  'finch',
  'gecko',
  'gull',
  'hare',
  'heron',
  'ibex',
  'jackal',
  'koala',
  'lark',
  'lemur',
  'lynx',
  'magpie',
  'marten',
  'mole',
  'newt',
  'otter',
  'owl',
  'panda',
  'puffin',
  'quail',
  'raven',
  'robin',
  'salmon',
  'seal',
  'stork',
  'swan',
  'tapir',
  'toad',
  'trout',
  'walrus',
  'wren',
] as const

function below(limit: number): number {
  // 2^32 is so much larger than the lists that the remainder's bias does not matter.
  return crypto.getRandomValues(new Uint32Array(1))[0]! % limit
}

export function pickWords(): string {
  return `${FIRST[below(FIRST.length)]} ${SECOND[below(SECOND.length)]}`
}

/** Returns three different pairs, the given one among them, in random order; no two share a word. */
export function wordChoices(words: string): readonly string[] {
  const choices = [words]
  while (choices.length < 3) {
    const other = pickWords()
    const taken = new Set(choices.flatMap((choice) => choice.split(' ')))
    if (other.split(' ').every((word) => !taken.has(word))) choices.splice(below(choices.length + 1), 0, other)
  }
  return choices
}
