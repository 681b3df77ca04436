import { makePassword, makeToken } from '@stellarr/http/make-secrets'
import {
  BadSetting,
  type Environment,
  FORMER_NAMES,
  readSharedSettings,
  WEBHOOK_TOKEN_SETTINGS,
} from '@stellarr/http/settings'
import * as v from 'valibot'
import { Refusal } from './refusal.ts'

/** The functions' settings as their SSM parameter holds them: names of .env.example and texts. */
export type SettingsDocument = Record<string, string>

const ORIGIN = 'ORIGIN_VERIFY_SECRET'

/** Made when nobody gives them. */
const MADE: Record<string, () => string> = {
  PRESHARED_PASSWORD: makePassword,
  APP_SECRET_KEY: makeToken,
  ADMIN_PASSWORD: makePassword,
  FEED_TOKEN: makeToken,
  SYNC_TOKEN: makeToken,
  ...Object.fromEntries(Object.values(WEBHOOK_TOKEN_SETTINGS).map((name) => [name, makeToken])),
  ORIGIN_VERIFY_SECRET: makeToken,
}

/** Given by a person or not at all; a deploy never replaces one that is stored. */
const SECRETS = [...Object.keys(MADE), 'TMDB_API_KEY', 'TVDB_API_KEY', 'VAPID_PUBLIC_KEY', 'VAPID_PRIVATE_KEY']
/** No secrets: the environment's value replaces a stored one. */
const PLAIN = [
  'PLEX_SERVER_NAME',
  'VAPID_SUBJECT',
  'PUSH_HOSTS',
  'AUTH_PBKDF2_ITERATIONS',
  'LOG_LEVEL',
  'TMDB_BASE_URL',
  'TVDB_BASE_URL',
]

/** An environment without the settings of Stellarr: other programs need none of them. */
export const withoutSettings = (env: Environment): Environment =>
  Object.fromEntries(
    Object.entries(env).filter(([name]) => ![...SECRETS, ...PLAIN, ...Object.values(FORMER_NAMES)].includes(name)),
  )

/** What `rotate` can renew, and the settings behind. */
const ROTATIONS = {
  origin: 'ORIGIN_VERIFY_SECRET',
  feed: 'FEED_TOKEN',
  sync: 'SYNC_TOKEN',
  ...WEBHOOK_TOKEN_SETTINGS,
  password: 'PRESHARED_PASSWORD',
  admin: 'ADMIN_PASSWORD',
  'app-key': 'APP_SECRET_KEY',
  tmdb: 'TMDB_API_KEY',
  tvdb: 'TVDB_API_KEY',
} as const
export type Rotated = keyof typeof ROTATIONS
export const ROTATED = Object.keys(ROTATIONS) as Rotated[]
export const settingOf = (what: Rotated): string => ROTATIONS[what]
/** The names under which a setting is stored: functions of an older version read its former one. */
export function storedNames(settings: SettingsDocument, name: string): string[] {
  const known = [name, FORMER_NAMES[name] ?? name].filter((one) => settings[one] !== undefined)
  return known.length > 0 ? known : [name]
}
/** Two values are valid while it is rotated. */
export const isToken = (name: string): boolean => /_TOKEN$/.test(name)

/** A standard parameter's size (Systems Manager user guide, parameter tiers). */
const MOST_BYTES = 4_096

export interface SettingChange {
  name: string
  how: 'made' | 'given' | 'changed' | 'kept' | 'renamed'
}

/** The settings without the former names of those that have today's: what the functions that are deployed now read. */
export function withoutFormerNames(settings: SettingsDocument): SettingsDocument {
  const former = Object.entries(FORMER_NAMES).flatMap(([name, before]) =>
    settings[name] === undefined ? [] : [before],
  )
  return Object.fromEntries(Object.entries(settings).filter(([name]) => !former.includes(name)))
}

/** Settings for a deploy, with what differs from the stored ones; `kept`: the environment has another value. */
export function completeSettings(
  stored: SettingsDocument | undefined,
  env: Environment,
  answers: SettingsDocument,
): { settings: SettingsDocument; changes: SettingChange[] } {
  const settings: SettingsDocument = { ...stored }
  const changes: SettingChange[] = []
  // The CDN's secret is between the two of us: nobody else gives it.
  const given = (name: string) =>
    name === ORIGIN ? undefined : (answers[name] ?? env[name] ?? env[FORMER_NAMES[name] ?? name])?.trim() || undefined
  // Under both names until the functions that read the new one are there.
  for (const [name, former] of Object.entries(FORMER_NAMES)) {
    if (settings[former] === undefined) continue
    settings[name] ??= settings[former]
    changes.push({ name: former, how: 'renamed' })
  }
  for (const name of SECRETS) {
    const value = given(name)
    if (settings[name] !== undefined) {
      // While a token is rotated it has two values.
      const isOther = value !== undefined && !settings[name].split(',').includes(value) && settings[name] !== value
      if (isOther) changes.push({ name, how: 'kept' })
      continue
    }
    const made = value ?? MADE[name]?.()
    if (made === undefined) continue
    settings[name] = made
    changes.push({ name, how: value === undefined ? 'made' : 'given' })
  }
  for (const name of PLAIN) {
    const value = given(name)
    if (value === undefined || value === settings[name]) continue
    changes.push({ name, how: settings[name] === undefined ? 'given' : 'changed' })
    settings[name] = value
  }
  return { settings, changes }
}

/** The stored text of settings. Throws `Refusal`, naming what is wrong but no value. */
export function writeSettings(settings: SettingsDocument): string {
  try {
    readSharedSettings(settings)
  } catch (error) {
    throw error instanceof BadSetting ? new Refusal(error.message) : error
  }
  if (settings.PRESHARED_PASSWORD === undefined)
    throw new Refusal('PRESHARED_PASSWORD: expected at least 10 characters.')
  const sorted = Object.fromEntries(Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1)))
  const text = JSON.stringify(sorted)
  const bytes = Buffer.byteLength(text)
  if (bytes > MOST_BYTES)
    throw new Refusal(`The settings take ${bytes} bytes, and a parameter holds ${MOST_BYTES}: shorten some.`)
  return text
}

const document = v.pipe(
  v.string(),
  v.parseJson(),
  v.check((value) => !Array.isArray(value)),
  v.record(v.string(), v.union([v.string(), v.pipe(v.number(), v.transform(String))])),
)

/** Reads the stored text. Throws `Refusal` for another one; its value is not told. */
export function readSettingsDocument(parameter: string, text: string): SettingsDocument {
  const result = v.safeParse(document, text)
  if (result.success) return result.output
  throw new Refusal(`${parameter}: expected a JSON object of names and texts. Mend or delete that parameter in SSM.`)
}
