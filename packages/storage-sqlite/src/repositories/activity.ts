import { type ActivityEntry, type ActivityLog, activityBegins, type Clock, MAX_ACTIVITY } from '@stellarr/core'
import type { Connection } from '../database/connection.ts'

interface ActivityRecord {
  at: number
  id: string
  /** JSON, since it is only ever read whole. */
  entry: string
}

const toRow = (entry: ActivityEntry): ActivityRecord => ({ at: entry.at, id: entry.id, entry: JSON.stringify(entry) })
const fromRow = (row: Pick<ActivityRecord, 'entry'>): ActivityEntry => JSON.parse(row.entry)

/** The messages received last, in SQLite. */
export function sqliteActivity(db: Connection, clock: Clock): ActivityLog {
  return {
    record: (entry) =>
      db.write(() => {
        db.prepare<[object], never>('INSERT OR REPLACE INTO activity (at, id, entry) VALUES (:at, :id, :entry)').run(
          toRow(entry),
        )
        const last = db
          .prepare<[number, number], { at: number; id: string }>(
            'SELECT at, id FROM activity WHERE at <= ? ORDER BY at DESC, id DESC LIMIT 1 OFFSET ?',
          )
          .get(Math.max(entry.at, clock.now()), MAX_ACTIVITY - 1)
        if (last)
          db.prepare<[number, string], never>('DELETE FROM activity WHERE (at, id) < (?, ?)').run(last.at, last.id)
        db.prepare<[number], never>('DELETE FROM activity WHERE at < ?').run(activityBegins(clock.now()))
      }),
    recent: (limit) =>
      db.read(() =>
        db
          .prepare<[number, number, number], { entry: string }>(
            'SELECT entry FROM activity WHERE at >= ? AND at <= ? ORDER BY at DESC, id DESC LIMIT ?',
          )
          .all(activityBegins(clock.now()), clock.now(), Math.min(limit, MAX_ACTIVITY))
          .map(fromRow),
      ),
  }
}
