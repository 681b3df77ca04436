import { type Kysely, sql } from 'kysely'

const STATEMENTS = [
  `CREATE TABLE activity (at INTEGER NOT NULL, id TEXT NOT NULL, entry TEXT NOT NULL, PRIMARY KEY (at, id)) STRICT, WITHOUT ROWID`,
  `CREATE TABLE outbox (id INTEGER PRIMARY KEY AUTOINCREMENT, endpoint TEXT NOT NULL, body TEXT NOT NULL, tries INTEGER NOT NULL, due_at INTEGER NOT NULL) STRICT`,
  `CREATE INDEX outbox_due ON outbox (due_at, id)`,
]

/** Messages received last, and push messages that wait. */
export const activityAndOutbox = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
  },
}
