import type { Clock, Outbox, OutboxMessage } from '@stellarr/core'
import { type Row, text, whole } from '../table/attribute-values.ts'
import { OUTBOX_PARTITION } from '../table/keys.ts'
import type { TableClient } from '../table/table-client.ts'
import { putAtFreeTime } from './activity.ts'

function fromRow(row: Row): OutboxMessage {
  return {
    id: String(whole(row, 'tmdb_id')),
    endpoint: text(row, 'endpoint'),
    body: text(row, 'body'),
    tries: whole(row, 'tries'),
    dueAt: whole(row, 'due_at'),
  }
}

const keyOf = (id: string) => ({ media_type: OUTBOX_PARTITION, tmdb_id: Number(id) })

/** Push messages that wait: `OUTBOX`, in the order of time. They are few, so what is due is found by reading them all. */
export function dynamoOutbox(table: TableClient, clock: Clock): Outbox {
  return {
    async add(messages) {
      const added: OutboxMessage[] = []
      for (const { endpoint, body, dueAt } of messages) {
        const row = { endpoint, body, tries: 0, due_at: dueAt }
        const sortKey = await putAtFreeTime(table, clock.now(), (tmdb_id) => ({
          media_type: OUTBOX_PARTITION,
          tmdb_id,
          ...row,
        }))
        added.push({ id: String(sortKey), endpoint, body, tries: 0, dueAt })
      }
      return added
    },
    async due(now, limit) {
      const messages = (await table.query({ partition: OUTBOX_PARTITION })).map(fromRow)
      return messages
        .filter((message) => message.dueAt <= now)
        .sort((a, b) => a.dueAt - b.dueAt || Number(a.id) - Number(b.id))
        .slice(0, limit)
    },
    claim: ({ id, tries, dueAt }, nextDueAt) =>
      table.update(
        keyOf(id),
        (e) => `SET ${e.name('tries')} = ${e.value(tries + 1)}, ${e.name('due_at')} = ${e.value(nextDueAt)}`,
        (e) => `${e.name('tries')} = ${e.value(tries)} AND ${e.name('due_at')} = ${e.value(dueAt)}`,
      ),
    remove: (id) => table.remove(keyOf(id), (e) => `attribute_exists(${e.name('media_type')})`),
  }
}
