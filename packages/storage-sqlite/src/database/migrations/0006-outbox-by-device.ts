import { type Kysely, sql } from 'kysely'

const STATEMENTS = [
  `CREATE INDEX outbox_endpoint ON outbox (endpoint, id)`,
  // Lists are read by the table itself.
  `DROP INDEX requests_newest`,
  `DROP INDEX requests_type_newest`,
]

/** Messages that wait are bounded device by device; indexes that nothing reads any more are gone. */
export const outboxByDevice = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
  },
}
