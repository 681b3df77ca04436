import { type Kysely, sql } from 'kysely'

const STATEMENTS = [
  `ALTER TABLE store ADD COLUMN generation INTEGER NOT NULL DEFAULT 0`,
  `ALTER TABLE store ADD COLUMN preparing INTEGER NOT NULL DEFAULT 0`,
  `ALTER TABLE sync_pages ADD COLUMN whole INTEGER NOT NULL DEFAULT 1`,
  `DROP INDEX library_titles`,
  `ALTER TABLE library RENAME TO library_before`,
  `CREATE TABLE library (
    source TEXT NOT NULL, media_type TEXT NOT NULL CHECK (media_type IN ('movie', 'tv')), tmdb_id INTEGER NOT NULL,
    tvdb_id INTEGER, imdb_id TEXT, title TEXT, seasons TEXT, added_at INTEGER NOT NULL, touched INTEGER NOT NULL,
    since INTEGER NOT NULL, until INTEGER NOT NULL, PRIMARY KEY (source, media_type, tmdb_id, since)
  ) STRICT, WITHOUT ROWID`,
  `INSERT INTO library SELECT source, media_type, tmdb_id, tvdb_id, imdb_id, title, seasons, added_at, touched,
    0, 9007199254740991 FROM library_before`,
  `DROP TABLE library_before`,
  `CREATE INDEX library_titles ON library (media_type, tmdb_id, since, until)`,
  `CREATE INDEX library_over ON library (source, media_type, tmdb_id, since) WHERE until < 9007199254740991`,
]

/** Which generations of the library a row is in, and which one is shown. */
export const libraryGenerations = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
  },
}
