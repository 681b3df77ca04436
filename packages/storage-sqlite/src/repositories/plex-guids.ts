import type { PlexGuidCache } from '@stellarr/core'
import type { Selectable } from 'kysely'
import { build, type Connection } from '../database/connection.ts'
import type { PlexGuidTable } from '../database/schema.ts'
import { mediaTypeOf } from '../database/stored-values.ts'
import { PAGE, page } from './page.ts'

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
