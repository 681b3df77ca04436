import type { ExternalIds, Language, MediaType, TitleKey } from '../titles/index.ts'

/** One hit of a search or one trending title, in the language asked for. */
export interface CatalogItem extends TitleKey {
  title: string
  year?: number
  overview: string
  posterPath?: string
  /** 0 to 10. */
  voteAverage: number
  /** Null in lists unless the details are cached. */
  numberOfSeasons?: number
}

export interface CatalogSeason {
  seasonNumber: number
  name?: string
  episodeCount: number
  /** `YYYY-MM-DD`. */
  airDate?: string
}

/** An episode by its numbers, and its first day on the air. */
export interface EpisodeAiring {
  seasonNumber: number
  episodeNumber: number
  /** `YYYY-MM-DD`. */
  airDate: string
}

/** How far a series has run. Its numbers are those of the season list beside it. */
export interface Broadcast {
  /** No further episode will come: it ended or was canceled. */
  ended: boolean
  /** The last episode that has aired, as far as the catalogue names it. */
  last?: EpisodeAiring
  /** The next one to air, where its day is known. */
  next?: EpisodeAiring
}

/** Everything the catalogue knows of one title. */
export interface CatalogTitle extends CatalogItem, ExternalIds {
  originalTitle?: string
  backdropPath?: string
  /** Minutes. */
  runtime?: number
  genres: string[]
  /** Series only: all seasons, specials (0) included, ascending. */
  seasons: CatalogSeason[]
  /** Series only; absent where the catalogue tells nothing of it. */
  broadcast?: Broadcast
  /** The seasons are TVDB's, as Sonarr counts them; absent: they are TMDB's. */
  numbering?: 'tvdb'
  /** TVDB was to tell the seasons and did not: they are TMDB's for want of better ones. */
  tvdbMissed?: true
}

export interface CatalogPage {
  results: CatalogItem[]
  page: number
  totalPages: number
  totalResults: number
}

export type TrendingKind = 'all' | MediaType

export const TRENDING_KINDS: readonly TrendingKind[] = ['all', 'movie', 'tv']

export interface CatalogSearch {
  query: string
  /** Both when absent. */
  mediaType?: MediaType
  /** From 1. */
  page: number
  language: Language
}
