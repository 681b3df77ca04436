import type { ExportPage, Slice } from '../base/index.ts'
import type { MediaType, TitleKey } from '../titles/index.ts'
import type {
  ClientRef,
  MediaRequest,
  MediaRequestFilter,
  RequestEvent,
  RequestFacts,
  SeasonChoice,
  SeasonPresence,
  SeasonReached,
} from './media-request.ts'
import type { RequestOutline } from './rules/outlines.ts'
import type { Renewal } from './rules/request-life.ts'
import type { LibrarySource } from './rules/sources.ts'
import type { KeptReason } from './rules/statuses.ts'

export interface Changed {
  request: MediaRequest
  /** True for the one call that made the change. */
  changed: boolean
  /** Seasons of which people are to be told now; the one call that reached them gets them. */
  reached?: SeasonReached[]
}

/**
 * The requests. Every read is whole or throws; every write is stored when its promise resolves. What changes a row
 * answers undefined when there is no such row.
 */
export interface MediaRequestRepository {
  /** Stores a new request; `exists` leaves the stored row as it is, even if that one is withdrawn or gone. */
  add(request: MediaRequest): Promise<'added' | 'exists'>
  find(key: TitleKey): Promise<MediaRequest | undefined>
  /** Those that exist, in the order of the keys; a key given twice counts once. */
  findMany(keys: readonly TitleKey[]): Promise<MediaRequest[]>
  /**
   * The series whose TVDB id it is, then those whose it was (`formerIds`), each in the order of the keys. There may be
   * several: TMDB has two entries for some.
   */
  findByTvdbId(tvdbId: number): Promise<MediaRequest[]>
  /** The first whose IMDb id it is, in the order of the keys, else the first whose it was. */
  findByImdbId(imdbId: string): Promise<MediaRequest | undefined>
  /** All of that year whose title or original title comes to the given one by `normaliseTitle`. */
  findByTitle(normalised: string, year: number): Promise<MediaRequest[]>
  /**
   * Newest first by `createdAt`, then by media type (movie, tv), then by TMDB id ascending. Of more than a thousand each
   * is as it stood at some moment of the reading, which lets others at the store in between; none that is there all the
   * while is left out or comes twice.
   */
  list(filter: MediaRequestFilter): Promise<MediaRequest[]>
  /**
   * All of a type slice by slice (`requestSlices`), for whoever looks through them: each once, and the series of one TVDB
   * id in one slice. A store on the own disk reads a few milliseconds' worth, one that is asked over a network perhaps
   * all. What changes meanwhile may be seen before or after.
   */
  slice(type: MediaType, cursor?: string): Promise<Slice<MediaRequest>>
  /** Adds wanted seasons and a follower by the rule `mergeSeasonChoice`. */
  mergeSeasons(
    key: TitleKey,
    wanted: { seasons: SeasonChoice; futureSeasons?: boolean },
    follower?: string,
  ): Promise<Changed | undefined>
  /** Takes a follower out; `changed` is false for a name that did not follow. */
  unfollow(key: TitleKey, name: string): Promise<Changed | undefined>
  /** Records what a source says, by the rule `applyEvent`. */
  advance(key: TitleKey, event: RequestEvent): Promise<Changed | undefined>
  /**
   * `advance` for any number, a few hundred a time with a turn for everybody else between. Answers for each what `advance`
   * would; `refused` of one that the store refuses alone (`row_refused`), which keeps none of the others back. Of a call
   * that fails or dies some are done: doing all of them again comes to the same.
   */
  advanceMany(changes: readonly { key: TitleKey; event: RequestEvent }[]): Promise<(Changed | 'refused' | undefined)[]>
  /** Asks again for a withdrawn or gone title, by the rule `renewRequest`. */
  renew(key: TitleKey, renewal: Renewal): Promise<Changed | undefined>
  /** Hides the request from people (`withdrawnAt`); `changed` is false when it was withdrawn before. */
  withdraw(key: TitleKey, at: number): Promise<Changed | undefined>
  /** Stores facts from the catalogue, by the rule `learnFacts`. */
  learn(key: TitleKey, facts: RequestFacts): Promise<Changed | undefined>
  /** Deletes the row; false when there was none. */
  remove(key: TitleKey): Promise<boolean>
  /** Every row, movies first, then by TMDB id. */
  exportAll(cursor?: string): Promise<ExportPage<MediaRequest>>
  /** What `outlineOf` makes of every row, in the order and by the cursors of `exportAll`. */
  outlines(cursor?: string): Promise<ExportPage<RequestOutline>>
}

/** What is in the library of a title that is being requested: `library` hands it in. */
export interface TitlesHere {
  findMany(keys: readonly TitleKey[]): Promise<readonly { source: LibrarySource; seasons?: SeasonPresence[] }[]>
}

/** The lists that clients read, where a request can only be taken out with care: `clients` hands them in. */
export interface LeavingLists {
  /**
   * Runs `leave`, which takes `request` out of the lists. Answers undefined, without running it, when the request is the
   * last row of a list that a client has read: a list that is suddenly empty can make the client delete movies.
   */
  leaveFeeds<Result>(request: MediaRequest, leave: () => Promise<Result>): Promise<Result | undefined>
  /** Runs the admin's removal for good: a list that it empties is meant to be empty. */
  leaveForGood<Result>(leave: () => Promise<Result>): Promise<Result>
  /** Notes that a client speaks here. */
  heard(client: ClientRef, app: 'radarr' | 'sonarr'): Promise<void>
  /**
   * Runs `leave` for each request of a title that a client has given up. It is told what the request's row stays listed
   * for: it is the last one of a list that was read, or so many were deleted that the admin is asked; and whether others
   * may have the title. Where so many were deleted, those that left before in the same hour are listed again.
   */
  givenUp<Result>(
    requests: readonly MediaRequest[],
    client: ClientRef | undefined,
    leave: (request: MediaRequest, found: GivenUp) => Promise<Result>,
  ): Promise<Result[]>
}

/** What is found when a client gives a title up. */
export interface GivenUp {
  kept?: KeptReason
  othersHeard: boolean
}
