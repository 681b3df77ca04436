import { Logger as PowertoolsLogger } from '@aws-lambda-powertools/logger'
import type { Logger } from '@stellarr/core'
import { type LogLevel, secretMask } from '@stellarr/http/settings'
import type { Context } from 'aws-lambda'

export interface LambdaLogger extends Logger {
  /** Names the invocation in the lines that follow. */
  invocation(context: Context): void
}

/** Log lines as JSON with the request's id. `secrets` are masked wherever they appear. */
export function createLogger(logLevel: LogLevel, secrets: readonly string[]): LambdaLogger {
  const mask = secretMask(secrets)
  const log = new PowertoolsLogger({
    serviceName: 'stellarr',
    logLevel,
    jsonReplacerFn: (_key, value) => (typeof value === 'string' ? mask(value) : value),
  })
  return {
    invocation: (context) => log.addContext(context),
    debug: (message, fields) => log.debug(message, { ...fields }),
    info: (message, fields) => log.info(message, { ...fields }),
    warn: (message, fields) => log.warn(message, { ...fields }),
    error: (message, fields, error) =>
      log.error(message, {
        ...fields,
        ...(error === undefined ? {} : { error: error instanceof Error ? error : new Error(String(error)) }),
      }),
  }
}
