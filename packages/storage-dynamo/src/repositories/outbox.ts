import type { Clock, Outbox, OutboxMessage } from '@stellarr/core'
import { type Row, text, whole } from '../table/attribute-values.ts'
import { ifPresent } from '../table/expressions.ts'
import { OUTBOX_PARTITION, outboxKey } from '../table/keys.ts'
import { putAtFreeTime } from '../table/put-at-free-time.ts'
import type { TableClient } from '../table/table-client.ts'

function toRow({ endpoint, body, tries, dueAt }: Omit<OutboxMessage, 'id'>): Row {
  return { endpoint, body, tries, due_at: dueAt }
}

function fromRow(row: Row): OutboxMessage {
  return {
    id: String(whole(row, 'tmdb_id')),
    endpoint: text(row, 'endpoint'),
    body: text(row, 'body'),
    tries: whole(row, 'tries'),
    dueAt: whole(row, 'due_at'),
  }
}

/** Push messages that wait: `OUTBOX`, in the order of time. They are few, so what is due is found by reading them all. */
export function dynamoOutbox(table: TableClient, clock: Clock): Outbox {
  return {
    async add(messages) {
      const added: OutboxMessage[] = []
      for (const message of messages) {
        const row = toRow({ ...message, tries: 0 })
        added.push(fromRow({ ...row, ...(await putAtFreeTime(table, OUTBOX_PARTITION, clock.now(), row)) }))
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
        outboxKey(id),
        (e) => `SET ${e.name('tries')} = ${e.value(tries + 1)}, ${e.name('due_at')} = ${e.value(nextDueAt)}`,
        (e) => `${e.name('tries')} = ${e.value(tries)} AND ${e.name('due_at')} = ${e.value(dueAt)}`,
      ),
    remove: (id) => table.remove(outboxKey(id), ifPresent),
  }
}
