import { type Clock, localTurns, type Storage } from '@stellarr/core'
import { type Connection, openConnection, openToRead, toFault } from './database/connection.ts'
import { type Damage, integrityCheck } from './database/integrity-check.ts'
import { type Figures, sqliteFigures } from './figures.ts'
import type { StoreLock } from './lock.ts'
import { sqliteActivity } from './repositories/activity.ts'
import { sqliteLibraryRepository } from './repositories/library/repository.ts'
import { sqliteMediaRequestRepository } from './repositories/media-requests.ts'
import { sqliteOutbox } from './repositories/outbox.ts'
import { sqlitePlexGuids } from './repositories/plex-guids.ts'
import { sqlitePushSubscriptions } from './repositories/push-subscriptions.ts'
import { sqliteSettings } from './repositories/settings.ts'
import { sqliteSignInAttempts } from './repositories/sign-in-attempts.ts'
import { sqliteStoreRow } from './repositories/store-row.ts'

export type { Figures } from './figures.ts'
export { holderText, lockStore, lookAtLock, type StoreLock } from './lock.ts'
export { type FileWitness, fileWitness } from './witness/file-witness.ts'

export interface SqliteStorage extends Storage {
  /** Whether the database lies where it was opened. While it does not, whatever touches it is `storage_unavailable`. */
  isInPlace(): boolean
  /**
   * Reads the whole database beside all other work, indexes too, and answers what is wrong with it; undefined for nothing.
   * It is read once: a later call answers the same. A check that could not be made rejects, and the next call begins anew.
   */
  damage(): Promise<string | undefined>
  /** How much is in it. */
  figures(): Promise<Figures>
}

export interface SqliteOptions {
  path: string
  clock: Clock
  /** Where a copy is made before an upgrade; `backups` beside the file when absent. */
  backupDir?: string
  /** The store's lock, where it is held: released once the store is closed, or could not be opened. */
  lock?: StoreLock
}

/**
 * Opens (or makes) the store in one SQLite file. Throws faults: `wrong_store` for another program's file, one of a newer
 * Stellarr, and one to be upgraded that another uses; `storage_corrupt` for a damaged one, `storage_unavailable` when it
 * cannot be opened or there is no room to upgrade it.
 */
export async function openSqliteStorage(options: SqliteOptions): Promise<SqliteStorage> {
  const { path, clock, backupDir, lock } = options
  const upgrade = { ...(backupDir !== undefined && { backupDir }), now: clock.now(), isLocked: lock !== undefined }
  const db = await openConnection(path, upgrade).catch((error: unknown) => {
    lock?.release()
    throw error
  })
  return storageOver(db, { path, clock, lock })
}

/**
 * Opens the store only to be read, as it is and while others use it: what would write is `storage_unavailable`. Throws
 * faults as `openSqliteStorage`, and `wrong_store` for one that is still to be upgraded.
 */
export function readSqliteStorage({ path, clock, backupDir }: Omit<SqliteOptions, 'lock'>): SqliteStorage {
  return storageOver(openToRead(path, backupDir), { path, clock })
}

interface Opened {
  path: string
  clock: Clock
  lock?: StoreLock | undefined
}

/** The store over an open connection, which is closed where its schema turns out to be damaged. */
function storageOver(db: Connection, opened: Opened): SqliteStorage {
  try {
    return repositoriesOver(db, opened)
  } catch (error) {
    db.raw.close()
    opened.lock?.release()
    throw toFault(error)
  }
}

function repositoriesOver(db: Connection, { path, clock, lock }: Opened): SqliteStorage {
  const check = checkOnce(db.isMadeNow, path)
  return {
    requests: sqliteMediaRequestRepository(db),
    library: sqliteLibraryRepository(db, clock),
    ...sqliteStoreRow(db),
    pushSubscriptions: sqlitePushSubscriptions(db),
    signInAttempts: sqliteSignInAttempts(db),
    plexGuids: sqlitePlexGuids(db),
    settings: sqliteSettings(db),
    turns: localTurns(clock),
    activity: sqliteActivity(db, clock),
    outbox: sqliteOutbox(db),
    isInPlace: db.isInPlace,
    damage: check.damage,
    figures: sqliteFigures(db),
    async close() {
      // First: the last connection that ends brings the write-ahead log home, and one that only reads cannot.
      await check.stop()
      db.raw.close()
      lock?.release()
    },
  }
}

/** The check of a file: at most one is under way, and one that has come to its end holds. What was just made is whole. */
function checkOnce(isMadeNow: boolean, path: string): { damage: () => Promise<Damage>; stop(): Promise<void> } {
  let check: ReturnType<typeof integrityCheck> | undefined
  return {
    async damage() {
      if (isMadeNow) return undefined
      check ??= integrityCheck(path)
      try {
        return await check.result
      } catch (error) {
        check = undefined
        throw error
      }
    },
    async stop() {
      await check?.stop()
    },
  }
}
