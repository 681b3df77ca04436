import { type Clock, isFault, type Storage } from '@stellarr/core'
import { BadSetting } from '@stellarr/http/settings'
import { openSqliteStorage } from '@stellarr/storage-sqlite'
import type { Settings } from './settings.ts'

/** The store of this app: what people call it, and how it is opened. Another store takes its place here. */
export const STORE = {
  name: 'SQLite',

  /** Opens the store that the settings name. Throws `BadSetting` where it cannot, and a fault for another program's file. */
  async open({ databasePath: path }: Pick<Settings, 'databasePath'>, clock: Clock): Promise<Storage> {
    try {
      return await openSqliteStorage({ path, clock })
    } catch (error) {
      if (!isFault(error) || error.code === 'wrong_store') throw error
      throw new BadSetting(
        `DATABASE_PATH: expected a database that can be read and written (${path}). ${error.message}`,
      )
    }
  },
}
