/** Who the bastion takes the caller for, as a person reads it. */
import { visible } from '../terminal/visible.ts'

export interface MeFacts {
  readonly id: string
  readonly name: string
  readonly issuer: string
  readonly roles: readonly string[]
}

export function meText({ id, name, issuer, roles }: MeFacts): string {
  const subject = id.startsWith(`${issuer}#`) ? id.slice(issuer.length + 1) : id
  const may = roles.length === 0 ? 'no role here' : roles.join(', ')
  return visible(`${name} (${subject} at ${issuer}): ${may}`)
}
