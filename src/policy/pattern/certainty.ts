/**
 * Three-valued logic (Kleene's strong logic of indeterminacy): whether something is so, is not so, or cannot be known.
 * `rm $X` may or may not touch /etc; to call that either yes or no would be a lie that somebody can use.
 */
export type Certainty = 'yes' | 'no' | 'unclear'

export function not(value: Certainty): Certainty {
  if (value === 'unclear') return 'unclear'
  return value === 'yes' ? 'no' : 'yes'
}

/** `yes` when one is; `no` when none can be. */
export function some(values: Iterable<Certainty>): Certainty {
  let result: Certainty = 'no'
  for (const value of values) {
    if (value === 'yes') return 'yes'
    if (value === 'unclear') result = 'unclear'
  }
  return result
}

/** `yes` when all are; `no` when one is not. */
export function every(values: Iterable<Certainty>): Certainty {
  let result: Certainty = 'yes'
  for (const value of values) {
    if (value === 'no') return 'no'
    if (value === 'unclear') result = 'unclear'
  }
  return result
}

export function certain(value: boolean): Certainty {
  return value ? 'yes' : 'no'
}
