import { FEEDS } from '@stellarr/core/rules'
import type { FeedName, FeedReader, FeedsAnswer, RequestRow } from '@stellarr/http/wire'

type MediaType = RequestRow['media_type']

/** The two programs that fetch what was requested. */
export const CLIENTS = ['Radarr', 'Sonarr'] as const
export type ClientName = (typeof CLIENTS)[number]

/** The client that fetches titles of a type. */
export const clientOf = (type: MediaType): ClientName => (type === 'movie' ? 'Radarr' : 'Sonarr')

/** The type of titles that a client fetches. */
export const typeOf = (client: ClientName): MediaType => (client === 'Radarr' ? 'movie' : 'tv')

/** Whether a reader takes titles of a type: a list that holds both gives each client its own. */
export function takesType({ app, list }: Pick<FeedReader, 'app' | 'list'>, type: MediaType): boolean {
  if (!FEEDS[list].types.includes(type)) return false
  return list !== 'rss-all' || !CLIENTS.some((client) => client === app) || app === clientOf(type)
}

/** What a reader's rows are: movies, series, or both. */
export function rowsOf(reader: Pick<FeedReader, 'app' | 'list'>): 'movies' | 'series' | 'titles' {
  const [movies, series] = [takesType(reader, 'movie'), takesType(reader, 'tv')]
  if (movies && series) return 'titles'
  return movies ? 'movies' : 'series'
}

/** A list's name in the client's own English menus. */
export const LIST_NAMES: Readonly<Record<FeedName, string>> = {
  'radarr-program': 'Radarr',
  'radarr-tmdb': 'Custom Lists',
  radarr: 'StevenLu Custom',
  'rss-movies': 'Plex Watchlist RSS',
  'sonarr-program': 'Sonarr',
  sonarr: 'Custom List',
  'rss-tv': 'Plex Watchlist RSS',
  'rss-all': 'Plex Watchlist RSS',
}

export type GuideKey = keyof FeedsAnswer['feeds']

/** How one list type is set up; all names are those of the client's own English menus. */
export interface Guide {
  key: GuideKey
  list: FeedName
  /** Where the address goes. */
  addressField: string
  /** Where the key goes, for a list that takes it beside its address. */
  keyField?: string
  /** An address that serves both clients, for those who want one. */
  both?: GuideKey
}

/** The list types of each client, the best one first. */
export const GUIDES: Readonly<Record<ClientName, readonly Guide[]>> = {
  Radarr: [
    { key: 'radarr_program', list: 'radarr-program', addressField: 'Full URL', keyField: 'API Key' },
    { key: 'radarr_tmdb', list: 'radarr-tmdb', addressField: 'List URL' },
    { key: 'radarr', list: 'radarr', addressField: 'URL' },
    { key: 'rss_movies', list: 'rss-movies', addressField: 'Url', both: 'rss_all' },
  ],
  Sonarr: [
    { key: 'sonarr_program', list: 'sonarr-program', addressField: 'Full URL', keyField: 'API Key' },
    { key: 'sonarr', list: 'sonarr', addressField: 'List URL' },
    { key: 'rss_tv', list: 'rss-tv', addressField: 'Url', both: 'rss_all' },
  ],
}

/** What to switch on in each client so that it adds titles by itself. */
export const SWITCHES: Readonly<Record<ClientName, readonly string[]>> = {
  Radarr: ['Enable', 'Enable Automatic Add'],
  Sonarr: ['Enable Automatic Add'],
}

/** An address that asks for the titles of one profile only; whatever else it carries stays. */
export function withProfile(address: string, profile: number | undefined): string {
  if (profile === undefined) return address
  const url = new URL(address)
  url.searchParams.set('profile', String(profile))
  return url.href
}
