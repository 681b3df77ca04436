import type { Storage } from '@stellarr/core'
import type { Connection } from '../database/connection.ts'

/** What SQLite's one row of `store` says: the store's id and its revision. */
export function sqliteStoreRow(db: Connection): Pick<Storage, 'identity' | 'revision'> {
  const store = db.prepare<[], { store_id: string; revision: number }>('SELECT store_id, revision FROM store')
  const read = () =>
    db.read(() => {
      const row = store.get()
      if (!row) throw new Error('the store row is missing')
      return row
    })
  return {
    identity: { storeId: async () => (await read()).store_id },
    revision: { current: async () => (await read()).revision },
  }
}
