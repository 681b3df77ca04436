import {
  MEDIA_REQUEST_STATUSES,
  type MediaRequest,
  normaliseTitle,
  outlineOf,
  type RequestOutline,
  storedFacts,
} from '@stellarr/core'
import type { NewRequestRecord, RequestRecord } from '../database/schema.ts'
import { mediaTypeOf, oneOf } from '../database/stored-values.ts'

/** A request as its row. */
export function toRow(request: MediaRequest): NewRequestRecord {
  return {
    media_type: request.mediaType,
    tmdb_id: request.tmdbId,
    title: request.title,
    original_title: request.originalTitle ?? null,
    title_key: normaliseTitle(request.title),
    original_title_key: request.originalTitle === undefined ? null : normaliseTitle(request.originalTitle),
    year: request.year ?? null,
    overview: request.overview,
    poster_path: request.posterPath ?? null,
    imdb_id: request.imdbId ?? null,
    tvdb_id: request.tvdbId ?? null,
    seasons: request.seasons === undefined ? null : JSON.stringify(request.seasons),
    future_seasons: request.futureSeasons === undefined ? null : Number(request.futureSeasons),
    quality_profile_id: request.qualityProfileId,
    status: request.status,
    status_at: request.statusAt,
    statements: JSON.stringify(request.statements),
    requested_by: request.requestedBy,
    followers: JSON.stringify(request.followers),
    created_at: request.createdAt,
    added_at: request.addedAt ?? null,
    withdrawn_at: request.withdrawnAt ?? null,
    season_state: JSON.stringify(request.seasonState),
    former_ids: request.formerIds === undefined ? null : JSON.stringify(request.formerIds),
    facts: storedFacts(request) ?? null,
  }
}

/** A row as its request; the JSON columns hold what `toRow` wrote. */
export function fromRow(row: RequestRecord): MediaRequest {
  const request: MediaRequest = {
    mediaType: mediaTypeOf(row.media_type),
    tmdbId: row.tmdb_id,
    title: row.title,
    overview: row.overview,
    qualityProfileId: row.quality_profile_id,
    status: oneOf(MEDIA_REQUEST_STATUSES, row.status),
    statusAt: row.status_at,
    statements: JSON.parse(row.statements),
    requestedBy: row.requested_by,
    followers: JSON.parse(row.followers),
    createdAt: row.created_at,
    seasonState: JSON.parse(row.season_state),
  }
  if (row.original_title !== null) request.originalTitle = row.original_title
  if (row.year !== null) request.year = row.year
  if (row.poster_path !== null) request.posterPath = row.poster_path
  if (row.imdb_id !== null) request.imdbId = row.imdb_id
  if (row.tvdb_id !== null) request.tvdbId = row.tvdb_id
  if (row.seasons !== null) request.seasons = JSON.parse(row.seasons)
  if (row.future_seasons !== null) request.futureSeasons = row.future_seasons === 1
  if (row.added_at !== null) request.addedAt = row.added_at
  if (row.withdrawn_at !== null) request.withdrawnAt = row.withdrawn_at
  if (row.former_ids !== null) request.formerIds = JSON.parse(row.former_ids)
  if (row.facts !== null) Object.assign(request, JSON.parse(row.facts))
  return request
}

/** The columns that hold what an outline has: the large ones are not read for it. */
export const OUTLINE_COLUMNS = [
  'media_type',
  'tmdb_id',
  'tvdb_id',
  'imdb_id',
  'title',
  'original_title',
  'year',
  'quality_profile_id',
  'status',
  'status_at',
  'requested_by',
  'followers',
  'created_at',
  'added_at',
  'withdrawn_at',
  'facts',
] as const satisfies readonly (keyof RequestRecord)[]
export type OutlineRecord = Pick<RequestRecord, (typeof OUTLINE_COLUMNS)[number]>

/** What is in the columns of an outline, as `outlineOf` makes it. */
export function outlineFromRow(row: OutlineRecord): RequestOutline {
  return outlineOf({
    ...(row.facts !== null && JSON.parse(row.facts)),
    mediaType: mediaTypeOf(row.media_type),
    tmdbId: row.tmdb_id,
    title: row.title,
    qualityProfileId: row.quality_profile_id,
    status: oneOf(MEDIA_REQUEST_STATUSES, row.status),
    statusAt: row.status_at,
    requestedBy: row.requested_by,
    followers: JSON.parse(row.followers),
    createdAt: row.created_at,
    tvdbId: row.tvdb_id ?? undefined,
    imdbId: row.imdb_id ?? undefined,
    originalTitle: row.original_title ?? undefined,
    year: row.year ?? undefined,
    addedAt: row.added_at ?? undefined,
    withdrawnAt: row.withdrawn_at ?? undefined,
  })
}
