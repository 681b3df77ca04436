/** What a title is. The values are also the partition keys of requests on DynamoDB, so nothing else is ever accepted. */
export type MediaType = 'movie' | 'tv'

export const MEDIA_TYPES: readonly MediaType[] = ['movie', 'tv']

/** Names one title: a movie or a series by its TMDB id (a whole number from 1 to 2^31 - 1). */
export interface TitleKey {
  mediaType: MediaType
  tmdbId: number
}

/** The largest id that any store takes: Radarr and Sonarr read ids into 32-bit integers. */
export const MAX_ID = 2_147_483_647

/** The largest number of a season or an episode that is read: some number theirs by the day, as `20261130`. */
export const MAX_SEASON_NUMBER = 99_999_999

/** The other services' ids of a title; absent when not known, never null or empty. */
export interface ExternalIds {
  /** `tt` and 7 to 10 digits. */
  imdbId?: string
  /** TheTVDB's series id. */
  tvdbId?: number
}
