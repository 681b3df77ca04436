import { type Kysely, sql } from 'kysely'

/** Whether nobody has said yet that the store is meant. @param isMadeNow false for a database that was there before */
export const newStore = (isMadeNow: boolean) => ({
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`ALTER TABLE store ADD COLUMN is_new INTEGER NOT NULL DEFAULT 0`.execute(db)
    if (isMadeNow) await sql`UPDATE store SET is_new = 1`.execute(db)
  },
})
