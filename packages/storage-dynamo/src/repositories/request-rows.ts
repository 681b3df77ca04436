import { MEDIA_REQUEST_STATUSES, MEDIA_TYPES, type MediaRequest, storedFacts } from '@stellarr/core'
import {
  fromJson,
  oneOf,
  optionalFlag,
  optionalText,
  optionalWhole,
  type Row,
  text,
  whole,
} from '../table/attribute-values.ts'
import { requestKey } from '../table/keys.ts'
import { seasonsFrom, storedSeasons } from './packed-seasons.ts'

/** A request as its row; times are epoch ms, lists are JSON since they are only ever read whole, and the seasons packed where they are long. */
export function toRow(request: MediaRequest): Row {
  return {
    ...requestKey(request),
    title: request.title,
    original_title: request.originalTitle,
    year: request.year,
    overview: request.overview,
    poster_path: request.posterPath,
    imdb_id: request.imdbId,
    tvdb_id: request.tvdbId,
    seasons: request.seasons === undefined ? undefined : JSON.stringify(request.seasons),
    future_seasons: request.futureSeasons,
    quality_profile_id: request.qualityProfileId,
    status: request.status,
    status_at: request.statusAt,
    statements: JSON.stringify(request.statements),
    requested_by: request.requestedBy,
    followers: JSON.stringify(request.followers),
    created_at: request.createdAt,
    added_at: request.addedAt,
    withdrawn_at: request.withdrawnAt,
    season_state: storedSeasons(request.seasonState),
    former_ids: request.formerIds === undefined ? undefined : JSON.stringify(request.formerIds),
    facts: storedFacts(request),
  }
}

/** A row as its request. Throws `storage_corrupt` for a row that no version writes. */
export function fromRow(row: Row): MediaRequest {
  const request: MediaRequest = {
    mediaType: oneOf(MEDIA_TYPES, text(row, 'media_type')),
    tmdbId: whole(row, 'tmdb_id'),
    title: text(row, 'title'),
    overview: text(row, 'overview'),
    qualityProfileId: whole(row, 'quality_profile_id'),
    status: oneOf(MEDIA_REQUEST_STATUSES, text(row, 'status')),
    statusAt: whole(row, 'status_at'),
    statements: fromJson(text(row, 'statements')),
    requestedBy: text(row, 'requested_by'),
    followers: fromJson(text(row, 'followers')),
    createdAt: whole(row, 'created_at'),
    seasonState: seasonsFrom(row),
  }
  const originalTitle = optionalText(row, 'original_title')
  if (originalTitle !== undefined) request.originalTitle = originalTitle
  const year = optionalWhole(row, 'year')
  if (year !== undefined) request.year = year
  const posterPath = optionalText(row, 'poster_path')
  if (posterPath !== undefined) request.posterPath = posterPath
  const imdbId = optionalText(row, 'imdb_id')
  if (imdbId !== undefined) request.imdbId = imdbId
  const tvdbId = optionalWhole(row, 'tvdb_id')
  if (tvdbId !== undefined) request.tvdbId = tvdbId
  const seasons = optionalText(row, 'seasons')
  if (seasons !== undefined) request.seasons = fromJson(seasons)
  const futureSeasons = optionalFlag(row, 'future_seasons')
  if (futureSeasons !== undefined) request.futureSeasons = futureSeasons
  const addedAt = optionalWhole(row, 'added_at')
  if (addedAt !== undefined) request.addedAt = addedAt
  const withdrawnAt = optionalWhole(row, 'withdrawn_at')
  if (withdrawnAt !== undefined) request.withdrawnAt = withdrawnAt
  const formerIds = optionalText(row, 'former_ids')
  if (formerIds !== undefined) request.formerIds = fromJson(formerIds)
  const facts = optionalText(row, 'facts')
  if (facts !== undefined) Object.assign(request, fromJson(facts))
  return request
}
