/** What a list of samples says: the figure below which a share of them lies (nearest rank). */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
}

/** One way against another over the same work, in milliseconds. */
export interface Added {
  readonly samples: number
  readonly p50: number
  readonly p99: number
  readonly plainP50: number
  readonly plainP99: number
  /** What the bastion adds to each. */
  readonly addedP50: number
  readonly addedP99: number
  /** The bastion's median as a multiple of the plain one. */
  readonly ratio: number
}

export function added(through: readonly number[], plain: readonly number[]): Added {
  const [p50, p99] = [percentile(through, 0.5), percentile(through, 0.99)]
  const [plainP50, plainP99] = [percentile(plain, 0.5), percentile(plain, 0.99)]
  return {
    samples: through.length,
    p50,
    p99,
    plainP50,
    plainP99,
    addedP50: p50 - plainP50,
    addedP99: p99 - plainP99,
    ratio: p50 / plainP50,
  }
}
