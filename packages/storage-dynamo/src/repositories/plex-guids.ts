import { MEDIA_TYPES, type PlexGuidCache, type TitleKey } from '@stellarr/core'
import { oneOf, optionalWhole, type Row, text, whole } from '../table/attribute-values.ts'
import { ofKind, plexGuidKey } from '../table/keys.ts'
import type { TableClient } from '../table/table-client.ts'
import { sortedPage } from './sorted-page.ts'

type Ids = TitleKey & { tvdbId?: number }

function toRow(guid: string, { mediaType, tmdbId, tvdbId }: Ids): Row {
  return { ...plexGuidKey(guid), guid, type: mediaType, title_id: tmdbId, tvdb_id: tvdbId }
}

function fromRow(row: Row): Ids {
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
      return row && fromRow(row)
    },
    async save(guid, ids) {
      await table.put(toRow(guid, ids))
    },
    async exportAll(cursor) {
      const rows = await table.scan(ofKind('PLEX_GUID'))
      return sortedPage(
        rows.map((row) => ({ guid: text(row, 'guid'), ...fromRow(row) })),
        { nameOf: (row) => row.guid, cursor },
      )
    },
  }
}
