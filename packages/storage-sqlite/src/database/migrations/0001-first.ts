import { randomUUID } from 'node:crypto'
import { type Kysely, sql } from 'kysely'

const STATEMENTS = [
  `CREATE TABLE store (one INTEGER PRIMARY KEY CHECK (one = 1), store_id TEXT NOT NULL, revision INTEGER NOT NULL, sync_number INTEGER NOT NULL) STRICT`,
  `CREATE TABLE requests (
    media_type TEXT NOT NULL CHECK (media_type IN ('movie', 'tv')), tmdb_id INTEGER NOT NULL,
    title TEXT NOT NULL, original_title TEXT, title_key TEXT NOT NULL, original_title_key TEXT, year INTEGER,
    overview TEXT NOT NULL, poster_path TEXT, imdb_id TEXT, tvdb_id INTEGER,
    seasons TEXT, future_seasons INTEGER, quality_profile_id INTEGER NOT NULL,
    status TEXT NOT NULL, status_at INTEGER NOT NULL, statements TEXT NOT NULL,
    requested_by TEXT NOT NULL, followers TEXT NOT NULL,
    created_at INTEGER NOT NULL, added_at INTEGER, withdrawn_at INTEGER, season_state TEXT NOT NULL,
    PRIMARY KEY (media_type, tmdb_id)
  ) STRICT`,
  `CREATE INDEX requests_newest ON requests (created_at DESC, media_type, tmdb_id)`,
  `CREATE INDEX requests_type_newest ON requests (media_type, created_at DESC, tmdb_id)`,
  `CREATE INDEX requests_status_newest ON requests (status, created_at DESC, media_type, tmdb_id)`,
  `CREATE INDEX requests_tvdb ON requests (tvdb_id, media_type, tmdb_id) WHERE tvdb_id IS NOT NULL`,
  `CREATE INDEX requests_imdb ON requests (imdb_id, media_type, tmdb_id) WHERE imdb_id IS NOT NULL`,
  `CREATE INDEX requests_title ON requests (title_key, year)`,
  `CREATE INDEX requests_original_title ON requests (original_title_key, year)`,
  `CREATE TABLE library (
    source TEXT NOT NULL, media_type TEXT NOT NULL CHECK (media_type IN ('movie', 'tv')), tmdb_id INTEGER NOT NULL,
    tvdb_id INTEGER, imdb_id TEXT, title TEXT, seasons TEXT, added_at INTEGER NOT NULL, touched INTEGER NOT NULL,
    PRIMARY KEY (source, media_type, tmdb_id)
  ) STRICT, WITHOUT ROWID`,
  `CREATE INDEX library_titles ON library (media_type, tmdb_id)`,
  `CREATE TABLE syncs (id TEXT PRIMARY KEY, source TEXT NOT NULL, media_type TEXT NOT NULL, number INTEGER NOT NULL, began_at INTEGER NOT NULL) STRICT`,
  `CREATE INDEX syncs_began ON syncs (began_at)`,
  `CREATE TABLE sync_pages (sync_id TEXT NOT NULL REFERENCES syncs (id) ON DELETE CASCADE, page INTEGER NOT NULL, PRIMARY KEY (sync_id, page)) STRICT, WITHOUT ROWID`,
  `CREATE TABLE sync_items (
    sync_id TEXT NOT NULL REFERENCES syncs (id) ON DELETE CASCADE, tmdb_id INTEGER NOT NULL, page INTEGER NOT NULL,
    tvdb_id INTEGER, imdb_id TEXT, title TEXT, seasons TEXT, PRIMARY KEY (sync_id, tmdb_id, page)
  ) STRICT, WITHOUT ROWID`,
  `CREATE TABLE push_subscriptions (endpoint TEXT PRIMARY KEY, user TEXT NOT NULL, p256dh TEXT NOT NULL, auth TEXT NOT NULL, language TEXT NOT NULL, created_at INTEGER NOT NULL) STRICT`,
  `CREATE INDEX push_subscriptions_user ON push_subscriptions (user, created_at, endpoint)`,
  `CREATE TABLE plex_guids (guid TEXT PRIMARY KEY, media_type TEXT NOT NULL, tmdb_id INTEGER NOT NULL, tvdb_id INTEGER) STRICT`,
  `CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT`,
  `CREATE TABLE sign_in_attempts (id INTEGER PRIMARY KEY, client TEXT NOT NULL, at INTEGER NOT NULL) STRICT`,
  `CREATE INDEX sign_in_attempts_client ON sign_in_attempts (client, at)`,
  `CREATE INDEX sign_in_attempts_at ON sign_in_attempts (at)`,
  `CREATE TABLE challenges (hash TEXT PRIMARY KEY, until INTEGER NOT NULL) STRICT`,
  `CREATE INDEX challenges_until ON challenges (until)`,
]

/** The first schema. Never edited once released: a later change is a later migration. */
export const first = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
    await sql`INSERT INTO store (one, store_id, revision, sync_number) VALUES (1, ${randomUUID()}, 0, 0)`.execute(db)
  },
}
