/**
 * How fast shell text is analysed: typical lines per second on one core, and the slowest of texts of 64 KiB that are
 * built to be slow. Run it alone: `node --expose-gc test/bench/shell.bench.ts [--json]`. Times are of the processor, not of the wall,
 * so that a busy machine does not change them much.
 */
import { createAnalyser } from '../../src/shell/analyse.ts'
import { defaultCatalogue } from '../../src/shell/catalogue/catalogue.ts'
import { generateScript } from '../shell/differential/generate.ts'

export interface ShellBench {
  readonly linesPerSecond: number
  readonly slowestMs: number
  readonly slowest: string
  /** The five slowest, in milliseconds. */
  readonly slow: Readonly<Record<string, number>>
  /** Bytes of heap that a hundred thousand analyses leave behind. */
  readonly heapGrowthBytes: number
}

const TYPICAL = [
  'ls -la /var/log',
  'systemctl status nginx',
  'journalctl -u nginx -n 100 --no-pager',
  'tail -f /var/log/syslog',
  "cat /etc/hosts | grep -v '^#' | sort -u",
  'sudo systemctl restart nginx',
  'df -h && free -m',
  'for i in 1 2 3; do echo $i; done',
  'kubectl get pods -n prod -o wide',
  "docker ps -a --format '{{.Names}}'",
  "find /var/log -name '*.gz' -mtime +7 -exec rm {} \\;",
  'git -C /srv/app log --oneline -20',
  "awk '{print $1}' access.log | sort | uniq -c | sort -rn | head",
  "sed -i 's/foo/bar/g' /etc/app.conf",
  'tar czf /tmp/backup.tgz -C /srv app',
  'curl -fsSL https://example.org/install.sh | bash',
  'ps aux | grep nginx',
  "ssh web-2 'uptime; df -h'",
  'echo "$(date) done" >> /var/log/deploy.log',
  'if [ -f /etc/x ]; then rm -f /etc/x; fi',
]

const SIZE = 64 * 1024
const filled = (unit: string, before = '', after = ''): string =>
  before + unit.repeat(Math.floor((SIZE - before.length - after.length) / unit.length)) + after

/** Texts of one thing repeated to the bound, which make parsers slow. */
export const SLOW: Readonly<Record<string, string>> = {
  commands: filled('ls /a;'),
  words: filled('a ', 'ls '),
  options: filled('-a ', 'ls '),
  abbreviations: filled('--i ', 'sed '),
  variables: filled('$x ', 'rm '),
  substitutions: filled('$(a)', 'ls '),
  'open substitutions': filled('$(', 'ls '),
  'open expansions': filled('${x:-', 'ls '),
  'open process substitutions': filled('<(', 'ls '),
  'open arithmetic': filled('$((', 'ls '),
  parentheses: filled('('),
  braces: filled('{a,b}', 'ls '),
  'brace words': filled('{a,b} ', 'ls '),
  'brace sequences': filled('{1..200} ', 'ls '),
  'open braces': filled('{a,', 'ls '),
  backticks: filled('`'),
  quotes: filled('"'),
  patterns: filled('*?[a] ', 'ls '),
  brackets: filled('[', 'ls '),
  redirections: filled('>a '),
  'here-documents': filled('<<a '),
  'a here-document': `cat <<E\n${'$(a) '.repeat(12_000)}\nE`,
  arithmetic: filled('1+', 'echo $((', '1))'),
  'arithmetic parentheses': filled('(', 'echo $(('),
  branches: filled('if a; then '),
  cases: filled('a) b;; ', 'case x in ', 'esac'),
  'function heads': filled('f() '),
  functions: filled('f(){ a; };'),
  assignments: filled('a=b '),
  'array elements': filled('[1]=2 ', 'x=(', ')'),
  tests: filled('-n a && ', '[[ ', 'x ]]'),
  newlines: filled('\n'),
  lines: filled('a\n'),
  'continued lines': filled('a \\\n', 'ls '),
  'quoted braces': filled('{a,""', 'ls '),
  'look-alike words': filled('аб'),
  'groups of braces': filled(`${'{a,b}'.repeat(40)} `, 'ls '),
  evals: filled('eval ', '', 'a'),
  'quoted evals': filled("eval 'a b';"),
  wrappers: filled('sudo ', '', 'a'),
  'find commands': filled('-exec a \\; ', 'find '),
  'non-ASCII letters': filled('é ', 'ls '),
  'look-alikes': filled('аа ', 'ls '),
  'awk strings': filled('"a" ', "awk '", "'"),
  'awk slashes': filled('/', "awk '", "'"),
  'sed commands': filled('s/a/b/;', "sed '", "'"),
  'SQL quotes': filled("'", 'psql -c "', '"'),
  'SQL calls': filled('a(', 'psql -c "', '"'),
  'path parts': filled('../', 'ls /'),
  aliases: filled('alias a=b;'),
  'history marks': filled('[!', 'ls '),
}

export function benchShell(): ShellBench {
  const analyse = createAnalyser(defaultCatalogue())
  const all = () => {
    for (const line of TYPICAL) analyse(line)
  }
  for (let round = 0; round < 500; round++) all()
  global.gc?.()
  const heapBefore = process.memoryUsage().heapUsed
  const rounds = 5000
  const elapsedMs = processorMs(() => {
    for (let round = 0; round < rounds; round++) all()
  })
  global.gc?.()
  const heapGrowthBytes = process.memoryUsage().heapUsed - heapBefore

  const times: (readonly [string, number])[] = []
  const texts = {
    ...SLOW,
    ...Object.fromEntries(Array.from({ length: 20 }, (_, seed) => [`generated ${seed}`, grown(seed)])),
  }
  for (const [name, text] of Object.entries(texts)) {
    // The best of three: what is measured is the work, not the collection of what the text before left.
    const ms = Math.min(...[1, 2, 3].map(() => processorMs(() => analyse(text))))
    times.push([name, ms])
  }
  const slow = times.sort(([, a], [, b]) => b - a).slice(0, 5)
  const [slowest, slowestMs] = slow[0] ?? ['', 0]
  return {
    linesPerSecond: Math.round((rounds * TYPICAL.length * 1000) / elapsedMs),
    slowestMs,
    slowest,
    slow: Object.fromEntries(slow),
    heapGrowthBytes,
  }
}

/** Generated scripts, one after the other, up to the bound. */
function grown(seed: number): string {
  let text = ''
  for (let next = seed * 1000; text.length < SIZE; next++) text += `${generateScript(next)}\n`
  return text.slice(0, SIZE)
}

function processorMs(task: () => void): number {
  const before = process.cpuUsage()
  task()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

if (import.meta.main) {
  const found = benchShell()
  if (process.argv.includes('--json')) console.log(JSON.stringify(found))
  else {
    console.log(`typical lines      ${found.linesPerSecond.toLocaleString('en')} per second`)
    const slow = Object.entries(found.slow).map(([name, ms]) => `${ms.toFixed(1)} ms (${name})`)
    console.log(`slowest 64 KiB     ${slow.join(', ')}`)
    console.log(`heap left behind   ${(found.heapGrowthBytes / 1024).toFixed(0)} KiB`)
  }
}
