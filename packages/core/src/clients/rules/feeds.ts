import { isListed, type RequestOutline } from '../../requests/rules/index.ts'
import type { MediaType } from '../../titles/index.ts'
import { isImdbId } from '../../titles/rules/index.ts'
import { FEED_NAMES, type FeedName } from './feed-names.ts'

/** What is fixed of a list. */
export interface FeedKind {
  types: readonly MediaType[]
  client: 'radarr' | 'sonarr'
  /** The client's own shortest time between two reads, in minutes (MinRefreshInterval of the list type in its source). */
  refreshMinutes: number
  /** The list of the same kind that the other client reads; none where one list is for either. */
  counterpart?: FeedName
}

const HOUR = 60

/** What is fixed of each list. */
export const FEEDS: Readonly<Record<FeedName, FeedKind>> = {
  'radarr-program': { types: ['movie'], client: 'radarr', refreshMinutes: 15, counterpart: 'sonarr-program' },
  'radarr-tmdb': { types: ['movie'], client: 'radarr', refreshMinutes: 12 * HOUR, counterpart: 'sonarr' },
  radarr: { types: ['movie'], client: 'radarr', refreshMinutes: 24 * HOUR, counterpart: 'sonarr' },
  'rss-movies': { types: ['movie'], client: 'radarr', refreshMinutes: 6 * HOUR, counterpart: 'rss-tv' },
  'sonarr-program': { types: ['tv'], client: 'sonarr', refreshMinutes: 5, counterpart: 'radarr-program' },
  sonarr: { types: ['tv'], client: 'sonarr', refreshMinutes: 6 * HOUR, counterpart: 'radarr-tmdb' },
  'rss-tv': { types: ['tv'], client: 'sonarr', refreshMinutes: 6 * HOUR, counterpart: 'rss-movies' },
  'rss-all': { types: ['movie', 'tv'], client: 'radarr', refreshMinutes: 6 * HOUR },
}

/**
 * The id for want of which a request is not delivered by a list of its type: StevenLu would search the title of a movie
 * without an IMDb id and take the first hit, and series are known by their TVDB id. Of Sonarr's Custom List that holds up
 * to Sonarr 4 (CustomImport in its source); Sonarr 5 takes any id.
 */
export function missingId(feed: FeedName, request: RequestOutline): 'imdb' | 'tvdb' | undefined {
  if (feed === 'radarr') return request.imdbId !== undefined && isImdbId(request.imdbId) ? undefined : 'imdb'
  return request.mediaType === 'tv' && request.tvdbId === undefined ? 'tvdb' : undefined
}

/**
 * True when the list has a row for this request, whatever its state. Custom List has one for every series: Sonarr 5 reads
 * it, and what it has read stays.
 */
export function carries(feed: FeedName, request: RequestOutline): boolean {
  if (!FEEDS[feed].types.includes(request.mediaType)) return false
  return feed === 'sonarr' || missingId(feed, request) === undefined
}

/** The lists that should deliver this request by its type but do not for want of an id (see `missingId`). */
export function undeliverableBy(request: RequestOutline): FeedName[] {
  if (!isListed(request)) return []
  return FEED_NAMES.filter(
    (feed) => FEEDS[feed].types.includes(request.mediaType) && missingId(feed, request) !== undefined,
  )
}

/** One list as one address names it: all of it, or the titles of one quality profile. */
export interface FeedAddress {
  feed: FeedName
  profileId?: number | undefined
}

/** An address as one text, for marks and keys: `radarr-program`, `radarr@2`. */
export function addressText({ feed, profileId }: FeedAddress): string {
  return profileId === undefined ? feed : `${feed}@${profileId}`
}

/** The address of such a text; undefined when it is none. */
export function parseAddress(text: string): FeedAddress | undefined {
  const [name, profile, ...rest] = text.split('@')
  const feed = FEED_NAMES.find((known) => known === name)
  if (feed === undefined || rest.length > 0) return undefined
  return profile === undefined ? { feed } : { feed, profileId: Number(profile) }
}

/** True when a read of this address would hold the request, were it listed. */
export function couldBeAt({ feed, profileId }: FeedAddress, request: RequestOutline): boolean {
  return carries(feed, request) && (profileId === undefined || profileId === request.qualityProfileId)
}

/** True when a read of this address would hold the request. */
export const isAt = (address: FeedAddress, request: RequestOutline): boolean =>
  isListed(request) && couldBeAt(address, request)
