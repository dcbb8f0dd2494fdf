/**
 * Where the demo identity provider keeps its sessions, codes and grants: a bounded map that dies with the process.
 * The interface is oidc-provider's adapter. What has expired stays for a while, so that a person who comes late is told
 * "expired" and not "unknown".
 */
type Payload = Record<string, unknown>

interface Entry {
  readonly model: string
  readonly payload: Payload
  readonly forgetAt: number
}

const MAX_ENTRIES = 10_000
const KEEP_EXPIRED_MS = 15 * 60_000

export function memoryAdapter(): (model: string) => object {
  const entries = new Map<string, Entry>()

  const find = (model: string, is: (payload: Payload) => boolean): Payload | undefined => {
    for (const entry of entries.values()) if (entry.model === model && is(entry.payload)) return entry.payload
    return undefined
  }

  /** Maps keep the order of insertion: the first entry is the oldest. */
  const makeRoom = () => {
    if (entries.size < MAX_ENTRIES) return
    const now = Date.now()
    for (const [key, entry] of entries) if (entry.forgetAt <= now) entries.delete(key)
    for (const key of entries.keys()) {
      if (entries.size < MAX_ENTRIES) break
      entries.delete(key)
    }
  }

  return (model) => ({
    async upsert(id: string, payload: Payload, expiresInSeconds: number | undefined) {
      makeRoom()
      const lifetimeMs = expiresInSeconds === undefined ? Number.POSITIVE_INFINITY : expiresInSeconds * 1000
      entries.set(`${model}:${id}`, { model, payload, forgetAt: Date.now() + lifetimeMs + KEEP_EXPIRED_MS })
    },
    async find(id: string) {
      return entries.get(`${model}:${id}`)?.payload
    },
    async findByUserCode(userCode: string) {
      return find(model, (payload) => payload.userCode === userCode)
    },
    async findByUid(uid: string) {
      return find(model, (payload) => payload.uid === uid)
    },
    async consume(id: string) {
      const payload = entries.get(`${model}:${id}`)?.payload
      if (payload !== undefined) payload.consumed = Math.floor(Date.now() / 1000)
    },
    async destroy(id: string) {
      entries.delete(`${model}:${id}`)
    },
    async revokeByGrantId(grantId: string) {
      for (const [key, entry] of entries) if (entry.payload.grantId === grantId) entries.delete(key)
    },
  })
}
