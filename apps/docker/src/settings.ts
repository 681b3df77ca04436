import { resolve } from 'node:path'
import { type Environment, readSharedSettings, type SharedSettings, settingsReader } from '@stellarr/http/settings'
import { type OutboundProxy, readOutboundProxy } from './outbound-proxy.ts'
import { withSecretFiles } from './secret-files.ts'

/** What the environment says; absent values are defaults or made at first start (see secrets.ts). */
export interface Settings extends SharedSettings {
  port: number
  /** Undefined: `::`, or `0.0.0.0` where there is no IPv6. */
  host: string | undefined
  dataDir: string
  databasePath: string
  /** Where nightly backups go. */
  backupDir: string
  /** What opens `/metrics`; without it nothing is counted. */
  metricsToken: string | undefined
  /** The proxy for calls to others. */
  outboundProxy: OutboundProxy | undefined
}

/** Reads and checks all settings. Throws `BadSetting` for the first wrong one. */
export function readSettings(given: Environment): Settings {
  const env = withSecretFiles(given)
  const { text, whole, secret } = settingsReader(env)
  const dataDir = resolve(text('DATA_DIR') ?? './data')
  return {
    port: whole('PORT', 8080, 0, 65_535),
    host: text('HOST'),
    dataDir,
    databasePath: resolve(text('DATABASE_PATH') ?? resolve(dataDir, 'stellarr.db')),
    backupDir: resolve(text('BACKUP_DIR') ?? resolve(dataDir, 'backups')),
    metricsToken: secret('METRICS_TOKEN'),
    outboundProxy: readOutboundProxy(env),
    ...readSharedSettings(env),
  }
}
