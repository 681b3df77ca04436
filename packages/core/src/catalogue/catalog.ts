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

/** Everything the catalogue knows of one title. */
export interface CatalogTitle extends CatalogItem, ExternalIds {
  originalTitle?: string
  backdropPath?: string
  /** Minutes. */
  runtime?: number
  genres: string[]
  /** Series only: all seasons, specials (0) included, ascending. */
  seasons: CatalogSeason[]
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
