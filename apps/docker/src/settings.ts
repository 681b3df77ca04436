import { resolve } from 'node:path'
import { bad, type Environment, readSharedSettings, type SharedSettings, settingsReader } from '@stellarr/http/settings'
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
  /** Whose pages may frame ours, as sources of a content security policy. */
  frameAncestors: string[]
  /** What is set and does nothing here, as sentences for the log. */
  ignored: string[]
  /** The proxy for calls to others. */
  outboundProxy: OutboundProxy | undefined
}

/** Reads and checks all settings. Throws `BadSetting` for the first wrong one. */
export function readSettings(given: Environment): Settings {
  const env = withSecretFiles(given)
  const { text, list, whole, secret } = settingsReader(env)
  const dataDir = resolve(text('DATA_DIR') ?? './data')
  return {
    port: whole('PORT', 8080, 0, 65_535),
    host: text('HOST'),
    dataDir,
    databasePath: resolve(text('DATABASE_PATH') ?? resolve(dataDir, 'stellarr.db')),
    backupDir: resolve(text('BACKUP_DIR') ?? resolve(dataDir, 'backups')),
    metricsToken: secret('METRICS_TOKEN'),
    ignored: ignoredUser(text('PUID'), text('PGID')),
    frameAncestors: list('FRAME_ANCESTORS').map(frameAncestor),
    outboundProxy: readOutboundProxy(env),
    ...readSharedSettings(env),
  }
}

/** A dashboard's origin, as a content security policy names it (W3C CSP 3, 2.3.1), or `self`. */
function frameAncestor(value: string): string {
  const text = value.toLowerCase()
  if (/^'?self'?$/.test(text)) return "'self'"
  if (/^https?:\/\/(\*\.)?[a-z0-9_][a-z0-9_.-]*(:\d{1,5})?$/.test(text)) return text
  return bad('FRAME_ANCESTORS', 'origins like https://dashboard.example.org, separated by commas')
}

/** Other images change their user by these. */
function ignoredUser(user: string | undefined, group = user): string[] {
  const own = process.getuid?.()
  if (user === undefined || own === undefined || user === String(own)) return []
  return [
    `PUID and PGID are not used here: Stellarr runs as user ${own}. To run it as user ${user}, set user: "${user}:${group}" in the compose file (docker run --user ${user}:${group}) and give that user the data folder.`,
  ]
}
