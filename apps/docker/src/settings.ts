import { isIP } from 'node:net'
import { resolve } from 'node:path'

/** What the environment says; absent values are defaults or made at first start (see secrets.ts). */
export interface Settings {
  port: number
  /** Undefined: `::`, or `0.0.0.0` where there is no IPv6. */
  host: string | undefined
  dataDir: string
  databasePath: string
  baseUrls: string[]
  appSecretKey: string | undefined
  householdPassword: string | undefined
  operatorPassword: string | undefined
  feedTokens: string[]
  syncTokens: string[]
  plexTokens: string[]
  tmdbApiKey: string | undefined
  tmdbBaseUrl: string | undefined
  trustedProxies: string[]
  logLevel: LogLevel
  iterations: number
}

const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

const KNOWN_PASSWORDS = new Set([
  'changeme123',
  'change-me-please',
  'your-password-here',
  'stellarr123',
  'password123',
  '1234567890',
])

/** A setting that stops the start: its message names the variable and what is expected, never the value of a secret. */
export class BadSetting extends Error {}

function bad(name: string, expected: string): never {
  throw new BadSetting(`${name}: expected ${expected}.`)
}

/** `172.18.0.2`, `172.18.0.0/16`, `fd00::/8`. */
function isAddressOrNetwork(value: string): boolean {
  const [address = '', prefix, ...rest] = value.split('/')
  const version = isIP(address)
  if (version === 0 || rest.length > 0) return false
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128))
}

/** Reads and checks all settings. Throws `BadSetting` for the first wrong one. */
export function readSettings(env: Record<string, string | undefined>): Settings {
  const text = (name: string) => {
    const value = env[name]?.trim()
    return value === undefined || value === '' ? undefined : value
  }
  const list = (name: string) =>
    (text(name) ?? '')
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '')
  const whole = (name: string, fallback: number, least: number, most: number) => {
    const value = text(name)
    if (value === undefined) return fallback
    const number = /^\d{1,9}$/.test(value) ? Number(value) : -1
    return number >= least && number <= most ? number : bad(name, `a whole number from ${least} to ${most}`)
  }
  const secret = (name: string) => {
    const value = text(name)
    if (value !== undefined && Buffer.byteLength(value) < 16) bad(name, 'at least 16 characters')
    return value
  }
  const password = (name: string) => {
    const value = text(name)
    if (value !== undefined && value.length < 10) bad(name, 'at least 10 characters')
    if (value !== undefined && KNOWN_PASSWORDS.has(value.toLowerCase()))
      bad(name, 'a password of your own, not a known default')
    return value
  }
  const tokens = (name: string) => {
    const values = list(name)
    if (values.length > 2) bad(name, 'one token, or two separated by a comma while rotating')
    for (const value of values) if (Buffer.byteLength(value) < 16) bad(name, 'at least 16 characters')
    return values
  }
  const url = (name: string) => {
    const value = text(name)
    if (value === undefined) return undefined
    const parsed = URL.canParse(value) ? new URL(value) : undefined
    return parsed && /^https?:$/.test(parsed.protocol)
      ? value.replace(/\/+$/, '')
      : bad(name, 'an address like https://example.org')
  }
  const level = text('LOG_LEVEL') ?? 'info'
  const dataDir = resolve(text('DATA_DIR') ?? './data')
  const settings: Settings = {
    port: whole('PORT', 8080, 0, 65_535),
    host: text('HOST'),
    dataDir,
    databasePath: resolve(text('DATABASE_PATH') ?? resolve(dataDir, 'stellarr.db')),
    baseUrls: list('BASE_URL').map((value) => {
      const parsed = URL.canParse(value) ? new URL(value) : undefined
      const origin = parsed && /^https?:$/.test(parsed.protocol) && parsed.pathname === '/' ? parsed.origin : undefined
      return origin ?? bad('BASE_URL', 'an address without a path, like https://stellarr.example.org')
    }),
    appSecretKey: secret('APP_SECRET_KEY'),
    householdPassword: password('PRESHARED_PASSWORD'),
    operatorPassword: password('OPERATOR_PASSWORD'),
    feedTokens: tokens('FEED_TOKEN'),
    syncTokens: tokens('SYNC_TOKEN'),
    plexTokens: tokens('PLEX_WEBHOOK_TOKEN'),
    tmdbApiKey: text('TMDB_API_KEY'),
    tmdbBaseUrl: url('TMDB_BASE_URL'),
    trustedProxies: list('TRUSTED_PROXIES').map((value) =>
      isAddressOrNetwork(value)
        ? value
        : bad('TRUSTED_PROXIES', 'addresses or networks like 172.18.0.0/16, separated by commas'),
    ),
    logLevel: LOG_LEVELS.find((known) => known === level) ?? bad('LOG_LEVEL', LOG_LEVELS.join(', ')),
    iterations: whole('AUTH_PBKDF2_ITERATIONS', 100_000, 100_000, 5_000_000),
  }
  if (settings.householdPassword !== undefined && settings.householdPassword === settings.operatorPassword) {
    bad('OPERATOR_PASSWORD', 'another password than PRESHARED_PASSWORD')
  }
  return settings
}
