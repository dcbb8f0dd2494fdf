/**
 * A reviewer who approves shells that get a gate of their own, as soon as they are held, and nothing else: what is typed
 * in there must be held or denied in its turn.
 */
import type { Person } from '../support/bastion.ts'

/** What the command that starts such a shell has in it, and no trick. */
const GATED_START = 'PROMPT_COMMAND=exit exec /bin/bash --rcfile'

export interface Approver {
  close(): Promise<void>
}

export async function approveGatedShells(reviewer: Person): Promise<Approver> {
  const events = await reviewer.api('events')
  if (!events.ok || events.body === null) throw new Error(`The events could not be followed: ${events.status}`)
  const reader = events.body.getReader()
  const approve = async () => {
    const { holds } = await reviewer.json<{ holds: readonly { id: string; text: string }[] }>('holds?state=pending')
    for (const { id, text } of holds) {
      if (text.includes(GATED_START)) await reviewer.decide(id, 'approve', 'it has a gate of its own')
    }
  }
  const follow = async () => {
    for (;;) {
      const { done } = await reader.read()
      if (done) return
      await approve()
    }
  }
  const following = follow()
  following.catch(() => {})
  return {
    async close() {
      await reader.cancel()
      await following
    },
  }
}
