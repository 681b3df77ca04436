import { setImmediate } from 'node:timers/promises'
import {
  applyEvent,
  type Changed,
  isListed,
  learnFacts,
  type MediaRequest,
  type MediaRequestRepository,
  markWithdrawn,
  mergeSeasonChoice,
  newestFirst,
  renewRequest,
  type TitleKey,
  withImdbId,
  withoutFollower,
  withTvdbId,
} from '@stellarr/core'
import { build, type Connection } from '../database/connection.ts'
import type { RequestRecord } from '../database/schema.ts'
import { inSlices } from '../database/turns.ts'
import { nameOf, PAGE, page } from './page.ts'
import { fromRow, OUTLINE_COLUMNS, type OutlineRecord, outlineFromRow, toRow } from './request-rows.ts'
import { requestSlices } from './request-slices.ts'

/** Requests that are advanced in one transaction. */
const ADVANCED_AT_ONCE = 250
/** Requests that are read in one go. */
const READ_AT_ONCE = 500

/** Movies before series, then by id: the order of the keys. */
const byKey = (a: TitleKey, b: TitleKey) =>
  a.mediaType === b.mediaType ? a.tmdbId - b.tmdbId : a.mediaType === 'movie' ? -1 : 1

/** The row that a cursor names: a place before all of them without one. */
function after(cursor: string | undefined): [type: string, tmdbId: number] {
  const [type = '', id = '0'] = cursor?.split('/') ?? []
  return [type, Number(id)]
}

/** Requests in SQLite. Reading, deciding by a pure rule and writing happen in one immediate transaction. */
export function sqliteMediaRequestRepository(db: Connection): MediaRequestRepository {
  const findOne = db.prepare<[string, number], RequestRecord>(
    'SELECT * FROM requests WHERE media_type = ? AND tmdb_id = ?',
  )
  const findSome = db.prepare<[string, string], RequestRecord>(
    'SELECT * FROM requests WHERE media_type = ? AND tmdb_id IN (SELECT value FROM json_each(?))',
  )
  // By the table itself: an index that lacks an entry would leave a title out of a list, and nobody would notice.
  const slice = db.prepare<
    [{ after: number; type: string | null; status: string | null }],
    RequestRecord & { place: number }
  >(
    `SELECT rowid AS place, * FROM requests NOT INDEXED WHERE rowid > :after AND (:type IS NULL OR media_type = :type)
      AND (:status IS NULL OR status = :status) ORDER BY rowid LIMIT ${PAGE}`,
  )
  const outlinePage = db.prepare<[string, number, number], OutlineRecord>(
    `SELECT ${OUTLINE_COLUMNS.join(', ')} FROM requests WHERE (media_type, tmdb_id) > (?, ?) ORDER BY media_type, tmdb_id LIMIT ?`,
  )
  const get = (key: TitleKey): MediaRequest | undefined => {
    const row = findOne.get(key.mediaType, key.tmdbId)
    return row && fromRow(row)
  }
  /** Those that have the id, or had others lately, in the order of the keys. */
  const whereId = (column: 'tvdb_id' | 'imdb_id', value: number | string) => {
    const having = db.all(build.selectFrom('requests').selectAll().where(column, '=', value))
    const renamed = db.all(
      build
        .selectFrom('requests')
        .selectAll()
        .where('former_ids', 'is not', null)
        .where((where) => where.or([where(column, '!=', value), where(column, 'is', null)])),
    )
    return [...having, ...renamed].map(fromRow).sort(byKey)
  }

  /** Applies a rule to the stored row; writes and bumps only when the row differs. Inside `write`. */
  function changeNow(key: TitleKey, rule: (request: MediaRequest) => Changed): Changed | undefined {
    const stored = findOne.get(key.mediaType, key.tmdbId)
    if (!stored) return undefined
    const before = fromRow(stored)
    const result = rule(before)
    if (result.request === before) return result
    const row = toRow(result.request)
    if (JSON.stringify(row) === JSON.stringify(toRow(before))) return result
    const columns = Object.keys(row).map((name) => `${name} = :${name}`)
    db.prepare<[object], never>(
      `UPDATE requests SET ${columns.join(', ')} WHERE media_type = :media_type AND tmdb_id = :tmdb_id`,
    ).run(row)
    db.bumpRevision()
    return result
  }
  const change = (key: TitleKey, rule: (request: MediaRequest) => Changed) => db.write(() => changeNow(key, rule))

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

    async findMany(keys) {
      const found = new Map<string, MediaRequest>()
      await inSlices(READ_AT_ONCE, keys, (slice) =>
        db.read(() => {
          for (const type of ['movie', 'tv'] as const) {
            const ids = slice.filter((key) => key.mediaType === type).map((key) => key.tmdbId)
            if (ids.length === 0) continue
            for (const request of findSome.all(type, JSON.stringify(ids)).map(fromRow))
              found.set(nameOf(request), request)
          }
        }),
      )
      const names = new Set(keys.map(nameOf))
      return [...names].flatMap((name) => found.get(name) ?? [])
    },

    findByTvdbId: (tvdbId) => db.read(() => withTvdbId(whereId('tvdb_id', tvdbId), tvdbId)),
    findByImdbId: (imdbId) => db.read(() => withImdbId(whereId('imdb_id', imdbId), imdbId)[0]),

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

    async list({ type = null, status = null, listedOnly }) {
      const found = new Map<string, MediaRequest>()
      let after = 0
      for (;;) {
        const rows = await db.read(() => slice.all({ after, type, status }))
        // A row that was removed and added again while others had their turn counts as it is now.
        for (const request of rows.map(fromRow)) found.set(nameOf(request), request)
        const last = rows.at(-1)
        if (rows.length < PAGE || !last) break
        after = last.place
        await setImmediate()
      }
      const requests = [...found.values()]
      return (listedOnly ? requests.filter(isListed) : requests).sort(newestFirst)
    },

    slice: requestSlices(db),

    mergeSeasons: (key, wanted, follower) => change(key, (request) => mergeSeasonChoice(request, wanted, follower)),
    unfollow: (key, name) => change(key, (request) => withoutFollower(request, name)),
    advance: (key, event) => change(key, (request) => applyEvent(request, event)),
    async advanceMany(changes) {
      const slices = await inSlices(ADVANCED_AT_ONCE, changes, (slice) =>
        db.write(() => slice.map(({ key, event }) => changeNow(key, (request) => applyEvent(request, event)))),
      )
      return slices.flat()
    },
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
        const rows = db
          .prepare<[string, number, number], RequestRecord>(
            'SELECT * FROM requests WHERE (media_type, tmdb_id) > (?, ?) ORDER BY media_type, tmdb_id LIMIT ?',
          )
          .all(...after(cursor), PAGE)
          .map(fromRow)
        return page(rows, nameOf)
      }),

    outlines: (cursor) => db.read(() => page(outlinePage.all(...after(cursor), PAGE).map(outlineFromRow), nameOf)),
  }
}
