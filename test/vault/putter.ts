/** A process of its own for file-vault.test.ts: puts ten secrets of its own prefix into one vault. */
import { openFileVault } from '../../src/vault/file-vault.ts'
import { readVaultKey } from '../../src/vault/key.ts'

const [file = '', key = '', prefix = ''] = process.argv.slice(2)
// The bastion's own timers are unreferenced; this process has nothing else to stay for.
const stay = setInterval(() => undefined, 1000)
const vault = await openFileVault({ file, key: await readVaultKey({ env: undefined, file: key }) })
for (let n = 0; n < 10; n++) await vault.put(`${prefix}${n}`, new TextEncoder().encode(`secret ${prefix}${n}`))
clearInterval(stay)
