import { FEEDS, type FeedName, type FeedReader, type FeedSettings, profileOf, readerName } from '@stellarr/core'
import type { FeedEntry, FeedsAnswer, FeedReader as ReaderAnswer } from './wire/index.ts'

interface Help {
  feed: FeedName
  name: string
  description: string
  format: string
  setup: string[]
}

/** Where each list is read; of program lists the part before `/api/v3`, as clients want it. */
export const FEED_PATHS: Readonly<Record<FeedName, string>> = {
  'radarr-program': '/radarr',
  'radarr-tmdb': '/list/radarr?by=tmdb',
  radarr: '/list/radarr',
  'rss-movies': '/rss/movies',
  'sonarr-program': '/sonarr',
  sonarr: '/list/sonarr',
  'rss-tv': '/rss/tv',
  'rss-all': '/rss/all',
}

const ADD = 'Settings → Import Lists → +'
/** Whatever is well-formed XML is a list to these clients. */
const NO_SIGN_IN_PAGE = 'No proxy with a sign-in page may stand between: its page would be read as an empty list'

/** Otherwise the seasons that a list turns on may stay without episodes (github.com/Sonarr/Sonarr/issues/7409). */
const MONITOR =
  'Leave Monitor at All Episodes and Monitor New Seasons at All Seasons: with anything else Sonarr may not look for a single episode, and seasons that come later follow the second, which no list can change'

/** What people need to set up each list type. Menu words are the clients' own. */
const HELP: Record<keyof FeedsAnswer['feeds'], Help> = {
  radarr_program: {
    feed: 'radarr-program',
    name: 'Radarr · Radarr',
    description: 'Every movie, by TMDB id, with its quality profile, requester and root folder to filter by.',
    format: 'radarr',
    setup: [`${ADD} → Radarr`, 'Paste the address into Full URL and the key into API Key', 'Test, then Save'],
  },
  radarr_tmdb: {
    feed: 'radarr-tmdb',
    name: 'Radarr · Custom Lists',
    description: 'Every movie, by TMDB id.',
    format: 'custom-lists',
    setup: [`${ADD} → Custom Lists`, 'Paste the address into List URL', 'Test, then Save'],
  },
  radarr: {
    feed: 'radarr',
    name: 'Radarr · StevenLu Custom',
    description: 'Only movies with an IMDb id. After an error, such as closed lists, it looks again a day later.',
    format: 'stevenlu',
    setup: [`${ADD} → StevenLu Custom`, 'Paste the address into URL', 'Test, then Save'],
  },
  rss_movies: {
    feed: 'rss-movies',
    name: 'Radarr · Plex Watchlist RSS',
    description: 'Every movie, by IMDb or TMDB id.',
    format: 'rss',
    setup: [
      `${ADD} → Plex Watchlist RSS (not RSS List, which searches by title)`,
      'Paste the address into Url',
      NO_SIGN_IN_PAGE,
      'Test, then Save',
    ],
  },
  sonarr_program: {
    feed: 'sonarr-program',
    name: 'Sonarr · Sonarr',
    description: 'Every series with a TVDB id, with its seasons, quality profile, requester and root folder.',
    format: 'sonarr',
    setup: [
      `${ADD} → Sonarr`,
      'Paste the address into Full URL and the key into API Key',
      'Turn Sync Season Monitoring on, or Sonarr takes no notice of the seasons that were asked for',
      MONITOR,
      'Test, then Save',
    ],
  },
  sonarr: {
    feed: 'sonarr',
    name: 'Sonarr · Custom List',
    description: 'Series with a TVDB id, for Sonarr 5 also by TMDB or IMDb id; without their seasons.',
    format: 'sonarr-custom',
    setup: [`${ADD} → Custom List`, 'Paste the address into List URL', 'Test, then Save'],
  },
  rss_tv: {
    feed: 'rss-tv',
    name: 'Sonarr · Plex Watchlist RSS',
    description: 'Every series with a TVDB id; without its seasons.',
    format: 'rss',
    setup: [`${ADD} → Plex Watchlist RSS`, 'Paste the address into Url', NO_SIGN_IN_PAGE, 'Test, then Save'],
  },
  rss_all: {
    feed: 'rss-all',
    name: 'Radarr and Sonarr · Plex Watchlist RSS',
    description: 'Movies and series in one address; each client takes its own.',
    format: 'rss',
    setup: [
      `${ADD} → Plex Watchlist RSS (not RSS List, which searches by title)`,
      'Paste the address into Url',
      NO_SIGN_IN_PAGE,
      'Test, then Save',
    ],
  },
}

/**
 * All list types with their addresses.
 * @param base where people and clients reach us
 * @param token the feeds' token, for whoever may see it
 */
export function feedEntries(base: string, token: string | undefined): FeedsAnswer['feeds'] {
  const entry = ({ feed, ...rest }: Help): FeedEntry => {
    const { client, refreshMinutes } = FEEDS[feed]
    const sendsKey = feed === 'radarr-program' || feed === 'sonarr-program'
    const url = new URL(FEED_PATHS[feed], base)
    if (token !== undefined && !sendsKey) url.searchParams.set('token', token)
    const key = sendsKey ? (token ?? null) : null
    return { feed, client, ...rest, url: url.href, key, refresh_minutes: refreshMinutes }
  }
  const { radarr_program, radarr_tmdb, radarr, rss_movies, sonarr_program, sonarr, rss_tv, rss_all } = HELP
  return {
    radarr_program: entry(radarr_program),
    radarr_tmdb: entry(radarr_tmdb),
    radarr: entry(radarr),
    rss_movies: entry(rss_movies),
    sonarr_program: entry(sonarr_program),
    sonarr: entry(sonarr),
    rss_tv: entry(rss_tv),
    rss_all: entry(rss_all),
  }
}

/**
 * A reader as people see it.
 * @param keyNames names of readers' own keys by id, for the admin alone
 */
export function toReader(
  reader: FeedReader & { silent: boolean },
  settings: FeedSettings,
  keyNames: ReadonlyMap<string, string> | undefined,
): ReaderAnswer {
  const { app, version, feed, profileId, rows, silent, keyId, oldKey } = reader
  return {
    id: readerName(reader),
    app,
    version: version ?? null,
    list: feed,
    profile: profileId === undefined ? null : (profileOf(settings, profileId)?.name ?? null),
    rows,
    first_read_at: new Date(reader.firstReadAt).toISOString(),
    last_read_at: new Date(reader.lastReadAt).toISOString(),
    silent,
    key_name: keyNames?.get(keyId) ?? null,
    old_key: keyNames !== undefined && oldKey,
  }
}
