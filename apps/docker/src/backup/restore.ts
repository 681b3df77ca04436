import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Readable } from 'node:stream'
import { isFault } from '@stellarr/core'
import { isNewerSchema, markOlder, readStoreFile, type StoreFacts } from '@stellarr/storage-sqlite/store-file'
import { freeBytes, type Household } from './make-backup.ts'
import { DATABASE, type Manifest, SECRETS } from './manifest.ts'
import { codeOf, Refused } from './refused.ts'
import { putInPlace, readyPlaces, removeReady } from './restore-steps.ts'
import { unpackBackup } from './unpack-backup.ts'

/** Room beside the files themselves: SQLite writes there, and so does the app that is started next. */
const SPARE = 1024 * 1024

/** A backup that was read and checked whole, and lies ready beside what it would replace. */
export interface ReadyBackup {
  manifest: Manifest
  /** Whether its secrets are restored as well. */
  withSecrets: boolean
  /** Puts it in place; the lists stay closed until the admin confirms them. @returns the folders that keep what was there */
  restore(): string[]
  /** Takes it away again; nothing was changed. */
  discard(): void
}

/**
 * Reads a backup, checks it whole and lays its files ready. The store must not be in use.
 * @param name what the archive is called in a refusal
 * @throws Refused in one line for what is no whole backup, was made by a later version or finds no room
 */
export async function readyBackup(
  archive: Readable,
  name: string,
  household: Household,
  options: { withSecrets: boolean },
): Promise<ReadyBackup> {
  const ready = readyPlaces(household)
  const discard = () => removeReady(household)
  const refuse = (why: string) => new Refused(`${name} cannot be restored: ${why}`)
  discard()
  try {
    const manifest = await unpackBackup(archive, ready, ({ schema, files }) => {
      if (isNewerSchema(schema)) throw new Refused('a newer Stellarr made it: update this one.')
      const needed = files[DATABASE].size + (files[SECRETS]?.size ?? 0) + SPARE
      const folder = dirname(household.databasePath)
      if (freeBytes(folder) < needed) throw new Refused(`there is too little room (${folder} needs ${needed} bytes).`)
    })
    if (!agrees(readStoreFile(ready[DATABASE]), manifest)) throw new Refused('its database is not the one it names.')
    const withSecrets = options.withSecrets && existsSync(ready[SECRETS])
    return {
      manifest,
      withSecrets,
      restore() {
        markOlder(ready[DATABASE])
        const kept = putInPlace(household, withSecrets ? [SECRETS, DATABASE] : [DATABASE], new Date())
        discard()
        return kept
      },
      discard,
    }
  } catch (error) {
    discard()
    if (error instanceof Refused) throw refuse(error.message)
    if (isFault(error)) throw refuse(`its database cannot be used (${error.code}).`)
    if (error instanceof Error && 'syscall' in error)
      throw refuse(`a file cannot be read or written (${codeOf(error)}).`)
    throw error
  }
}

const agrees = ({ storeId, revision, schema }: StoreFacts, manifest: Manifest): boolean =>
  storeId === manifest.store_id && revision === manifest.revision && schema === manifest.schema
