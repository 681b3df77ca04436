import type { PlexGuidCache, TitleKey } from '@stellarr/core'
import type { Selectable } from 'kysely'
import { build, type Connection } from '../database/connection.ts'
import type { PlexGuidTable } from '../database/schema.ts'
import { mediaTypeOf } from '../database/stored-values.ts'
import { behind, PAGE, page } from './page.ts'

type Ids = TitleKey & { tvdbId?: number }

function toRow(guid: string, { mediaType, tmdbId, tvdbId }: Ids): Selectable<PlexGuidTable> {
  return { guid, media_type: mediaType, tmdb_id: tmdbId, tvdb_id: tvdbId ?? null }
}

function fromRow(row: Selectable<PlexGuidTable>): Ids {
  return {
    mediaType: mediaTypeOf(row.media_type),
    tmdbId: row.tmdb_id,
    ...(row.tvdb_id !== null && { tvdbId: row.tvdb_id }),
  }
}

/** The Plex GUID cache in SQLite. */
export function sqlitePlexGuids(db: Connection): PlexGuidCache {
  return {
    find: (guid) =>
      db.read(() => db.all(build.selectFrom('plex_guids').selectAll().where('guid', '=', guid)).map(fromRow)[0]),
    save: (guid, ids) => db.write(() => void db.run(build.replaceInto('plex_guids').values(toRow(guid, ids)))),
    exportAll: (cursor) =>
      db.read(() =>
        page(
          db
            .all(
              build
                .selectFrom('plex_guids')
                .selectAll()
                .where('guid', behind(cursor), cursor ?? '')
                .orderBy('guid')
                .limit(PAGE),
            )
            .map((row) => ({ guid: row.guid, ...fromRow(row) })),
          (row) => row.guid,
        ),
      ),
  }
}
