import {
  alsoSeasons,
  type CatalogItem,
  episodesHere,
  type FoundItem,
  isCounted,
  isSeasonWanted,
  type MediaRequest,
  seasonPresence,
  type TitleView,
  undeliverableBy,
} from '@stellarr/core'
import type { RequestRow, SearchItem, TitleAnswer, TitleItem } from './wire/index.ts'

const iso = (at: number) => new Date(at).toISOString()

/** A stored request as people see it. */
export function toRequestRow(request: MediaRequest): RequestRow {
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
    seasons_here: seasonsHere(request),
    created_at: iso(request.createdAt),
    added_at: request.addedAt === undefined ? null : iso(request.addedAt),
    also_seasons: alsoSeasons(request),
    undeliverable_by: undeliverableBy(request),
  }
}

/** How many of the wanted seasons are here whole; null for movies and where nobody has counted. */
function seasonsHere(request: MediaRequest): RequestRow['seasons_here'] {
  if (request.mediaType === 'movie' || !isCounted(request)) return null
  const wanted = request.seasonState.filter((season) => season.episodeCount > 0 && isSeasonWanted(request, season))
  const whole = wanted.filter((season) => seasonPresence(season, season.here?.episodes ?? 0) === 'available')
  return { here: whole.length, wanted: wanted.length }
}

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
export function toTitleAnswer({ title, request, libraryRows }: TitleView): TitleAnswer {
  const here = episodesHere(libraryRows)
  return {
    ...toTitleItem(title),
    number_of_seasons:
      title.mediaType === 'tv'
        ? (title.numberOfSeasons ?? title.seasons.filter((season) => season.seasonNumber > 0).length)
        : null,
    requested: request !== undefined,
    in_library: libraryRows.length > 0,
    original_title: title.originalTitle ?? null,
    backdrop_path: title.backdropPath ?? null,
    runtime: title.runtime ?? null,
    genres: title.genres,
    seasons: title.seasons.map((season) => {
      const known = request?.seasonState.find((one) => one.seasonNumber === season.seasonNumber)
      const present = Math.max(here?.get(season.seasonNumber) ?? 0, known?.here?.episodes ?? 0)
      const presence = seasonPresence(season, present)
      const later = request !== undefined && request.seasonState.length > 0 && (known?.later ?? !known)
      const asked = known?.asked ?? false
      const wanted = request !== undefined && isSeasonWanted(request, { ...season, later, asked })
      return {
        season_number: season.seasonNumber,
        name: season.name ?? '',
        episode_count: season.episodeCount,
        air_date: season.airDate ?? null,
        state: presence !== 'missing' ? presence : wanted ? ('requested' as const) : ('not_requested' as const),
        announced_later: later,
      }
    }),
    request: request === undefined ? null : toRequestRow(request),
  }
}

/** The body of a trending file. */
export function trendingBody(items: readonly CatalogItem[]): string {
  return JSON.stringify({ results: items.map(toTitleItem) })
}
