import { MAX_ID, type MediaRequest, type MediaType, type Slice } from '@stellarr/core'
import type { Connection } from '../database/connection.ts'
import type { RequestRecord } from '../database/schema.ts'
import { fromRow } from './request-rows.ts'

/** Rows that are read and parsed in one go. */
const SLICE = 250

/**
 * All requests of a type in slices. Series come by their TVDB ids, so that those of one are together, and then those that
 * have none. A cursor is the id that a slice ended with: `tvdb/81189`, `tmdb/603`.
 */
export function requestSlices(db: Connection) {
  const nth = db.prepare<[string, number], { tmdb_id: number }>(
    `SELECT tmdb_id FROM requests WHERE media_type = ? AND tmdb_id > ? ORDER BY tmdb_id LIMIT 1 OFFSET ${SLICE - 1}`,
  )
  const between = db.prepare<[string, number, number], RequestRecord>(
    `SELECT * FROM requests WHERE media_type = ? AND tmdb_id > ? AND tmdb_id <= ?
      AND (media_type = 'movie' OR tvdb_id IS NULL) ORDER BY tmdb_id`,
  )
  const ofTvdb = db.prepare<[number], RequestRecord>(
    `SELECT * FROM requests INDEXED BY requests_tvdb WHERE tvdb_id > ? AND media_type = 'tv'
      ORDER BY tvdb_id, tmdb_id LIMIT ${SLICE}`,
  )
  const others = db.prepare<[number, number], RequestRecord>(
    `SELECT * FROM requests INDEXED BY requests_tvdb WHERE tvdb_id = ? AND media_type = 'tv' AND tmdb_id > ?
      ORDER BY tmdb_id`,
  )

  function byTvdbId(after: number): Slice<MediaRequest> {
    const found = ofTvdb.all(after)
    const last = found.at(-1)
    if (!last?.tvdb_id || found.length < SLICE) return { rows: found.map(fromRow), cursor: 'tmdb/0' }
    const rows = [...found, ...others.all(last.tvdb_id, last.tmdb_id)]
    return { rows: rows.map(fromRow), cursor: `tvdb/${last.tvdb_id}` }
  }

  function byTmdbId(type: MediaType, after: number): Slice<MediaRequest> {
    const upTo = nth.get(type, after)?.tmdb_id
    const rows = between.all(type, after, upTo ?? MAX_ID).map(fromRow)
    return upTo === undefined ? { rows } : { rows, cursor: `tmdb/${upTo}` }
  }

  return (type: MediaType, cursor?: string): Promise<Slice<MediaRequest>> =>
    db.read(() => {
      const [kind, id = '0'] = (cursor ?? (type === 'tv' ? 'tvdb/0' : 'tmdb/0')).split('/')
      return kind === 'tvdb' ? byTvdbId(Number(id)) : byTmdbId(type, Number(id))
    })
}
