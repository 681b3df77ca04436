import { LIBRARY_SOURCES, type LibraryItem, type LibraryRow } from '@stellarr/core'
import type { Selectable } from 'kysely'
import type { LibraryTable } from '../../database/schema.ts'
import { mediaTypeOf, oneOf } from '../../database/stored-values.ts'

export type LibraryRecord = Selectable<LibraryTable>

/** What a media server says of a title. */
export const FACTS = ['tvdb_id', 'imdb_id', 'title', 'seasons'] as const
export type ItemRecord = Pick<LibraryRecord, 'tmdb_id' | (typeof FACTS)[number]>

/** `tvdb_id, imdb_id, …`, each with what stands before its name. */
export const facts = (before = '') => FACTS.map((name) => `${before}${name}`).join(', ')

/** What `until` says of a row that nothing is to take the place of. */
export const FOREVER = Number.MAX_SAFE_INTEGER

/** True of rows that are shown. @param row how the row is called in the statement */
export const shown = (row: string) =>
  `${row}.since <= (SELECT generation FROM store) AND ${row}.until > (SELECT generation FROM store)`

export function toRow(item: LibraryItem): ItemRecord {
  return {
    tmdb_id: item.tmdbId,
    tvdb_id: item.tvdbId ?? null,
    imdb_id: item.imdbId ?? null,
    title: item.title ?? null,
    seasons: item.seasons === undefined ? null : JSON.stringify(item.seasons),
  }
}

export function fromRow(row: LibraryRecord): LibraryRow {
  const item: LibraryRow = {
    source: oneOf(LIBRARY_SOURCES, row.source),
    mediaType: mediaTypeOf(row.media_type),
    tmdbId: row.tmdb_id,
    addedAt: row.added_at,
  }
  if (row.tvdb_id !== null) item.tvdbId = row.tvdb_id
  if (row.imdb_id !== null) item.imdbId = row.imdb_id
  if (row.title !== null) item.title = row.title
  if (row.seasons !== null) item.seasons = JSON.parse(row.seasons)
  return item
}
