/**
 * A process of its own for the tests of sqlite-file.test.ts: appends audit events to the file named by its first
 * argument and says each number once it is promised as stored. The second argument is how many; without one it goes on
 * until it is killed. The third is a hold to decide first: it says `won` or `lost`.
 */
import { writeSync } from 'node:fs'
import { systemClock } from '../../src/core/clock.ts'
import type { HoldId } from '../../src/core/ids.ts'
import { openSqliteStore } from '../../src/store/sqlite/store.ts'
import { fixtures } from '../contract/fixtures.ts'

const [file = '', count = 'Infinity', hold] = process.argv.slice(2)
const make = fixtures(systemClock)
// The bastion's own timers are unreferenced; this process has nothing else to stay for.
const stay = setInterval(() => undefined, 1000)
const store = await openSqliteStore({ file })
if (hold !== undefined) {
  const at = systemClock.now()
  const won = await store.holds.transition(hold as HoldId, 'pending', { kind: 'approved', at })
  writeSync(1, won ? 'won\n' : 'lost\n')
}
for (let n = 0; n < Number(count); n++) {
  const { seq } = await store.audit.append(make.event())
  writeSync(1, `${seq}\n`)
}
await store.close()
clearInterval(stay)
