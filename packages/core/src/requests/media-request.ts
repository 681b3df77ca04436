import type { ExternalIds, MediaType, TitleKey } from '../titles/index.ts'
import type { LibrarySource } from './rules/sources.ts'
import type { MediaRequestStatus } from './rules/statuses.ts'

/** Who stated something about a request's life: a person, or one of the library sources. */
export type StatusSource = LibrarySource | 'person'

/** Which seasons are wanted: all there are, or the season numbers named (ascending, no doubles; 0 = specials). */
export type SeasonChoice = 'all' | number[]

/** One season of a series as last seen in the catalogue, and how much of it is in the library. */
export interface SeasonState {
  seasonNumber: number
  name?: string
  /** Episodes the catalogue lists. */
  episodeCount: number
  /** First air date, `YYYY-MM-DD`. */
  airDate?: string
  /** The catalogue did not list it yet when the series was asked for whole. */
  later?: true
  /** Asked for by its number although the series is asked for whole: specials, or a season announced later. */
  asked?: true
  /** Episodes in the library, worked out of the two below, with who spoke last and when (epoch ms); absent for none. */
  here?: { episodes: number; source: LibrarySource; at: number }
  /** The latest count of a whole library. */
  counted?: { episodes: number; source: LibrarySource; at: number }
  /** The latest that was said of single episodes, ascending; number 0: some episode that was not named. */
  episodes?: { number: number; source: LibrarySource; at: number; gone?: true }[]
}

/** A part of a series: an episode, or a whole season where no episode is named. */
export interface SeriesPart {
  seasonNumber: number
  episodeNumber?: number
}

/** How many episodes of one season are present. */
export interface SeasonPresence {
  seasonNumber: number
  episodes: number
}

/** A statement on a request's life by one source. */
export interface StatusStatement {
  status: MediaRequestStatus
  source: StatusSource
  /** When it happened, epoch ms. */
  at: number
}

/** One title the household has asked for. Times are epoch ms. Absent means unknown. */
export interface MediaRequest extends TitleKey, ExternalIds {
  /** English title. */
  title: string
  originalTitle?: string
  year?: number
  /** English overview; empty when there is none. */
  overview: string
  /** TMDB path (`/abc.jpg`) or one of our own drawn posters (`/posters/…`). */
  posterPath?: string
  /** Series only. */
  seasons?: SeasonChoice
  /** Series only: seasons announced later are wanted too. */
  futureSeasons?: boolean
  qualityProfileId: number
  status: MediaRequestStatus
  /** When the present status was reached. */
  statusAt: number
  /** The latest statement of each source. */
  statements: StatusStatement[]
  /** The name the first asker typed. */
  requestedBy: string
  /** Others who asked for the same title afterwards, in order, without doubles. */
  followers: string[]
  createdAt: number
  /** When it first arrived in the library. */
  addedAt?: number
  /** When a person withdrew it; see `isListed` for what that does to the feeds. */
  withdrawnAt?: number
  /** Series only: every season the catalogue lists, specials included, ascending. */
  seasonState: SeasonState[]
}

/** What a listing is narrowed to; all given conditions hold at once. */
export interface MediaRequestFilter {
  type?: MediaType
  status?: MediaRequestStatus
  /** Only what belongs in a feed (`isListed`). */
  listedOnly?: boolean
}

/**
 * Something that happened to a requested title. Of a series it may tell which parts came or went, or how many episodes a
 * source has of each season: what that means for the request is worked out from all that is known.
 */
export interface RequestEvent extends StatusStatement {
  parts?: readonly SeriesPart[] | undefined
  counted?: readonly SeasonPresence[] | undefined
}

/** Facts learnt later from the catalogue; given fields replace, absent ones keep what is stored. */
export interface RequestFacts extends ExternalIds {
  posterPath?: string
  /** The catalogue's season list; `here` of known seasons is kept by the store. */
  seasonState?: SeasonState[]
}
