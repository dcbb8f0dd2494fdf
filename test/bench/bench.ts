/**
 * Every benchmark, each in a process of its own so that none measures what another left behind: `npm run bench`, and with
 * `-- --json` one object. The shell's figures stand at its top, where programs look for them; others under their name.
 */
import { spawnSync } from 'node:child_process'

const isJson = process.argv.includes('--json')
const found: Record<string, unknown> = {}
for (const name of ['shell', 'mask', 'recorder', 'gate', 'approve']) {
  const file = new URL(`${name}.bench.ts`, import.meta.url).pathname
  const stdio = ['ignore', isJson ? 'pipe' : 'inherit', 'inherit'] as const
  if (!isJson) console.log(`${name}\n`)
  const run = spawnSync(process.execPath, [file, ...process.argv.slice(2)], { stdio: [...stdio], encoding: 'utf8' })
  if (run.status !== 0) process.exit(run.status ?? 1)
  if (isJson) Object.assign(found, name === 'shell' ? JSON.parse(run.stdout) : { [name]: JSON.parse(run.stdout) })
  else console.log()
}
if (isJson) console.log(JSON.stringify(found))
