/**
 * The operator's log: one JSON object a line (pino). It gets causes that people are not shown; secrets it never gets,
 * because nobody who holds one passes it here, and because the names below are cut out all the same.
 */
import { type Logger, pino } from 'pino'
import type { Log } from './core/ports.ts'

const SECRET_NAMES = [
  'privateKey',
  'clientSecret',
  'token',
  'access_token',
  'id_token',
  'refresh_token',
  'cookie',
  'authorization',
  'password',
  'key',
]

export function openLog(options: { readonly level: string; readonly file?: string }): Log {
  const destination = pino.destination({ dest: options.file ?? 2, sync: true })
  const logger: Logger = pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: SECRET_NAMES.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[secret]' },
      serializers: { err: (error: Error) => pino.stdSerializers.errWithCause(error) },
    },
    destination,
  )
  return {
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
  }
}
