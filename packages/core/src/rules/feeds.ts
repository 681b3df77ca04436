import type { MediaRequest } from '../media-request.ts'
import { isListed } from './request-life.ts'
import { isDrawnPoster, isImdbId, titleWithYear } from './titles.ts'

/** The plain import lists. `radarr` is read by "StevenLu Custom", `radarr-tmdb` by "Custom Lists", `sonarr` by Sonarr's "Custom List". */
export type FeedName = 'radarr' | 'radarr-tmdb' | 'sonarr'

/** A row of `/list/radarr`: StevenLu reads `title` and `imdb_id`, Custom Lists reads `id` (TMDB). */
export interface RadarrRow {
  id: number
  title: string
  imdb_id: string
  poster_url?: string
}

/** A row of `/list/radarr?by=tmdb`. */
export interface RadarrTmdbRow {
  id: number
  title: string
}

/** A row of `/list/sonarr`; unknown ids are left out, never null (one null fails the whole list). */
export interface SonarrRow {
  title: string
  tvdbId?: number
  tmdbId: number
  imdbId?: string
}

const TMDB_IMAGES = 'https://image.tmdb.org/t/p/w500'

/** The public address of a poster, for clients that show one; our own drawn posters have none outside. */
function posterUrl(posterPath: string | undefined): string | undefined {
  return posterPath === undefined || isDrawnPoster(posterPath) ? undefined : TMDB_IMAGES + posterPath
}

/** The films a StevenLu list can name: without a valid IMDb id Radarr would search the title and take the first hit. */
export function radarrRows(requests: readonly MediaRequest[]): RadarrRow[] {
  return requests.flatMap((request) => {
    if (!deliverableBy('radarr', request)) return []
    const poster = posterUrl(request.posterPath)
    const row: RadarrRow = {
      id: request.tmdbId,
      title: titleWithYear(request.title, request.year),
      imdb_id: request.imdbId ?? '',
    }
    return [poster === undefined ? row : { ...row, poster_url: poster }]
  })
}

export function radarrTmdbRows(requests: readonly MediaRequest[]): RadarrTmdbRow[] {
  return requests
    .filter((request) => deliverableBy('radarr-tmdb', request))
    .map((request) => ({ id: request.tmdbId, title: titleWithYear(request.title, request.year) }))
}

export function sonarrRows(requests: readonly MediaRequest[]): SonarrRow[] {
  return requests
    .filter((request) => deliverableBy('sonarr', request))
    .map((request) => {
      const row: SonarrRow = { title: request.title, tmdbId: request.tmdbId }
      if (request.tvdbId !== undefined) row.tvdbId = request.tvdbId
      if (request.imdbId !== undefined && isImdbId(request.imdbId)) row.imdbId = request.imdbId
      return row
    })
}

/** True when the feed carries this request now. */
export function deliverableBy(feed: FeedName, request: MediaRequest): boolean {
  if (!isListed(request)) return false
  if (feed === 'sonarr') return request.mediaType === 'tv'
  if (request.mediaType !== 'movie') return false
  return feed === 'radarr-tmdb' || (request.imdbId !== undefined && isImdbId(request.imdbId))
}

/** The feeds that should carry this request by its type but cannot for want of an id. */
export function undeliverableBy(request: MediaRequest): FeedName[] {
  if (!isListed(request)) return []
  const feeds: FeedName[] = request.mediaType === 'movie' ? ['radarr', 'radarr-tmdb'] : ['sonarr']
  return feeds.filter((feed) => !deliverableBy(feed, request))
}

/** The rows of one feed, as they go out. */
export function feedRows(feed: FeedName, requests: readonly MediaRequest[]): readonly object[] {
  if (feed === 'radarr') return radarrRows(requests)
  if (feed === 'radarr-tmdb') return radarrTmdbRows(requests)
  return sonarrRows(requests)
}
