import type { Broadcast, CatalogSeason } from '../catalogue/index.ts'
import type { ExternalIds, MediaType, TitleKey } from '../titles/index.ts'
import type { LibrarySource } from './rules/sources.ts'
import type { KeptReason, MediaRequestStatus } from './rules/statuses.ts'

/** Who stated something about a request's life: a person, or one of the library sources. */
export type StatusSource = LibrarySource | 'person'

/** Which seasons are wanted: all there are, or the season numbers named (ascending, no doubles; 0 = specials). */
export type SeasonChoice = 'all' | number[]

/** How much of a season is here: every listed episode, every one that has aired, or some. */
export type Presence = 'some' | 'up_to_date' | 'complete'

/** What a library source said, and when (epoch ms). */
export interface Said {
  source: LibrarySource
  at: number
}

/**
 * What was said last of an episode; number 0: some episode that was not named. Of several in a row that are alike in all
 * else there is one, up to `to`.
 */
export interface EpisodeMark extends Said {
  number: number
  to?: number
  gone?: true
  /** When it was first said to be here, where that is another time. */
  first?: number
  /** When it was last said to be gone, where it came back. */
  lost?: number
  /** Sources besides the latest that have said of it that it is here, by their names in order. */
  also?: string
}

/** How a season, or a series as a whole, stood when it was last worked out. */
export interface Standing {
  /** Absent: nothing of it is here. */
  state?: Presence
  /** Episodes that were here when it was up to date last. */
  held?: number
  /** First day on the air of the first episode that it has lacked since, epoch ms. */
  awaitedSince?: number
  /** The most that people were told of it. */
  told?: Exclude<Presence, 'some'>
}

/** One season of a series as last seen in the catalogue, and how much of it is in the library. */
export interface SeasonState extends Standing {
  seasonNumber: number
  name?: string
  /** Episodes the catalogue lists. */
  episodeCount: number
  /** First air date, `YYYY-MM-DD`. */
  airDate?: string
  /** Not in the catalogue's list: known from what arrived, or asked for before there was a list. */
  unlisted?: true
  /** Without a date, and over when it was first listed: it is none of those to come. */
  past?: true
  /** The catalogue did not list it yet when the series was asked for whole. */
  later?: true
  /** Asked for by its number although the series is asked for whole: specials, or a season announced later. */
  asked?: true
  /** Episodes that have aired, as worked out last; absent for none. */
  aired?: number
  /** Episodes in the library, worked out of the two below, with who spoke last; absent for none. */
  here?: Said & { episodes: number }
  /** The latest count of a whole library; of several libraries of one sender that of each, by its name there. */
  counted?: Said & { episodes: number; libraries?: Record<string, number> }
  /** The latest that was said of single episodes, ascending. */
  episodes?: EpisodeMark[]
}

/** An id that a title had before, and how long it goes on matching (epoch ms). */
export interface FormerId {
  tvdbId?: number
  imdbId?: string
  until: number
  /** Sonarr's lists name it beside the new one, until a message of Sonarr names that. */
  listed?: true
  /** Sonarr itself named another: the catalogue does not bring this one back. */
  bySonarr?: true
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
  /** Where the sender counts each of its libraries apart: its name of the one that it counted. */
  library?: string
}

/** A season, or a whole series where no number stands, of which people have not been told yet that so much is here. */
export interface SeasonReached {
  seasonNumber?: number
  state: Exclude<Presence, 'some'>
}

/** A statement on a request's life by one source. */
export interface StatusStatement {
  status: MediaRequestStatus
  source: StatusSource
  /** When it happened, epoch ms. */
  at: number
  /** Of a series: it is there, and which episodes was not said. */
  uncounted?: true
}

/** What a Radarr or Sonarr has said of a title last: it has taken it on, has files of it, or has deleted it. */
export interface ClientWord {
  /** Which one: see `ClientRef`. */
  client: string
  said: 'took' | 'has' | 'gave_up'
  /** Epoch ms. */
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
  /** The root folder (by its place in the routing) that its row has had since it was first listed; absent: its profile's. */
  rootFolderId?: number
  status: MediaRequestStatus
  /** When the present status was reached. */
  statusAt: number
  /** The latest statement of each source. */
  statements: StatusStatement[]
  /** The name the first asker typed. */
  requestedBy: string
  /** Others who asked for the same title afterwards, in order, without doubles. */
  followers: string[]
  /** Those who asked or followed while it was listed and do no longer: their tags stay on its row. */
  formerAskers?: string[]
  createdAt: number
  /** When it first arrived in the library. */
  addedAt?: number
  /** When a person withdrew it; see `isListed` for what that does to the feeds. */
  withdrawnAt?: number
  /** Series only: every season the catalogue lists, specials included, and those that arrived; ascending. */
  seasonState: SeasonState[]
  /** Series only: how far it has run, as the catalogue last told. */
  broadcast?: Broadcast
  /** Series only: the season numbers are TVDB's, as Sonarr's; absent: TMDB's. */
  numbering?: 'tvdb'
  /** Series asked for whole whose seasons are numbered otherwise than here: how all of it stands together. */
  altogether?: Standing
  /** How far it has come that a client took it on, whatever came since. */
  way?: 'picked_up' | 'downloading'
  /** The last word of each client that has named it. */
  clients?: ClientWord[]
  /** Files of it were lost, by this word, and nothing has come since. Of a series see `lastLost` of the rules too. */
  lost?: Said
  /** Of what is gone: its row stays in the lists all the same, and why. */
  kept?: KeptReason
  /** Series only: it has ended and all that was asked for is complete, since then (epoch ms). */
  completeAt?: number
  formerIds?: FormerId[]
  /** The catalogue has had no such title since (epoch ms). */
  unlistedAt?: number
}

/** What a listing is narrowed to; all given conditions hold at once. */
export interface MediaRequestFilter {
  type?: MediaType
  status?: MediaRequestStatus
  /** Only what belongs in a feed (`isListed`). */
  listedOnly?: boolean
}

/**
 * A Radarr or Sonarr as its messages show it: until each has a key of its own, those of one app with one instance name
 * and one address that use one token are the same.
 */
export interface ClientRef {
  /** What it calls itself, and by which token it speaks: `<hash>.<hash of the token>`. */
  id: string
  /** Hashes of the tokens that are valid now: who spoke by another one before speaks by one of these today. */
  tokens: readonly string[]
}

/**
 * Something that happened to a requested title. Of a series it may tell which parts came or went, or how many episodes a
 * source has of each season: what that means for the request is worked out from all that is known.
 */
export interface RequestEvent extends Omit<StatusStatement, 'status'> {
  /**
   * `lost`: files of it were deleted or are missing. `gone`: a client gave the title up. `kept`: of one that is gone it is
   * said whether its row stays in the lists.
   */
  status: MediaRequestStatus | 'lost' | 'kept'
  parts?: readonly SeriesPart[] | undefined
  counted?: readonly SeasonPresence[] | undefined
  /** Which Radarr or Sonarr says so; absent: a media server, a sync or a person. */
  client?: ClientRef | undefined
  /** Of `gone`: the sender forgot the title and left its files where they are. */
  filesKept?: boolean | undefined
  /** Of `lost` and `gone`: another source has it still. */
  elsewhere?: boolean | undefined
  /** Of `gone`: another client may have it that never said so of this request. */
  othersUnknown?: boolean | undefined
  /** Of `gone` and `kept`: why its row stays in the lists; absent: it does not. */
  kept?: KeptReason | undefined
  /** The TVDB id by which Sonarr holds the series. */
  sonarrTvdbId?: number | undefined
  /** The time by our clock, epoch ms: what is known to have happened later counts as said now. */
  now?: number | undefined
}

/** Facts learnt later from the catalogue; given fields replace, absent ones keep what is stored. */
export interface RequestFacts extends ExternalIds {
  /** The root folder that its row has; one that is stored stays. */
  rootFolderId?: number
  /** When, epoch ms: what has aired by then is worked out anew, whatever else is given. */
  at: number
  posterPath?: string
  /** The catalogue's season list; what is ours of known seasons is kept by the store. */
  seasons?: readonly CatalogSeason[]
  broadcast?: Broadcast | undefined
  /** Whose numbers `seasons` has. */
  numbering?: 'tvdb' | undefined
  /** TVDB did not tell them: where its numbers are stored, these do not take their place. */
  tvdbMissed?: boolean | undefined
  /** Whether the catalogue has the title; absent: it was not asked. */
  isInCatalog?: boolean
}
