import { type Kysely, sql } from 'kysely'

const STATEMENTS = [
  `ALTER TABLE requests ADD COLUMN former_ids TEXT`,
  `ALTER TABLE requests ADD COLUMN facts TEXT`,
  `CREATE INDEX requests_former ON requests (media_type, tmdb_id) WHERE former_ids IS NOT NULL`,
]

/** Ids that titles had before, and what the catalogue tells of a series' run. */
export const requestFacts = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
  },
}
