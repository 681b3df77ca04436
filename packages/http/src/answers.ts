import {
  alsoSeasons,
  type CatalogItem,
  type FoundItem,
  isSeasonWanted,
  lastLost,
  type MediaRequest,
  numberingOf,
  type Progress,
  progressOf,
  seasonProgress,
  seasonsArrived,
  seriesAsOf,
  type TitleView,
  undeliverableBy,
} from '@stellarr/core'
import type { RequestRow, SearchItem, TitleAnswer, TitleItem } from './wire/index.ts'

const iso = (at: number) => new Date(at).toISOString()

/** A stored request as people see it. */
export function toRequestRow(request: MediaRequest): RequestRow {
  const progress = progressOf(request)
  const lost = lastLost(request)
  return {
    media_type: request.mediaType,
    tmdb_id: request.tmdbId,
    title: request.title,
    original_title: request.originalTitle ?? null,
    year: request.year ?? null,
    overview: request.overview,
    poster_path: request.posterPath ?? null,
    imdb_id: request.imdbId ?? null,
    tvdb_id: request.tvdbId ?? null,
    seasons: request.seasons ?? null,
    future_seasons: request.futureSeasons ?? null,
    quality_profile_id: request.qualityProfileId,
    status: request.status,
    requested_by: request.requestedBy,
    followers: request.followers,
    progress: progress === undefined ? null : toProgress(progress),
    numbering: numberingOf(request) ?? null,
    lost_at: lost ? iso(lost.at) : null,
    lost_in: lost?.source ?? null,
    kept_in_lists: request.status === 'gone' ? (request.kept ?? null) : null,
    not_in_catalog_since: request.unlistedAt === undefined ? null : iso(request.unlistedAt),
    created_at: iso(request.createdAt),
    added_at: request.addedAt === undefined ? null : iso(request.addedAt),
    also_seasons: alsoSeasons(request),
    undeliverable_by: undeliverableBy(request),
  }
}

const toProgress = ({ nextAirDate, ...counts }: Progress) => ({ ...counts, next_air_date: nextAirDate ?? null })

/** A catalogue item without anybody's state: what the public trending files hold. */
export function toTitleItem(item: CatalogItem): TitleItem {
  return {
    id: item.tmdbId,
    title: item.title,
    year: item.year ?? null,
    overview: item.overview,
    poster_path: item.posterPath ?? null,
    media_type: item.mediaType,
    vote_average: item.voteAverage,
    number_of_seasons: item.numberOfSeasons ?? null,
  }
}

export function toSearchItem(item: FoundItem): SearchItem {
  return { ...toTitleItem(item), requested: item.requested, in_library: item.inLibrary }
}

/** The whole picture of a title with the state of each season. */
export function toTitleAnswer({ title, request, libraryRows, isInCatalog, at }: TitleView): TitleAnswer {
  const series = title.mediaType === 'tv' ? seriesAsOf(title, request, libraryRows, at) : undefined
  const shown = series ?? request
  const numbering = series && numberingOf(series)
  const progress = series && progressOf(series)
  const lost = request && shown && lastLost(shown)
  return {
    ...toTitleItem(title),
    number_of_seasons: series
      ? (title.numberOfSeasons ?? title.seasons.filter((season) => season.seasonNumber > 0).length)
      : null,
    requested: request !== undefined,
    in_library: libraryRows.length > 0,
    original_title: title.originalTitle ?? null,
    backdrop_path: title.backdropPath ?? null,
    runtime: title.runtime ?? null,
    genres: title.genres,
    seasons: series ? listedSeasons(series, request !== undefined) : [],
    progress: progress === undefined ? null : toProgress(progress),
    numbering: numbering ?? null,
    seasons_arrived: series && numbering === 'differs' ? seasonsArrived(series) : null,
    lost_at: lost ? iso(lost.at) : null,
    lost_in: lost?.source ?? null,
    in_catalog: isInCatalog,
    request: request === undefined ? null : toRequestRow(request),
  }
}

/** The seasons that the catalogue lists, as they stand. */
function listedSeasons(series: MediaRequest, isRequested: boolean): TitleAnswer['seasons'] {
  // Where what has arrived is numbered otherwise, nobody knows which of these episodes are here.
  const differs = numberingOf(series) === 'differs'
  return series.seasonState
    .filter((season) => !season.unlisted)
    .map((season) => ({
      season_number: season.seasonNumber,
      name: season.name ?? '',
      episode_count: season.episodeCount,
      air_date: season.airDate ?? null,
      state: season.state === undefined ? ('none' as const) : differs ? ('some' as const) : season.state,
      progress: toProgress(seasonProgress(series, season)),
      requested: isRequested && isSeasonWanted(series, season),
      announced_later: isRequested && (season.later ?? false),
      past: season.past ?? false,
    }))
}

/** The body of a trending file. */
export function trendingBody(items: readonly CatalogItem[]): string {
  return JSON.stringify({ results: items.map(toTitleItem) })
}
