import {
  type ExportPage,
  LANGUAGES,
  MAX_TRIES,
  type PlexGuidCache,
  type PushSubscription,
  type PushSubscriptionRepository,
  type SettingsStore,
  type SignInAttempts,
  TRIES_WINDOW_MS,
} from '@stellarr/core'
import type { Selectable } from 'kysely'
import { build, type Connection } from '../database/connection.ts'
import type { PlexGuidTable, PushTable } from '../database/schema.ts'
import { mediaTypeOf, oneOf } from './request-rows.ts'

const PAGE = 1_000

/** A page of rows in key order with the cursor to go on, none after the last. */
function page<Row>(rows: Row[], keyOf: (row: Row) => string): ExportPage<Row> {
  const last = rows.length === PAGE ? rows.at(-1) : undefined
  return last === undefined ? { rows } : { rows, cursor: keyOf(last) }
}

/** Push subscriptions in SQLite. */
export function sqlitePushSubscriptions(db: Connection): PushSubscriptionRepository {
  const toSubscription = (row: Selectable<PushTable>): PushSubscription => ({
    endpoint: row.endpoint,
    user: row.user,
    keys: { p256dh: row.p256dh, auth: row.auth },
    language: oneOf(LANGUAGES, row.language),
    createdAt: row.created_at,
  })
  return {
    save: ({ endpoint, user, keys, language, createdAt }) =>
      db.write(() => {
        const row = { endpoint, user, ...keys, language, created_at: createdAt }
        db.run(build.replaceInto('push_subscriptions').values(row))
      }),
    listFor: (user) =>
      db.read(() =>
        db
          .all(
            build
              .selectFrom('push_subscriptions')
              .selectAll()
              .where('user', '=', user)
              .orderBy('created_at')
              .orderBy('endpoint'),
          )
          .map(toSubscription),
      ),
    find: (endpoint) =>
      db.read(() =>
        db
          .all(build.selectFrom('push_subscriptions').selectAll().where('endpoint', '=', endpoint))
          .map(toSubscription)
          .at(0),
      ),
    remove: (endpoint) =>
      db.write(() => db.run(build.deleteFrom('push_subscriptions').where('endpoint', '=', endpoint)) > 0),
    exportAll: (cursor = '') =>
      db.read(() =>
        page(
          db
            .all(
              build
                .selectFrom('push_subscriptions')
                .selectAll()
                .where('endpoint', '>', cursor)
                .orderBy('endpoint')
                .limit(PAGE),
            )
            .map(toSubscription),
          (row) => row.endpoint,
        ),
      ),
  }
}

/** The Plex GUID cache in SQLite. */
export function sqlitePlexGuids(db: Connection): PlexGuidCache {
  const toIds = (row: Selectable<PlexGuidTable>) => ({
    mediaType: mediaTypeOf(row.media_type),
    tmdbId: row.tmdb_id,
    ...(row.tvdb_id === null ? {} : { tvdbId: row.tvdb_id }),
  })
  return {
    find: (guid) =>
      db.read(() => db.all(build.selectFrom('plex_guids').selectAll().where('guid', '=', guid)).map(toIds)[0]),
    save: (guid, ids) =>
      db.write(() => {
        const row = { guid, media_type: ids.mediaType, tmdb_id: ids.tmdbId, tvdb_id: ids.tvdbId ?? null }
        db.run(build.replaceInto('plex_guids').values(row))
      }),
    exportAll: (cursor = '') =>
      db.read(() =>
        page(
          db
            .all(build.selectFrom('plex_guids').selectAll().where('guid', '>', cursor).orderBy('guid').limit(PAGE))
            .map((row) => ({ guid: row.guid, ...toIds(row) })),
          (row) => row.guid,
        ),
      ),
  }
}

/** Named settings in SQLite. */
export function sqliteSettings(db: Connection): SettingsStore {
  const get = (name: string) => db.all(build.selectFrom('settings').select('value').where('name', '=', name))[0]?.value
  return {
    get: (name) => db.read(() => get(name)),
    set: (name, value) => db.write(() => void db.run(build.replaceInto('settings').values({ name, value }))),
    async getOrCreate(name, make) {
      const known = await db.read(() => get(name))
      if (known !== undefined) return known
      const value = await make()
      return db.write(() => {
        db.run(
          build
            .insertInto('settings')
            .values({ name, value })
            .onConflict((conflict) => conflict.doNothing()),
        )
        return get(name) ?? value
      })
    },
    update: (name, change) =>
      db.write(() => {
        const before = get(name)
        const value = change(before)
        if (value !== before) db.run(build.replaceInto('settings').values({ name, value }))
        return value
      }),
    exportAll: (cursor = '') =>
      db.read(() =>
        page(
          db.all(build.selectFrom('settings').selectAll().where('name', '>', cursor).orderBy('name').limit(PAGE)),
          (row) => row.name,
        ),
      ),
  }
}

/** The sign-in limiter's rows in SQLite; what has expired is dropped as others come. */
export function sqliteSignInAttempts(db: Connection): SignInAttempts {
  return {
    reserve: (client, now) =>
      db.write(() => {
        const since = now - TRIES_WINDOW_MS
        db.prepare<[number], never>('DELETE FROM sign_in_attempts WHERE at <= ?').run(since)
        const recent = db
          .prepare<[string, number], { at: number }>(
            'SELECT at FROM sign_in_attempts WHERE client = ? AND at > ? ORDER BY at',
          )
          .all(client, since)
        const allowed = recent.length < MAX_TRIES
        if (allowed)
          db.prepare<[string, number], never>('INSERT INTO sign_in_attempts (client, at) VALUES (?, ?)').run(
            client,
            now,
          )
        const counted = recent.length + Number(allowed)
        return { allowed, triesLeft: MAX_TRIES - counted, retryAt: (recent[0]?.at ?? now) + TRIES_WINDOW_MS }
      }),
    release: (client) =>
      db.write(() => {
        db.prepare<[string], never>(
          'DELETE FROM sign_in_attempts WHERE id = (SELECT id FROM sign_in_attempts WHERE client = ? ORDER BY at DESC, id DESC LIMIT 1)',
        ).run(client)
      }),
    useChallengeOnce: (hash, until, now) =>
      db.write(() => {
        db.prepare<[number], never>('DELETE FROM challenges WHERE until <= ?').run(now)
        return (
          db
            .prepare<[string, number], never>('INSERT OR IGNORE INTO challenges (hash, until) VALUES (?, ?)')
            .run(hash, until).changes > 0
        )
      }),
  }
}
