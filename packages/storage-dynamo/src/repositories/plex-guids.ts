import { MEDIA_TYPES, type PlexGuidCache, type TitleKey } from '@stellarr/core'
import { oneOf, optionalWhole, type Row, text, whole } from '../table/attribute-values.ts'
import { plexGuidKey } from '../table/keys.ts'
import type { TableClient } from '../table/table-client.ts'
import { sortedPage } from './sorted-page.ts'

function idsOf(row: Row): TitleKey & { tvdbId?: number } {
  const tvdbId = optionalWhole(row, 'tvdb_id')
  return {
    mediaType: oneOf(MEDIA_TYPES, text(row, 'type')),
    tmdbId: whole(row, 'title_id'),
    ...(tvdbId !== undefined && { tvdbId }),
  }
}

/** The Plex GUID cache in DynamoDB: `PLEX_GUID#<guid>`. */
export function dynamoPlexGuids(table: TableClient): PlexGuidCache {
  return {
    async find(guid) {
      const row = await table.get(plexGuidKey(guid))
      return row && idsOf(row)
    },
    async save(guid, { mediaType, tmdbId, tvdbId }) {
      await table.put({ ...plexGuidKey(guid), guid, type: mediaType, title_id: tmdbId, tvdb_id: tvdbId })
    },
    async exportAll(cursor) {
      const rows = await table.scan((e) => `begins_with(${e.name('media_type')}, ${e.value('PLEX_GUID#')})`)
      return sortedPage(
        rows.map((row) => ({ guid: text(row, 'guid'), ...idsOf(row) })),
        { nameOf: (row) => row.guid, cursor },
      )
    },
  }
}
