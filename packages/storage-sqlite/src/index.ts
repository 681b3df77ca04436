import { type Clock, localTurns, type Storage } from '@stellarr/core'
import { openConnection, toFault } from './database/connection.ts'
import { sqliteActivity } from './repositories/activity.ts'
import { sqliteLibraryRepository } from './repositories/library.ts'
import { sqliteMediaRequestRepository } from './repositories/media-requests.ts'
import { sqliteOutbox } from './repositories/outbox.ts'
import { sqlitePlexGuids } from './repositories/plex-guids.ts'
import { sqlitePushSubscriptions } from './repositories/push-subscriptions.ts'
import { sqliteSettings } from './repositories/settings.ts'
import { sqliteSignInAttempts } from './repositories/sign-in-attempts.ts'
import { sqliteStoreRow } from './repositories/store-row.ts'

export interface SqliteStorage extends Storage {
  /** Copies the whole database to a new file while it is in use. */
  backup(path: string): Promise<void>
}

/**
 * Opens (or makes) the store in one SQLite file. Throws faults: `wrong_store` for another program's file,
 * `storage_corrupt` for a damaged one, `storage_unavailable` when it cannot be opened.
 */
export async function openSqliteStorage(options: { path: string; clock: Clock }): Promise<SqliteStorage> {
  const db = await openConnection(options.path)
  return {
    requests: sqliteMediaRequestRepository(db),
    library: sqliteLibraryRepository(db, options.clock),
    ...sqliteStoreRow(db),
    pushSubscriptions: sqlitePushSubscriptions(db),
    signInAttempts: sqliteSignInAttempts(db),
    plexGuids: sqlitePlexGuids(db),
    settings: sqliteSettings(db),
    turns: localTurns(options.clock),
    activity: sqliteActivity(db, options.clock),
    outbox: sqliteOutbox(db),
    async backup(path) {
      try {
        await db.raw.backup(path)
      } catch (error) {
        throw toFault(error)
      }
    },
    async close() {
      db.raw.close()
    },
  }
}
