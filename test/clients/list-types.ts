import type { FeedAnswer } from './answers.ts'
import { radarrCustomRows, sonarrCustomRows, stevenLuRows } from './plain-lists.ts'
import {
  type ProgramFilters,
  readAsRadarrProgram,
  readAsSonarrProgram,
  type SeasonChoiceRow,
  type SonarrProgramFilters,
} from './program-lists.ts'
import { RSS_ACCEPT, readAsRadarrPlexRss, readAsRadarrRssList, readAsSonarrPlexRss } from './rss-lists.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/** One title as a client's list reader hands it on; 0 and absent mean not named. */
export interface ListItem {
  tmdbId: number
  tvdbId: number
  imdbId?: string
  title?: string
  /** Sonarr's program list with "Sync Season Monitoring" alone. */
  seasons?: SeasonChoiceRow[]
}

/** One kind of list. */
export interface ListType {
  /** As the client's settings page calls it. */
  name: string
  /** A list is not read again sooner after the client's last stamp. */
  minimumMs: number
  accept: string
  /** A program list: the part after the base URL; the key travels in `X-Api-Key` and redirects are not followed. */
  programPath?: string
  /** Built on the clients' shared HTTP list: heeds a 429's `Retry-After` and does not escalate for a dead server. */
  onHttpBase: boolean
  /** Throws where the client fails the whole list. */
  read(answer: FeedAnswer, filters: SonarrProgramFilters): ListItem[]
}

const item = (given: Partial<ListItem>): ListItem => ({ tmdbId: 0, tvdbId: 0, ...given })
const JSON_ACCEPT = 'application/json'

/** Radarr's list types that a feed of ours can serve. */
export const RADARR_TYPES = {
  program: {
    name: 'Radarr',
    minimumMs: 15 * MINUTE_MS,
    accept: JSON_ACCEPT,
    programPath: '/api/v3/movie?excludeLocalCovers=True',
    onHttpBase: false,
    read: (answer: FeedAnswer, filters: ProgramFilters) =>
      readAsRadarrProgram(answer, filters).map(({ year: _, ...row }) => item(row)),
  },
  stevenlu: {
    name: 'StevenLu Custom',
    minimumMs: 24 * HOUR_MS,
    accept: JSON_ACCEPT,
    onHttpBase: true,
    read: (answer: FeedAnswer) => stevenLuRows(answer).map(item),
  },
  custom: {
    name: 'Custom Lists',
    minimumMs: 12 * HOUR_MS,
    accept: JSON_ACCEPT,
    onHttpBase: true,
    read: (answer: FeedAnswer) => radarrCustomRows(answer).map(item),
  },
  rss: {
    name: 'RSS List',
    minimumMs: 12 * HOUR_MS,
    accept: RSS_ACCEPT,
    onHttpBase: true,
    read: (answer: FeedAnswer) => readAsRadarrRssList(answer).map(({ year: _, ...row }) => item(row)),
  },
  plexRss: {
    name: 'Plex Watchlist RSS',
    minimumMs: 6 * HOUR_MS,
    accept: RSS_ACCEPT,
    onHttpBase: true,
    read: (answer: FeedAnswer) => readAsRadarrPlexRss(answer).map(item),
  },
} satisfies Record<string, ListType>

/** Sonarr's. */
export const SONARR_TYPES = {
  program: {
    name: 'Sonarr',
    minimumMs: 5 * MINUTE_MS,
    accept: JSON_ACCEPT,
    programPath: '/api/v3/series',
    onHttpBase: false,
    read: (answer: FeedAnswer, filters: SonarrProgramFilters) => readAsSonarrProgram(answer, filters).map(item),
  },
  custom: {
    name: 'Custom List',
    minimumMs: 6 * HOUR_MS,
    accept: JSON_ACCEPT,
    onHttpBase: false,
    read: (answer: FeedAnswer) => sonarrCustomRows(answer).map(item),
  },
  plexRss: {
    name: 'Plex Watchlist RSS',
    minimumMs: 6 * HOUR_MS,
    accept: RSS_ACCEPT,
    onHttpBase: true,
    read: (answer: FeedAnswer) => readAsSonarrPlexRss(answer).map(item),
  },
} satisfies Record<string, ListType>
