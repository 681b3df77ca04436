import { isIP } from 'node:net'
import type { MediaEventSource } from '@stellarr/core'
import { wrongKeyForm } from './key-form.ts'
import { defaultPushSubject, isPushSubject } from './vapid-subject.ts'

/** What both deployments read from their environment; what is absent is undefined or empty. */
export interface SharedSettings {
  baseUrls: string[]
  appSecretKey: string | undefined
  householdPassword: string | undefined
  adminPassword: string | undefined
  feedTokens: string[]
  syncTokens: string[]
  /** Tokens of each sender of webhooks. */
  webhookTokens: Record<MediaEventSource, string[]>
  plexServerName: string | undefined
  tvdbApiKey: string | undefined
  tvdbBaseUrl: string | undefined
  /** Both or neither; made and kept in the store when absent. */
  vapid: { publicKey: string; privateKey: string } | undefined
  /** Whom push services may write to about messages: `mailto:` or https. */
  vapidSubject: string
  pushHosts: string[]
  tmdbApiKey: string | undefined
  tmdbBaseUrl: string | undefined
  trustedProxies: string[]
  logLevel: LogLevel
  iterations: number
  /** What is set under a name of former times, as sentences for the log. */
  renamed: string[]
}

/** What settings were called before; they are still read. */
export const FORMER_NAMES: Readonly<Record<string, string>> = { ADMIN_PASSWORD: 'OPERATOR_PASSWORD' }

/**
 * The setting that holds each sender's tokens. Written out: on AWS settings are read before anything of core is loaded,
 * so its list of senders is here as a type alone.
 */
export const WEBHOOK_TOKEN_SETTINGS: { readonly [Source in MediaEventSource]: `${Uppercase<Source>}_WEBHOOK_TOKEN` } = {
  plex: 'PLEX_WEBHOOK_TOKEN',
  jellyfin: 'JELLYFIN_WEBHOOK_TOKEN',
  emby: 'EMBY_WEBHOOK_TOKEN',
  sonarr: 'SONARR_WEBHOOK_TOKEN',
  radarr: 'RADARR_WEBHOOK_TOKEN',
}

/** Settings that hold a secret. */
export const SECRET_SETTINGS: readonly string[] = [
  'APP_SECRET_KEY',
  'PRESHARED_PASSWORD',
  'ADMIN_PASSWORD',
  'FEED_TOKEN',
  'SYNC_TOKEN',
  'METRICS_TOKEN',
  ...Object.values(WEBHOOK_TOKEN_SETTINGS),
  'TMDB_API_KEY',
  'TVDB_API_KEY',
  'VAPID_PRIVATE_KEY',
]

/** One value a sender. */
export function eachSender<Value>(make: (source: MediaEventSource) => Value): Record<MediaEventSource, Value> {
  // `keys` and `fromEntries` forget which names there are.
  const sources = Object.keys(WEBHOOK_TOKEN_SETTINGS) as MediaEventSource[]
  return Object.fromEntries(sources.map((source) => [source, make(source)])) as Record<MediaEventSource, Value>
}

export type Environment = Readonly<Record<string, string | undefined>>

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

/** Stops the start over one variable. */
export function bad(name: string, expected: string): never {
  throw new BadSetting(`${name}: expected ${expected}.`)
}

/** Names that Express knows for networks (proxy-addr): this machine, one's own line, private addresses. */
const NETWORK_NAMES = ['loopback', 'linklocal', 'uniquelocal']

/** `172.18.0.2`, `172.18.0.0/16`, `fd00::/8`, `uniquelocal`. */
function isAddressOrNetwork(value: string): boolean {
  if (NETWORK_NAMES.includes(value)) return true
  const [address = '', prefix, ...rest] = value.split('/')
  const version = isIP(address)
  if (version === 0 || rest.length > 0) return false
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128))
}

/** Reads single variables; an empty one counts as absent. Each throws `BadSetting` for a wrong value. */
export function settingsReader(env: Environment) {
  const text = (name: string) => {
    const value = env[name]?.trim()
    return value === undefined || value === '' ? undefined : value
  }
  const list = (name: string) =>
    (text(name) ?? '')
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '')
  const long = (name: string, value: string) => {
    if (Buffer.byteLength(value) < 16) bad(name, 'at least 16 characters')
    return value
  }
  return {
    text,
    list,
    whole(name: string, fallback: number, least: number, most: number) {
      const value = text(name)
      if (value === undefined) return fallback
      const number = /^\d{1,9}$/.test(value) ? Number(value) : -1
      return number >= least && number <= most ? number : bad(name, `a whole number from ${least} to ${most}`)
    },
    /** A key of at least 16 bytes. */
    secret(name: string) {
      const value = text(name)
      return value === undefined ? undefined : long(name, value)
    },
    /** At least 10 characters, and no known default. */
    password(name: string) {
      const value = text(name)
      if (value !== undefined && value.length < 10) bad(name, 'at least 10 characters')
      if (value !== undefined && KNOWN_PASSWORDS.has(value.toLowerCase()))
        bad(name, 'a password of your own, not a known default')
      return value
    },
    /** One token, or two while rotating. */
    tokens(name: string) {
      const values = list(name)
      if (values.length > 2) bad(name, 'one token, or two separated by a comma while rotating')
      return values.map((value) => long(name, value))
    },
    /** A key of TMDB or TVDB. */
    titleKey(name: string) {
      const value = text(name)
      const expected = value === undefined ? undefined : wrongKeyForm(value)
      return expected === undefined ? value : bad(name, expected)
    },
    /** An http address without its trailing slash. */
    url(name: string) {
      const value = text(name)
      if (value === undefined) return undefined
      const parsed = URL.canParse(value) ? new URL(value) : undefined
      return parsed && /^https?:$/.test(parsed.protocol)
        ? value.replace(/\/+$/, '')
        : bad(name, 'an address like https://example.org')
    },
  }
}

/** Reads and checks what both deployments know. Throws `BadSetting` for the first wrong one. */
export function readSharedSettings(env: Environment): SharedSettings {
  const { text, list, whole, secret, password, tokens, titleKey, url } = settingsReader(env)
  const level = text('LOG_LEVEL') ?? 'info'
  const baseUrls = list('BASE_URL').map((value) => {
    const parsed = URL.canParse(value) ? new URL(value) : undefined
    const origin = parsed && /^https?:$/.test(parsed.protocol) && parsed.pathname === '/' ? parsed.origin : undefined
    return origin ?? bad('BASE_URL', 'an address without a path, like https://stellarr.example.org')
  })
  const settings: SharedSettings = {
    baseUrls,
    appSecretKey: secret('APP_SECRET_KEY'),
    householdPassword: password('PRESHARED_PASSWORD'),
    adminPassword: password('ADMIN_PASSWORD') ?? password('OPERATOR_PASSWORD'),
    feedTokens: tokens('FEED_TOKEN'),
    syncTokens: tokens('SYNC_TOKEN'),
    webhookTokens: eachSender((source) => tokens(WEBHOOK_TOKEN_SETTINGS[source])),
    plexServerName: text('PLEX_SERVER_NAME'),
    tvdbApiKey: titleKey('TVDB_API_KEY'),
    tvdbBaseUrl: url('TVDB_BASE_URL'),
    vapid: vapidKeys(text('VAPID_PUBLIC_KEY'), text('VAPID_PRIVATE_KEY')),
    vapidSubject: vapidSubject(text('VAPID_SUBJECT') ?? defaultPushSubject(baseUrls)),
    pushHosts: list('PUSH_HOSTS'),
    tmdbApiKey: titleKey('TMDB_API_KEY'),
    tmdbBaseUrl: url('TMDB_BASE_URL'),
    trustedProxies: list('TRUSTED_PROXIES').map((value) =>
      isAddressOrNetwork(value)
        ? value
        : bad(
            'TRUSTED_PROXIES',
            'addresses, networks like 172.18.0.0/16, loopback or uniquelocal, separated by commas',
          ),
    ),
    logLevel: LOG_LEVELS.find((known) => known === level) ?? bad('LOG_LEVEL', LOG_LEVELS.join(', ')),
    iterations: whole('AUTH_PBKDF2_ITERATIONS', 100_000, 100_000, 5_000_000),
    renamed: Object.entries(FORMER_NAMES)
      .filter(([, former]) => text(former) !== undefined)
      .map(
        ([name, former]) => `${former} is called ${name} now: rename it where it is set. The old name is still read.`,
      ),
  }
  if (settings.householdPassword !== undefined && settings.householdPassword === settings.adminPassword) {
    bad(
      text('ADMIN_PASSWORD') === undefined ? 'OPERATOR_PASSWORD' : 'ADMIN_PASSWORD',
      'another password than PRESHARED_PASSWORD',
    )
  }
  return settings
}

/** The pair that push services know this server by: an uncompressed P-256 point and its scalar, in base64url. */
function vapidKeys(publicKey: string | undefined, privateKey: string | undefined): SharedSettings['vapid'] {
  if (publicKey === undefined && privateKey === undefined) return undefined
  if (!/^[\w-]{87}$/.test(publicKey ?? ''))
    bad('VAPID_PUBLIC_KEY', 'a key of 87 characters, with its VAPID_PRIVATE_KEY')
  if (!/^[\w-]{43}$/.test(privateKey ?? ''))
    bad('VAPID_PRIVATE_KEY', 'a key of 43 characters, with its VAPID_PUBLIC_KEY')
  return { publicKey: publicKey ?? '', privateKey: privateKey ?? '' }
}

function vapidSubject(value: string): string {
  return isPushSubject(value)
    ? value
    : bad('VAPID_SUBJECT', 'an address on the internet, like mailto:you@example.org or https://stellarr.example.org')
}

/** Masks the given secrets wherever they stand in a text. */
export function secretMask(secrets: readonly (string | undefined)[]): (text: string) => string {
  const values = secrets.filter((secret) => secret !== undefined).filter((secret) => secret !== '')
  return (text) => values.reduce((masked, secret) => masked.replaceAll(secret, '***'), text)
}
