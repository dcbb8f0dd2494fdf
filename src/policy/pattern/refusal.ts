/** What a parser of one word returns instead of a value: why it cannot be used, as the end of a sentence. */
export interface Refusal {
  readonly kind: 'refused'
  readonly message: string
}

export function refuse(message: string): Refusal {
  return { kind: 'refused', message }
}

export function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'refused'
}
