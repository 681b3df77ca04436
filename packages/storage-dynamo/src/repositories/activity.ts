import {
  ACTIVITY_DAYS,
  type ActivityEntry,
  type ActivityLog,
  activityDay,
  type Clock,
  MAX_ACTIVITY,
} from '@stellarr/core'
import { fromJson, type Row, text, ttlAt } from '../table/attribute-values.ts'
import { activityPartition, type Key } from '../table/keys.ts'
import { putAtFreeTime } from '../table/put-at-free-time.ts'
import type { TableClient } from '../table/table-client.ts'

/** Kept so long; then DynamoDB deletes them by itself. */
const KEPT_MS = ACTIVITY_DAYS * 24 * 3_600_000

const toRow = (entry: ActivityEntry): Row => ({
  entry: JSON.stringify(entry),
  ttl: ttlAt(entry.at + KEPT_MS),
})

const fromRow = (row: Row): ActivityEntry => fromJson(text(row, 'entry'))

/** The messages received last: `ACTIVITY#<day>`, one row a message. */
export function dynamoActivity(table: TableClient, clock: Clock): ActivityLog {
  return {
    async record(entry) {
      await putAtFreeTime(table, activityPartition(activityDay(entry.at)), entry.at, toRow(entry))
    },

    async recent(wanted) {
      const limit = Math.min(wanted, MAX_ACTIVITY)
      const entries: ActivityEntry[] = []
      const now = clock.now()
      const today = activityDay(now)
      for (let day = today; day > today - ACTIVITY_DAYS && entries.length < limit; day -= 1) {
        let from: Key | undefined
        do {
          const partition = activityPartition(day)
          const page = await table.queryPage({ partition, from, backwards: true, limit: limit - entries.length })
          entries.push(...page.rows.map(fromRow).filter((entry) => entry.at <= now))
          from = page.next
        } while (from && entries.length < limit)
      }
      return entries.sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1))
    },
  }
}
