import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { MEDIA_EVENT_SOURCES, type MediaEventSource } from '@stellarr/core'
import { makePassword, makeToken } from '@stellarr/http/make-secrets'
import { BadSetting } from '@stellarr/http/settings'
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

const FILE = 'secrets.json'

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
  } catch (error) {
    throw new BadSetting(`${setting}: expected a folder that can be written (${folder}: ${codeOf(error)}).`)
  }
}

/** Writes a file of the data folder so that a crash leaves the old or the new one, readable by its owner alone. */
export function writePrivateFile(path: string, body: string): void {
  const fresh = `${path}.${randomBytes(4).toString('hex')}.new`
  const file = openSync(fresh, 'w', 0o600)
  writeSync(file, body)
  fsyncSync(file)
  closeSync(file)
  renameSync(fresh, path)
}

function readStored(path: string): Partial<Record<string, unknown>> {
  if (!existsSync(path)) return {}
  try {
    const stored: unknown = JSON.parse(readFileSync(path, 'utf8'))
    if (stored !== null && typeof stored === 'object' && !Array.isArray(stored)) return withTodaysNames({ ...stored })
  } catch (error) {
    throw new BadSetting(
      `DATA_DIR: ${path} cannot be read as JSON (${codeOf(error)}): restore it from a backup or move it away.`,
    )
  }
  throw new BadSetting(`DATA_DIR: ${path} is not what was written there: restore it from a backup or move it away.`)
}

/** The admin's password had another name once. */
function withTodaysNames({ operatorPassword, ...stored }: Partial<Record<string, unknown>>) {
  return operatorPassword === undefined ? stored : { adminPassword: operatorPassword, ...stored }
}

/**
 * Loads or makes the secrets and keeps the made ones (0600). `made` names what is new, so that passwords can be
 * shown once.
 */
export function loadSecrets(settings: Settings): { secrets: Secrets; made: ReadonlySet<keyof Secrets> } {
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
  if (made.size > 0) writePrivateFile(path, `${JSON.stringify(keep, null, 2)}\n`)
  return { secrets, made }
}

/** Stores new passwords for the next start. Names not given stay. */
export function storePasswords(
  dataDir: string,
  passwords: Partial<Pick<Secrets, 'householdPassword' | 'adminPassword'>>,
): void {
  openDataDir(dataDir)
  const path = join(dataDir, FILE)
  writePrivateFile(path, `${JSON.stringify({ ...readStored(path), ...passwords }, null, 2)}\n`)
}

function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code
  return error instanceof Error ? error.name : 'unknown'
}
