/** `npm run bypass`: plays the corpus of tricks against a bastion and prints what became of each. */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { Command, Option } from 'commander'
import { startBastionDriver } from './bastion-driver.ts'
import { DEBIANS, type Debian, inDebian } from './debian.ts'
import type { Driver } from './driver.ts'
import { playInnocents } from './innocent/command.ts'
import { OUTCOMES } from './outcome.ts'
import { startPlainDriver } from './plain-driver.ts'
import { runCorpus } from './run.ts'
import { type SshPlace, sshDriver } from './ssh-driver.ts'
import { table } from './table.ts'
import { GROUPS, SHELLS, type Shell, share } from './trick.ts'
import { TRICKS } from './tricks/index.ts'

const collect = (value: string, before: readonly string[]) => [...before, value]

interface Options {
  readonly driver: 'sallyport' | 'ssh' | 'plain'
  readonly shell: readonly Shell[]
  readonly group: readonly string[]
  readonly only: readonly string[]
  readonly every: string
  readonly jobs: string
  readonly patience: string
  readonly json?: boolean
  readonly screens?: string
  readonly host?: string
  readonly port: string
  readonly user: readonly string[]
  readonly identity?: string
  readonly sshOption: readonly string[]
  readonly checkCommand?: string
  readonly canaries: string
  readonly emptyHome?: boolean
  readonly innocents?: boolean
  readonly debian?: Debian
}

const program = new Command('bypass')
  .description('Plays tricks that get around a command gate. Exit status 1: something escaped.')
  .addOption(
    new Option('--driver <kind>', 'our own bastion, whatever stock ssh reaches, or a plain sshd of our own')
      .choices(['sallyport', 'ssh', 'plain'])
      .default('sallyport'),
  )
  .addOption(new Option('--shell <shell...>', 'only these shells').choices(SHELLS).default([...SHELLS]))
  .addOption(new Option('--group <group...>', 'only these groups').choices(Object.keys(GROUPS)).default([]))
  .option('--only <id>', 'only this trick; repeatable', collect, [])
  .option('--every <number>', 'only every so many-th trick of each shell', '1')
  .option('--jobs <number>', 'tricks at once', '8')
  .option('--patience <factor>', 'how many times the usual limits a step may take, on a busy machine', '1')
  .option('--json', 'print {commit, results: [{id, group, shell, outcome, reason}]}')
  .option('--screens <file>', 'write what each terminal showed to a file, as JSON')
  .option('--host <host>', 'with --driver ssh: where to')
  .option('--port <port>', 'with --driver ssh', '22')
  .option(
    '--user <user>',
    'with --driver ssh: a throwaway account (SHELL=USER for another than bash); repeatable',
    collect,
    [],
  )
  .option('--identity <file>', 'with --driver ssh: the private key')
  .option('--ssh-option <Name=value>', 'with --driver ssh; repeatable', collect, [])
  .option(
    '--check-command <command>',
    'with --driver ssh: gives a POSIX shell on the target, as the account $USER_NAME, without going through the bastion',
  )
  .option('--canaries <folder>', 'with --driver ssh: where canaries are made on the target', '/var/tmp/canary')
  .option('--empty-home', 'with --driver ssh: yes, the home of each account may be emptied')
  .addOption(new Option('--debian <suite>', 'the shells of another Debian: bash, zsh or fish').choices(DEBIANS))
  .option('--innocents', 'instead: innocent sessions beside a plain sshd; nothing may be held, and screens are alike')
  .parse()

const options = program.opts<Options>()
const { shell: shells } = options
const jobs = Number(options.jobs)
if (options.innocents === true) process.exit(await playInnocents({ shells, jobs, json: options.json === true }))
const wanted = TRICKS.filter(
  (trick) =>
    (options.group.length === 0 || options.group.includes(trick.group)) &&
    (options.only.length === 0 || options.only.includes(trick.id)),
)
const tricks = shells.flatMap((shell) => share(wanted, shell, Number(options.every)))
if (tricks.length === 0) program.error('There is no such trick.')

const driver = await openDriver()
try {
  const { results, screens } = await runCorpus(driver, tricks, {
    shells,
    patience: Number(options.patience),
    onResult: ({ outcome, shell, id, reason }) => {
      if (outcome === 'escaped' && options.json !== true) console.error(`escaped  ${shell}  ${id}  ${reason}`)
    },
  })
  if (options.screens !== undefined)
    writeFileSync(options.screens, JSON.stringify(Object.fromEntries(screens), null, 1))
  if (options.json === true) console.log(JSON.stringify({ commit: commit(), results }, null, 1))
  else console.log(table(results, (shell) => driver.gradeOf(shell), OUTCOMES))
  process.exitCode = results.some(({ outcome }) => outcome === 'escaped') ? 1 : 0
} finally {
  await driver.close()
}

/** What is played here; `-dirty` where files have been changed since. */
function commit(): string | undefined {
  const said = spawnSync('git', ['describe', '--always', '--dirty', '--exclude', '*'], { encoding: 'utf8' })
  return said.status === 0 ? said.stdout.trim() : undefined
}

function openDriver(): Promise<Driver> {
  const debian = options.debian === undefined ? undefined : inDebian(options.debian)
  switch (options.driver) {
    case 'plain':
      return startPlainDriver({ shells, jobs, debian })
    case 'ssh':
      return Promise.resolve(sshDriver(place()))
    case 'sallyport':
      return startBastionDriver({ shells, jobs, debian })
  }
}

function place(): SshPlace {
  const { host } = options
  if (host === undefined || options.user.length === 0) return program.error('--driver ssh needs --host and --user.')
  if (options.emptyHome !== true) {
    program.error('The home of each --user is emptied before each trick. Say --empty-home if that is what you want.')
  }
  const users: Partial<Record<Shell, string[]>> = {}
  for (const word of options.user) {
    const [shell, user] = word.includes('=') ? word.split('=', 2) : ['bash', word]
    const known = SHELLS.find((name) => name === shell)
    if (known === undefined) return program.error(`There is no shell ${shell} among ${SHELLS.join(', ')}.`)
    users[known] = [...(users[known] ?? []), user!]
  }
  return {
    host,
    port: Number(options.port),
    users,
    identity: options.identity,
    options: options.sshOption,
    checkCommand: options.checkCommand,
    canaryRoot: options.canaries,
  }
}
