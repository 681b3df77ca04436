import { chmodSync, closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { MEDIA_EVENT_SOURCES, type MediaEventSource } from '@stellarr/core'
import type { TitleService } from '@stellarr/http'
import { makePassword, makeToken } from '@stellarr/http/make-secrets'
import { BadSetting } from '@stellarr/http/settings'
import { permissionAdvice } from './permission.ts'
import { sweepUnfinished, writePrivateFile } from './private-file.ts'
import type { Settings } from './settings.ts'

/** What the app cannot run without: from the environment, else from the file of the data folder, else made. */
export interface Secrets extends Record<SenderToken, string> {
  appSecretKey: string
  householdPassword: string
  adminPassword: string
  feedToken: string
  syncToken: string
}

type SenderToken = `${MediaEventSource}Token`

/** The name of a sender's token among the secrets. */
export const senderToken = (source: MediaEventSource): SenderToken => `${source}Token`

/** A value for each sender's token. */
function eachSenderToken<Value>(make: (source: MediaEventSource) => Value): Record<SenderToken, Value> {
  const entries = MEDIA_EVENT_SOURCES.map((source) => [senderToken(source), make(source)])
  // `fromEntries` forgets which names there are.
  return Object.fromEntries(entries) as Record<SenderToken, Value>
}

/** Passwords, which a person is shown once. */
export type Password = 'householdPassword' | 'adminPassword'
const PASSWORDS: readonly Password[] = ['householdPassword', 'adminPassword']

const FILE = 'secrets.json'
/** The field that names the made passwords which nobody was shown yet: a start may end between making and showing. */
const UNSEEN = 'notShown'

/** Creates the data folder, readable by its owner alone. Throws `BadSetting` when it cannot be written. */
export const openDataDir = (dataDir: string): void => openFolder('DATA_DIR', dataDir)

/** The same for the folder of any setting. */
export function openFolder(setting: string, folder: string): void {
  try {
    const isNew = !existsSync(folder)
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    if (isNew) chmodSync(folder, 0o700)
    const probe = join(folder, '.write-test')
    closeSync(openSync(probe, 'w', 0o600))
    rmSync(probe)
    sweepUnfinished(folder)
  } catch (error) {
    const code = codeOf(error)
    const advice = permissionAdvice(folder, code)
    const line = `${setting}: expected a folder that can be written (${folder}: ${code}).`
    throw new BadSetting(advice === undefined ? line : `${line} ${advice}`)
  }
}

function readStored(path: string): Partial<Record<string, unknown>> {
  if (!existsSync(path)) return {}
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    const code = codeOf(error)
    const advice = permissionAdvice(path, code) ?? 'Check its disk.'
    throw new BadSetting(`DATA_DIR: ${path} cannot be read (${code}). ${advice}`)
  }
  try {
    const stored: unknown = JSON.parse(text)
    if (stored !== null && typeof stored === 'object' && !Array.isArray(stored)) return withTodaysNames({ ...stored })
  } catch {
    // It is no JSON at all.
  }
  throw new BadSetting(
    `DATA_DIR: ${path} is damaged: restore it from a backup. Without it all passwords and keys are made anew, and every program has to be given its own again.`,
  )
}

/** The admin's password had another name once. */
function withTodaysNames({ operatorPassword, ...stored }: Partial<Record<string, unknown>>) {
  return operatorPassword === undefined ? stored : { adminPassword: operatorPassword, ...stored }
}

/** The stored passwords that nobody was shown yet. */
function unseenOf(stored: Partial<Record<string, unknown>>): Password[] {
  const named: unknown = stored[UNSEEN]
  return PASSWORDS.filter((name) => Array.isArray(named) && named.includes(name))
}

/** The stored secrets with other marks. */
function withUnseen({ [UNSEEN]: _, ...stored }: Partial<Record<string, unknown>>, unseen: readonly Password[]) {
  return unseen.length > 0 ? { ...stored, [UNSEEN]: unseen } : stored
}

const store = (path: string, stored: object) => writePrivateFile(path, `${JSON.stringify(stored, null, 2)}\n`)

export interface LoadedSecrets {
  secrets: Secrets
  /** What this start made. */
  made: ReadonlySet<keyof Secrets>
  /** The made passwords in use that are to be shown: none of them was yet. */
  unseen: ReadonlySet<Password>
}

/** What people's sessions are signed with; undefined where nothing was made yet. Throws `BadSetting` for a damaged file. */
export function readSigningSecrets(settings: Settings): Pick<Secrets, 'appSecretKey' | Password> | undefined {
  const stored = readStored(join(settings.dataDir, FILE))
  const value = (given: string | undefined, kept: unknown) => given ?? (typeof kept === 'string' ? kept : '')
  const secrets = {
    appSecretKey: value(settings.appSecretKey, stored.appSecretKey),
    householdPassword: value(settings.householdPassword, stored.householdPassword),
    adminPassword: value(settings.adminPassword, stored.adminPassword),
  }
  return Object.values(secrets).includes('') ? undefined : secrets
}

/** Loads or makes the secrets and keeps the made ones (0600). Throws `BadSetting` for a damaged file. */
export function loadSecrets(settings: Settings): LoadedSecrets {
  const path = join(settings.dataDir, FILE)
  const stored = readStored(path)
  const made = new Set<keyof Secrets>()
  const given: Record<keyof Secrets, string | undefined> = {
    appSecretKey: settings.appSecretKey,
    householdPassword: settings.householdPassword,
    adminPassword: settings.adminPassword,
    feedToken: settings.feedTokens[0],
    syncToken: settings.syncTokens[0],
    ...eachSenderToken((source) => settings.webhookTokens[source][0]),
  }
  const keep: Record<string, unknown> = { ...stored }
  const value = (name: keyof Secrets): string => {
    const set = given[name]
    if (set !== undefined) return set
    const kept = stored[name]
    if (typeof kept === 'string' && kept !== '') return kept
    made.add(name)
    const fresh = name.endsWith('Password') ? makePassword() : makeToken()
    keep[name] = fresh
    return fresh
  }
  const secrets: Secrets = {
    appSecretKey: value('appSecretKey'),
    householdPassword: value('householdPassword'),
    adminPassword: value('adminPassword'),
    feedToken: value('feedToken'),
    syncToken: value('syncToken'),
    ...eachSenderToken((source) => value(senderToken(source))),
  }
  const before = unseenOf(stored)
  const unseen = PASSWORDS.filter((name) => made.has(name) || before.includes(name))
  if (made.size > 0) store(path, withUnseen(keep, unseen))
  return { secrets, made, unseen: new Set(unseen.filter((name) => given[name] === undefined)) }
}

/** The field that keeps each key that the admin set in the app. */
const TITLE_KEYS: Record<TitleService, string> = { tmdb: 'tmdbApiKey', tvdb: 'tvdbApiKey' }

/** The keys of TMDB and TVDB that the admin set in the app. Throws `BadSetting` for a damaged file. */
export function loadTitleKeys(dataDir: string): Partial<Record<TitleService, string>> {
  const stored = readStored(join(dataDir, FILE))
  const { tmdb, tvdb } = { tmdb: stored[TITLE_KEYS.tmdb], tvdb: stored[TITLE_KEYS.tvdb] }
  return { ...(typeof tmdb === 'string' && { tmdb }), ...(typeof tvdb === 'string' && { tvdb }) }
}

/** Keeps a key of TMDB or TVDB, or none. */
export function storeTitleKey(dataDir: string, service: TitleService, key: string | undefined): void {
  const path = join(dataDir, FILE)
  const { [TITLE_KEYS[service]]: _, ...others } = readStored(path)
  store(path, key === undefined ? others : { ...others, [TITLE_KEYS[service]]: key })
}

/**
 * Stores a new password for the next start, which shows it unless `passwordsWereShown` is called before.
 * @param wasMade nobody knows it yet
 */
export function storePassword(dataDir: string, name: Password, password: string, wasMade: boolean): void {
  openDataDir(dataDir)
  const path = join(dataDir, FILE)
  const stored = readStored(path)
  const others = unseenOf(stored).filter((other) => other !== name)
  store(path, withUnseen({ ...stored, [name]: password }, wasMade ? [...others, name] : others))
}

/** Somebody has been shown these made passwords: no start shows them again. */
export function passwordsWereShown(dataDir: string, shown: ReadonlySet<Password>): void {
  const path = join(dataDir, FILE)
  const stored = readStored(path)
  const left = unseenOf(stored).filter((name) => !shown.has(name))
  store(path, withUnseen(stored, left))
}

function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code
  return error instanceof Error ? error.name : 'unknown'
}
