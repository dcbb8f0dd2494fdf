/** `sallyport doctor` and `vault rotate`. */
import type { Command } from 'commander'
import type { Output } from './output.ts'

export interface OperationCommands {
  /** Resolves to whether nothing fails. */
  doctor(options: { readonly config: string; readonly targets: boolean }, output: Output): Promise<boolean>
  vaultRotate(
    name: string,
    options: {
      readonly config: string
      readonly file: string | undefined
      readonly untried: boolean
      readonly back: boolean
    },
    output: Output,
  ): Promise<void>
}

interface Parts {
  readonly commands: OperationCommands
  readonly configured: (command: Command) => Command
  readonly output: () => Output
  readonly fail: () => void
}

export function addOperations(program: Command, vault: Command, { commands, configured, output, fail }: Parts): void {
  configured(program.command('doctor').description('look at everything that serve would find, and say what to do'))
    .option('--targets', 'connect to every target, too, with its key', false)
    .addHelpText('after', '\nExit codes: 0 nothing fails (there may be warnings) · 1 something does')
    .action(async (options) => {
      if (!(await commands.doctor(options, output()))) fail()
    })
  configured(
    vault.command('rotate <name>').description('another private key in the place of one, tried before it counts'),
  )
    .option('-f, --file <file>', 'the file that holds it; else standard input')
    .option('--untried', 'do not connect to the targets that it opens', false)
    .option('--back', 'put the one before back', false)
    .action((name, options) => commands.vaultRotate(name, options, output()))
}

export interface DiagnosisText {
  readonly what: string
  readonly state: 'ok' | 'warn' | 'fail'
  readonly message: string
}

export function doctorText(found: readonly DiagnosisText[], paint: Output['paint']): string {
  const tone = { ok: 'green', warn: 'yellow', fail: 'red' } as const
  const width = Math.max(...found.map(({ what }) => what.length))
  return found
    .map(({ what, state, message }) => `${paint(tone[state], state.padEnd(4))}  ${what.padEnd(width)}  ${message}`)
    .join('\n')
}
