/** The configuration for commands that cannot do without: every mistake in it is one sentence and one refusal. */
import { type Config, loadConfig } from './config.ts'
import { BastionError } from './core/errors.ts'

export function requireConfig(file: string): Config {
  const result = loadConfig(file, process.env)
  if (result.kind === 'ok') return result.config
  const problems = result.problems.map(({ line, column, message }) => `${file}:${line}:${column}: ${message}`)
  throw new BastionError('invalid', `The configuration cannot be used:\n${problems.join('\n')}`)
}
