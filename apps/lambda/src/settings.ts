import type { MediaEventSource } from '@stellarr/core'
import {
  BadSetting,
  bad,
  type Environment,
  readSharedSettings,
  type SharedSettings,
  settingsReader,
  WEBHOOK_TOKEN_SETTINGS,
} from '@stellarr/http/settings'

/** Where titles, and what is told of them, come from. */
type CatalogueSettings = Pick<SharedSettings, 'tmdbApiKey' | 'tmdbBaseUrl' | 'tvdbApiKey' | 'tvdbBaseUrl'>

/** What both functions need. */
export interface StoreSettings extends CatalogueSettings, Pick<SharedSettings, 'logLevel'> {
  table: string
  /** Where DynamoDB and S3 are, when not at AWS. */
  dynamoEndpoint: string | undefined
  s3Endpoint: string | undefined
  /** Every value that may stand in no log. */
  secrets: string[]
}

/** How push messages are sent. */
export type PushSettings = Pick<SharedSettings, 'vapid' | 'vapidSubject' | 'pushHosts'>

/** What the daily work needs: no password and no token. */
export interface DailySettings extends StoreSettings, PushSettings {
  bucket: string
}

export interface ApiSettings extends StoreSettings, PushSettings {
  /** Absent where the CDN alone serves the trending files. */
  bucket: string | undefined
  /** The id of the store to use; undefined: whichever there is. */
  storeId: string | undefined
  originSecrets: string[]
  baseUrls: string[]
  trustedProxies: string[]
  tokens: Record<'feed' | 'sync' | MediaEventSource, string[]>
  plexServerName: string | undefined
  signIn: { appSecretKey: string; passwords: { household: string; admin: string }; iterations: number }
  /** What is set under a name of former times, as sentences for the log. */
  renamed: string[]
}

function required<Value>(name: string, value: Value | undefined, expected: string): Value {
  return value ?? bad(name, expected)
}

function some(name: string, values: string[], expected: string): string[] {
  return values.length > 0 ? values : bad(name, expected)
}

function readStoreSettings(env: Environment, shared: SharedSettings): Omit<StoreSettings, 'secrets'> {
  const { text, url } = settingsReader(env)
  return {
    tmdbApiKey: shared.tmdbApiKey,
    tmdbBaseUrl: shared.tmdbBaseUrl,
    tvdbApiKey: shared.tvdbApiKey,
    tvdbBaseUrl: shared.tvdbBaseUrl,
    logLevel: shared.logLevel,
    table: required('DYNAMODB_TABLE', text('DYNAMODB_TABLE'), 'the name of a table'),
    dynamoEndpoint: url('DYNAMODB_ENDPOINT'),
    s3Endpoint: url('S3_ENDPOINT'),
  }
}

/** Settings of the daily function. Throws `BadSetting` for the first wrong or missing one. */
export function readDailySettings(env: Environment): DailySettings {
  const shared = readSharedSettings(env)
  const bucket = settingsReader(env).text('TRENDING_S3_BUCKET')
  return {
    ...readStoreSettings(env, shared),
    bucket: required('TRENDING_S3_BUCKET', bucket, 'the name of a bucket'),
    ...pushOf(shared),
    secrets: [...keysOf(shared), ...(shared.vapid ? [shared.vapid.privateKey] : [])],
  }
}

/** Settings of the API. Nothing is made here: throws `BadSetting` for the first wrong or missing one. */
export function readApiSettings(env: Environment): ApiSettings {
  const shared = readSharedSettings(env)
  const { text, tokens } = settingsReader(env)
  const key = 'at least 16 characters'
  const password = 'at least 10 characters'
  const originSecrets = some('ORIGIN_VERIFY_SECRET', tokens('ORIGIN_VERIFY_SECRET'), key)
  const appSecretKey = required('APP_SECRET_KEY', shared.appSecretKey, key)
  const passwords = {
    household: required('PRESHARED_PASSWORD', shared.householdPassword, password),
    admin: required('ADMIN_PASSWORD', shared.adminPassword, password),
  }
  const machines = {
    feed: some('FEED_TOKEN', shared.feedTokens, key),
    sync: some('SYNC_TOKEN', shared.syncTokens, key),
    // Without its token a sender is simply not heard; Plex's has always been required.
    ...shared.webhookTokens,
    plex: some(WEBHOOK_TOKEN_SETTINGS.plex, shared.webhookTokens.plex, key),
  }
  return {
    ...readStoreSettings(env, shared),
    bucket: text('TRENDING_S3_BUCKET'),
    storeId: text('STORE_ID'),
    originSecrets,
    baseUrls: some('BASE_URL', shared.baseUrls, 'the address people open, like https://stellarr.example.org'),
    trustedProxies: shared.trustedProxies,
    tokens: machines,
    plexServerName: shared.plexServerName,
    ...pushOf(shared),
    signIn: { appSecretKey, passwords, iterations: shared.iterations },
    renamed: shared.renamed,
    secrets: [
      ...originSecrets,
      appSecretKey,
      ...Object.values(passwords),
      ...Object.values(machines).flat(),
      ...keysOf(shared),
      ...(shared.vapid ? [shared.vapid.privateKey] : []),
    ],
  }
}

const pushOf = ({ vapid, vapidSubject, pushHosts }: SharedSettings): PushSettings => ({
  vapid,
  vapidSubject,
  pushHosts,
})

function keysOf({ tmdbApiKey, tvdbApiKey }: SharedSettings): string[] {
  return [tmdbApiKey, tvdbApiKey].filter((key) => key !== undefined)
}

/** The texts of the settings parameter: a JSON object of names and texts. Throws `BadSetting` for anything else. */
export function readParameter(json: string): Environment {
  let values: unknown
  try {
    values = JSON.parse(json)
  } catch {
    values = undefined
  }
  if (values === null || typeof values !== 'object' || Array.isArray(values)) {
    throw new BadSetting('SETTINGS_PARAMETER: expected a parameter that holds a JSON object of names and texts.')
  }
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'string' || typeof value === 'number' ? String(value) : bad(name, 'a text'),
    ]),
  )
}
