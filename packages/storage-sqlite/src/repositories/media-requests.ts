import {
  applyEvent,
  type Changed,
  isListed,
  learnFacts,
  type MediaRequest,
  type MediaRequestRepository,
  markWithdrawn,
  mergeSeasonChoice,
  renewRequest,
  type TitleKey,
  withoutFollower,
} from '@stellarr/core'
import { build, type Connection } from '../database/connection.ts'
import type { RequestRecord } from '../database/schema.ts'
import { nameOf, PAGE, page } from './page.ts'
import { fromRow, toRow } from './request-rows.ts'

/** Requests in SQLite. Reading, deciding by a pure rule and writing happen in one immediate transaction. */
export function sqliteMediaRequestRepository(db: Connection): MediaRequestRepository {
  const findOne = db.prepare<[string, number], RequestRecord>(
    'SELECT * FROM requests WHERE media_type = ? AND tmdb_id = ?',
  )
  const findSome = db.prepare<[string, string], RequestRecord>(
    'SELECT * FROM requests WHERE media_type = ? AND tmdb_id IN (SELECT value FROM json_each(?))',
  )
  const get = (key: TitleKey): MediaRequest | undefined => {
    const row = findOne.get(key.mediaType, key.tmdbId)
    return row && fromRow(row)
  }
  const firstWhere = (column: 'tvdb_id' | 'imdb_id', value: number | string) => {
    const rows = db.all(
      build
        .selectFrom('requests')
        .selectAll()
        .where(column, '=', value)
        .orderBy('media_type')
        .orderBy('tmdb_id')
        .limit(1),
    )
    return rows.map(fromRow)[0]
  }

  /** Applies a rule to the stored row; writes and bumps only when the row differs. */
  function change(
    key: TitleKey,
    rule: (request: MediaRequest) => { request: MediaRequest; changed: boolean },
  ): Promise<Changed | undefined> {
    return db.write(() => {
      const before = get(key)
      if (!before) return undefined
      const { request, changed } = rule(before)
      if (request !== before && JSON.stringify(toRow(request)) !== JSON.stringify(toRow(before))) {
        db.run(
          build
            .updateTable('requests')
            .set(toRow(request))
            .where('media_type', '=', key.mediaType)
            .where('tmdb_id', '=', key.tmdbId),
        )
        db.bumpRevision()
      }
      return { request, changed }
    })
  }

  return {
    add: (request) =>
      db.write(() => {
        const added = db.run(
          build
            .insertInto('requests')
            .values(toRow(request))
            .onConflict((conflict) => conflict.doNothing()),
        )
        if (added === 0) return 'exists'
        db.bumpRevision()
        return 'added'
      }),

    find: (key) => db.read(() => get(key)),

    findMany: (keys) =>
      db.read(() => {
        const found = new Map<string, MediaRequest>()
        for (const type of ['movie', 'tv'] as const) {
          const ids = keys.filter((key) => key.mediaType === type).map((key) => key.tmdbId)
          if (ids.length === 0) continue
          for (const request of findSome.all(type, JSON.stringify(ids)).map(fromRow))
            found.set(nameOf(request), request)
        }
        const names = new Set(keys.map(nameOf))
        return [...names].flatMap((name) => found.get(name) ?? [])
      }),

    findByTvdbId: (tvdbId) => db.read(() => firstWhere('tvdb_id', tvdbId)),
    findByImdbId: (imdbId) => db.read(() => firstWhere('imdb_id', imdbId)),

    findByTitle: (normalised, year) =>
      db.read(() =>
        db
          .all(
            build
              .selectFrom('requests')
              .selectAll()
              .where('year', '=', year)
              .where((where) =>
                where.or([where('title_key', '=', normalised), where('original_title_key', '=', normalised)]),
              )
              .orderBy('media_type')
              .orderBy('tmdb_id'),
          )
          .map(fromRow),
      ),

    list: (filter) =>
      db.read(() => {
        let query = build.selectFrom('requests').selectAll()
        if (filter.type !== undefined) query = query.where('media_type', '=', filter.type)
        if (filter.status !== undefined) query = query.where('status', '=', filter.status)
        const rows = db.all(query.orderBy('created_at', 'desc').orderBy('media_type').orderBy('tmdb_id')).map(fromRow)
        return filter.listedOnly ? rows.filter(isListed) : rows
      }),

    mergeSeasons: (key, wanted, follower) => change(key, (request) => mergeSeasonChoice(request, wanted, follower)),
    unfollow: (key, name) => change(key, (request) => withoutFollower(request, name)),
    advance: (key, event) => change(key, (request) => applyEvent(request, event)),
    renew: (key, renewal) => change(key, (request) => renewRequest(request, renewal)),
    learn: (key, facts) => change(key, (request) => learnFacts(request, facts)),
    withdraw: (key, at) => change(key, (request) => markWithdrawn(request, at)),

    remove: (key) =>
      db.write(() => {
        const removed = db.run(
          build.deleteFrom('requests').where('media_type', '=', key.mediaType).where('tmdb_id', '=', key.tmdbId),
        )
        if (removed > 0) db.bumpRevision()
        return removed > 0
      }),

    exportAll: (cursor) =>
      db.read(() => {
        const [type = '', id = '0'] = cursor?.split('/') ?? []
        const rows = db
          .prepare<[string, number, number], RequestRecord>(
            'SELECT * FROM requests WHERE (media_type, tmdb_id) > (?, ?) ORDER BY media_type, tmdb_id LIMIT ?',
          )
          .all(type, Number(id), PAGE)
          .map(fromRow)
        return page(rows, nameOf)
      }),
  }
}
