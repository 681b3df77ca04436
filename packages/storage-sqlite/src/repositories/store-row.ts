import type { Storage } from '@stellarr/core'
import type { Connection } from '../database/connection.ts'

/** What SQLite's one row of `store` says: the store's id, whether it is new, and its revision. */
export function sqliteStoreRow(db: Connection): Pick<Storage, 'identity' | 'revision'> {
  const store = db.prepare<[], { store_id: string; is_new: number; revision: number }>(
    'SELECT store_id, is_new, revision FROM store',
  )
  const confirm = db.prepare('UPDATE store SET is_new = 0')
  const read = () =>
    db.read(() => {
      const row = store.get()
      if (!row) throw new Error('the store row is missing')
      return row
    })
  return {
    identity: {
      storeId: async () => (await read()).store_id,
      isNew: async () => (await read()).is_new === 1,
      confirmNew: () => db.write(() => void confirm.run()),
    },
    revision: { current: async () => (await read()).revision },
  }
}
