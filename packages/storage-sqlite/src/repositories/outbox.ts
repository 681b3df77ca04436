import { LONGEST_PAUSE_MS, MAX_WAITING, MAX_WAITING_IN_ALL, type Outbox, type OutboxMessage } from '@stellarr/core'
import type { Connection } from '../database/connection.ts'

interface OutboxRecord {
  id: number
  endpoint: string
  body: string
  tries: number
  due_at: number
}

const toRow = ({ endpoint, body, tries, dueAt }: Omit<OutboxMessage, 'id'>): Omit<OutboxRecord, 'id'> => ({
  endpoint,
  body,
  tries,
  due_at: dueAt,
})

const fromRow = ({ id, endpoint, body, tries, due_at }: OutboxRecord): OutboxMessage => ({
  id: String(id),
  endpoint,
  body,
  tries,
  dueAt: due_at,
})

/** Push messages that wait, in SQLite. */
export function sqliteOutbox(db: Connection): Outbox {
  return {
    add: (messages) =>
      db.write(() => {
        const insert = db.prepare<[object], OutboxRecord>(
          'INSERT INTO outbox (endpoint, body, tries, due_at) VALUES (:endpoint, :body, :tries, :due_at) RETURNING *',
        )
        const added = messages.flatMap((message) => insert.all(toRow({ ...message, tries: 0 })).map(fromRow))
        for (const endpoint of new Set(messages.map((message) => message.endpoint))) {
          db.prepare<[string, number], never>(
            'DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE endpoint = ? ORDER BY id DESC LIMIT -1 OFFSET ?)',
          ).run(endpoint, MAX_WAITING)
        }
        db.prepare<[number], never>(
          'DELETE FROM outbox WHERE id IN (SELECT id FROM outbox ORDER BY id DESC LIMIT -1 OFFSET ?)',
        ).run(MAX_WAITING_IN_ALL)
        return added
      }),
    due: (now, limit) =>
      db.read(() =>
        db
          .prepare<[number, number, number], OutboxRecord>(
            'SELECT * FROM outbox WHERE due_at <= ? OR due_at > ? ORDER BY due_at, id LIMIT ?',
          )
          .all(now, now + LONGEST_PAUSE_MS, limit)
          .map(fromRow),
      ),
    claim: ({ id, tries, dueAt }, nextDueAt) =>
      db.write(
        () =>
          db
            .prepare<[number, number, number, number], never>(
              'UPDATE outbox SET tries = tries + 1, due_at = ? WHERE id = ? AND tries = ? AND due_at = ?',
            )
            .run(nextDueAt, Number(id), tries, dueAt).changes > 0,
      ),
    remove: (id) =>
      db.write(() => db.prepare<[number], never>('DELETE FROM outbox WHERE id = ?').run(Number(id)).changes > 0),
  }
}
