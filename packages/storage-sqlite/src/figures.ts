import type { Connection } from './database/connection.ts'
import { shown } from './repositories/library/rows.ts'

/** How much is in a store. */
export interface Figures {
  /** Requests by their status; those that are hidden from people too. */
  requests: Record<string, number>
  /** Titles of the library, each once a source. */
  libraryItems: number
  /** Devices that get push messages. */
  devices: number
  /** Push messages that are still to be sent. */
  outbox: number
  revision: number
}

/** Counts what is in a store. */
export function sqliteFigures(db: Connection): () => Promise<Figures> {
  const statuses = db.prepare<[], { status: string; rows: number }>(
    'SELECT status, count(*) AS rows FROM requests GROUP BY status',
  )
  const others = db.prepare<[], Omit<Figures, 'requests'>>(
    `SELECT revision, (SELECT count(*) FROM library AS l WHERE ${shown('l')}) AS libraryItems,
      (SELECT count(*) FROM push_subscriptions) AS devices, (SELECT count(*) FROM outbox) AS outbox FROM store`,
  )
  return () =>
    db.read(() => {
      const found = others.get()
      if (!found) throw new Error('the store row is missing')
      const requests = Object.fromEntries(statuses.all().map(({ status, rows }) => [status, rows]))
      return { requests, ...found }
    })
}
