/** What several answers of the API share. Times are RFC 3339 in UTC; what is not known is null. */
import { z } from '@hono/zod-openapi'
import type { Principal } from '../../core/principal.ts'

export const PersonView = z.object({ id: z.string(), name: z.string(), email: z.string().nullable() }).openapi('Person')
export type PersonView = z.infer<typeof PersonView>

export function personView({ id, name, email }: Principal): PersonView {
  return { id, name, email: email ?? null }
}

export const Time = z.iso.datetime()

export function time(at: Date | undefined): string | null {
  return at?.toISOString() ?? null
}

const Problem = z.object({ error: z.object({ code: z.string(), message: z.string() }) }).openapi('Problem')

/** The answers that any route may give instead of its own. */
export const problems = {
  default: { description: 'The error.', content: { 'application/json': { schema: Problem } } },
} as const

export function json<S extends z.ZodType>(schema: S, description: string) {
  return { description, content: { 'application/json': { schema } } }
}

export const Limit = z.coerce.number().int().min(1).max(500).default(100)
