import { type ActivityEntry, type ActivityLog, MAX_ACTIVITY } from '@stellarr/core'
import type { Connection } from '../database/connection.ts'

/** The messages received last, in SQLite; each is read whole, so it is kept as JSON. */
export function sqliteActivity(db: Connection): ActivityLog {
  return {
    record: (entry) =>
      db.write(() => {
        db.prepare<[number, string, string], never>(
          'INSERT OR REPLACE INTO activity (at, id, entry) VALUES (?, ?, ?)',
        ).run(entry.at, entry.id, JSON.stringify(entry))
        const last = db
          .prepare<[number], { at: number; id: string }>(
            'SELECT at, id FROM activity ORDER BY at DESC, id DESC LIMIT 1 OFFSET ?',
          )
          .get(MAX_ACTIVITY - 1)
        if (last)
          db.prepare<[number, string], never>('DELETE FROM activity WHERE (at, id) < (?, ?)').run(last.at, last.id)
      }),
    recent: (limit) =>
      db.read(() =>
        db
          .prepare<[number], { entry: string }>('SELECT entry FROM activity ORDER BY at DESC, id DESC LIMIT ?')
          .all(limit)
          .map((row): ActivityEntry => JSON.parse(row.entry)),
      ),
  }
}
