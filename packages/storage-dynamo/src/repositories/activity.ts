import { type ActivityEntry, type ActivityLog, type Clock, Fault } from '@stellarr/core'
import { fromJson, text } from '../table/attribute-values.ts'
import { ifAbsent } from '../table/expressions.ts'
import { activityPartition, KEYS_A_MS, timeKey } from '../table/keys.ts'
import type { TableClient } from '../table/table-client.ts'

const DAY_MS = 24 * 3_600_000
/** Kept so long; then DynamoDB deletes them by itself. */
const KEPT_DAYS = 14

const dayOf = (at: number) => Math.floor(at / DAY_MS)

/** The first free sort key of a moment: several messages may come in one millisecond. */
export async function putAtFreeTime(
  table: TableClient,
  at: number,
  rowAt: (sortKey: number) => { media_type: string; tmdb_id: number },
): Promise<number> {
  const first = Math.floor(Math.random() * KEYS_A_MS)
  for (let n = 0; n < KEYS_A_MS; n += 1) {
    const sortKey = timeKey(at, (first + n) % KEYS_A_MS)
    if ((await table.put(rowAt(sortKey), ifAbsent)).stored) return sortKey
  }
  throw new Fault('storage_unavailable', 'Too much happens at once. Try again.')
}

/** The messages received last: `ACTIVITY#<day>`, one row a message. */
export function dynamoActivity(table: TableClient, clock: Clock): ActivityLog {
  return {
    async record(entry) {
      const partition = activityPartition(dayOf(entry.at))
      const ttl = Math.ceil((entry.at + KEPT_DAYS * DAY_MS) / 1000)
      await putAtFreeTime(table, entry.at, (sortKey) => ({
        media_type: partition,
        tmdb_id: sortKey,
        entry: JSON.stringify(entry),
        ttl,
      }))
    },

    async recent(limit) {
      const entries: ActivityEntry[] = []
      const today = dayOf(clock.now())
      for (let day = today; day > today - KEPT_DAYS && entries.length < limit; day -= 1) {
        let from: { media_type: string; tmdb_id: number } | undefined
        do {
          const partition = activityPartition(day)
          const page = await table.queryPage({ partition, from, backwards: true, limit: limit - entries.length })
          entries.push(...page.rows.map((row) => fromJson<ActivityEntry>(text(row, 'entry'))))
          from = page.next
        } while (from && entries.length < limit)
      }
      return entries.sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1))
    },
  }
}
