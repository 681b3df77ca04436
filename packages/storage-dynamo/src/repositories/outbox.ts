import { type Clock, LONGEST_PAUSE_MS, type Outbox, type OutboxMessage, tooMany } from '@stellarr/core'
import { inParallel } from '../client/parallel.ts'
import { type Row, text, whole } from '../table/attribute-values.ts'
import { ifPresent } from '../table/expressions.ts'
import { KEYS_A_MS, OUTBOX_PARTITION, outboxKey } from '../table/keys.ts'
import { putAtFreeTime } from '../table/put-at-free-time.ts'
import type { TableClient } from '../table/table-client.ts'

/** Messages of this process that wait before it looks at all there are, and deletes at once. */
const MANY = 100
const AT_ONCE = 10

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
  /** What this process has stored and not removed, with its device: most often nothing. */
  const here = new Map<string, string>()

  /** All that may wait, the oldest first; what is too many is taken out. */
  async function bounded(): Promise<OutboxMessage[]> {
    const rows = (await table.query({ partition: OUTBOX_PARTITION })).map(fromRow)
    // What a clock that was ahead has numbered is older than what is stored now.
    const isAhead = ({ id }: OutboxMessage) => Number(id) >= (clock.now() + 1) * KEYS_A_MS
    const waiting = [...rows.filter(isAhead), ...rows.filter((row) => !isAhead(row))]
    const over = new Set(tooMany(waiting))
    await inParallel(AT_ONCE, [...over], (id) => table.remove(outboxKey(id)))
    const left = waiting.filter(({ id }) => !over.has(id))
    const ids = new Set(left.map(({ id }) => id))
    for (const id of here.keys()) if (!ids.has(id)) here.delete(id)
    return left
  }

  return {
    async add(messages) {
      const waited = new Set(here.values())
      const added: OutboxMessage[] = []
      for (const message of messages) {
        const row = toRow({ ...message, tries: 0 })
        const one = fromRow({ ...row, ...(await putAtFreeTime(table, OUTBOX_PARTITION, clock.now(), row)) })
        added.push(one)
        here.set(one.id, one.endpoint)
      }
      // A device for which nothing of ours waits has few: there is no need to pay for reading them all.
      const devices = new Set(messages.map(({ endpoint }) => endpoint))
      const isUsual = devices.size === messages.length && [...devices].every((endpoint) => !waited.has(endpoint))
      if (!isUsual || here.size > MANY) await bounded()
      return added
    },
    async due(now, limit) {
      return (await bounded())
        .filter((message) => message.dueAt <= now || message.dueAt > now + LONGEST_PAUSE_MS)
        .sort((a, b) => a.dueAt - b.dueAt || Number(a.id) - Number(b.id))
        .slice(0, limit)
    },
    claim: ({ id, tries, dueAt }, nextDueAt) =>
      table.update(
        outboxKey(id),
        (e) => `SET ${e.name('tries')} = ${e.value(tries + 1)}, ${e.name('due_at')} = ${e.value(nextDueAt)}`,
        (e) => `${e.name('tries')} = ${e.value(tries)} AND ${e.name('due_at')} = ${e.value(dueAt)}`,
      ),
    async remove(id) {
      const removed = await table.remove(outboxKey(id), ifPresent)
      here.delete(id)
      return removed
    },
  }
}
