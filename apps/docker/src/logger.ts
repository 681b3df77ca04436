import type { Logger } from '@stellarr/core'
import { currentRequestId } from '@stellarr/http'
import { type LogLevel, secretMask } from '@stellarr/http/settings'
import { pino } from 'pino'

/** What a line says of the request that it is about. */
function requestFields(): object {
  const id = currentRequestId()
  return id === undefined ? {} : { request_id: id }
}

/** Log lines as JSON on standard output. `secrets` are masked wherever they appear, those too that are added later. */
export function createLogger(level: LogLevel, secrets: readonly string[]): Logger {
  const log = pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, mixin: requestFields },
    { write: (line: string) => void process.stdout.write(secretMask(secrets)(line)) },
  )
  return {
    debug: (message, fields) => log.debug(fields ?? {}, message),
    info: (message, fields) => log.info(fields ?? {}, message),
    warn: (message, fields) => log.warn(fields ?? {}, message),
    error: (message, fields, error) => log.error({ ...fields, err: error }, message),
  }
}
