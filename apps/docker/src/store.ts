import { join } from 'node:path'
import { type Clock, isFault, type Logger } from '@stellarr/core'
import { BadSetting } from '@stellarr/http/settings'
import {
  type FileWitness,
  fileWitness,
  lockStore,
  openSqliteStorage,
  type SqliteStorage,
} from '@stellarr/storage-sqlite'
import { unusable } from './permission.ts'
import type { Settings } from './settings.ts'

/** How long a start tries to get the store from a server that is just ending. */
const LOCK_WAIT_MS = 5_000

/** The store of this app: what people call it, and how it is opened. Another store takes its place here. */
export const STORE = {
  name: 'SQLite',

  /**
   * Opens the store that the settings name, and holds its lock until it is closed.
   * @param options.version of the app
   * @param options.locked called once nobody else uses the store, before it is opened
   * @throws BadSetting where it cannot, and a fault for a file that is not ours, newer, or in use by another Stellarr
   */
  async open(
    { databasePath: path, backupDir }: Pick<Settings, 'databasePath' | 'backupDir'>,
    clock: Clock,
    { version, locked }: { version: string; locked(): void },
  ): Promise<SqliteStorage> {
    try {
      const lock = await lockStore(path, { version, waitMs: LOCK_WAIT_MS })
      locked()
      return await openSqliteStorage({ path, clock, backupDir, lock })
    } catch (error) {
      if (!isFault(error) || error.code === 'wrong_store') throw error
      const refused = unusable(['', '-wal', '-shm', '.lock'].map((end) => path + end))
      throw new BadSetting(
        `DATABASE_PATH: expected a database that can be read and written (${refused?.path ?? path}). ${refused?.advice ?? error.message}`,
      )
    }
  },

  /** Remembers which store was used last, in `store.json` of the data folder; the store is open. */
  witness: ({ dataDir, databasePath }: Pick<Settings, 'dataDir' | 'databasePath'>, logger: Logger): FileWitness =>
    fileWitness(join(dataDir, 'store.json'), databasePath, logger),
}
