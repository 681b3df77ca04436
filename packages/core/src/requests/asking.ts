import type { Clock } from '../base/index.ts'
import type { CatalogTitle, MediaCatalog } from '../catalogue/index.ts'
import type { Session } from '../people/index.ts'
import { type FeedSettingsUseCases, folderIdOf, qualityProfiles } from '../routing/index.ts'
import type { TitleKey } from '../titles/index.ts'
import type { MediaRequest, SeasonChoice } from './media-request.ts'
import type { Changed, LeavingLists, MediaRequestRepository, TitlesHere } from './ports.ts'
import { countedIn } from './rules/arrivals.ts'
import { askersOf, withFollower } from './rules/askers.ts'
import { isListed, settle } from './rules/presence.ts'
import { firstSeasons } from './rules/request-life.ts'
import { normaliseSeasonChoice } from './rules/seasons.ts'

export interface RequestInput {
  key: TitleKey
  seasons?: SeasonChoice | undefined
  futureSeasons?: boolean | undefined
  qualityProfileId?: number | undefined
  by: Session
}

export type RequestOutcome =
  | { kind: 'added' | 'merged' | 'renewed' | 'exists'; request: MediaRequest }
  | { kind: 'unknown_title' }
  | { kind: 'unknown_profile' }
  | { kind: 'seasons_on_movie' }
  | { kind: 'unknown_season'; seasonNumber: number }

export type WithdrawOutcome =
  | { kind: 'withdrawn'; stillListed: boolean }
  | { kind: 'not_found' | 'last_row' }
  | { kind: 'not_yours'; requestedBy: string }

export type FollowOutcome =
  | { kind: 'followed' | 'unfollowed'; request: MediaRequest }
  | { kind: 'not_found' | 'too_many' }

/** Asking for titles, and taking that back. */
export function requestUseCases(deps: {
  requests: MediaRequestRepository
  library: TitlesHere
  catalog: MediaCatalog
  clock: Clock
  feeds: LeavingLists
  feedSettings: FeedSettingsUseCases
}) {
  async function askAgain(existing: MediaRequest, input: RequestInput): Promise<RequestOutcome> {
    const missing = missingSeason(input.seasons, existing.seasonState)
    if (missing !== undefined) return { kind: 'unknown_season', seasonNumber: missing }
    // An admin who brings a withdrawn request back takes nobody's place: it stays whose it was.
    const restores = input.by.role === 'admin' && existing.withdrawnAt !== undefined && existing.status !== 'gone'
    const asker = restores ? existing.requestedBy : input.by.name
    const { settings } = await deps.feedSettings.load()
    const profileId = input.qualityProfileId ?? existing.qualityProfileId
    const renewed = await deps.requests.renew(input.key, {
      by: asker,
      at: deps.clock.now(),
      qualityProfileId: input.qualityProfileId,
      rootFolderId: folderIdOf(settings, profileId, input.key.mediaType),
    })
    const wanted = wantedSeasons(input)
    const merged: Changed | undefined = await deps.requests.mergeSeasons(input.key, wanted, asker)
    const request = merged?.request ?? renewed?.request ?? existing
    if (renewed?.changed) return { kind: 'renewed', request }
    const seasonsChanged =
      JSON.stringify([existing.seasons, existing.futureSeasons ?? false]) !==
      JSON.stringify([request.seasons, request.futureSeasons ?? false])
    return { kind: input.key.mediaType === 'tv' && merged?.changed && seasonsChanged ? 'merged' : 'exists', request }
  }

  return {
    /**
     * Stores a request, merges seasons into the stored one, or asks again for a withdrawn or gone one. The
     * catalogue is asked only for a title that is not stored yet; its faults are thrown and nothing is stored.
     */
    async requestTitle(input: RequestInput): Promise<RequestOutcome> {
      if (input.key.mediaType === 'movie' && (input.seasons !== undefined || input.futureSeasons !== undefined)) {
        return { kind: 'seasons_on_movie' }
      }
      const [{ settings }, existing] = await Promise.all([deps.feedSettings.load(), deps.requests.find(input.key)])
      const profile = input.qualityProfileId ?? settings.defaultProfileId
      if (!qualityProfiles(settings).some(({ id }) => id === profile)) return { kind: 'unknown_profile' }
      await deps.feedSettings.tagRequesters(settings, [input.by.name])
      if (existing) return askAgain(existing, input)
      const [title, present] = await Promise.all([
        deps.catalog.details(input.key, 'en'),
        deps.library.findMany([input.key]),
      ])
      if (!title) return { kind: 'unknown_title' }
      const missing = missingSeason(input.seasons, title.seasons)
      if (missing !== undefined) return { kind: 'unknown_season', seasonNumber: missing }
      const place = { qualityProfileId: profile, rootFolderId: folderIdOf(settings, profile, input.key.mediaType) }
      const request = newRequest(title, input, place, deps.clock.now())
      if ((await deps.requests.add(request)) === 'exists') {
        const winner = await deps.requests.find(input.key)
        return winner ? askAgain(winner, input) : { kind: 'exists', request }
      }
      const row = present[0]
      if (!row) return { kind: 'added', request }
      // Who asks sees that it is here already: nobody is told.
      const now = deps.clock.now()
      const arrived = await deps.requests.advance(input.key, {
        status: 'available',
        counted: countedIn(present),
        source: row.source,
        at: now,
        now,
      })
      return { kind: 'added', request: arrived?.request ?? request }
    },

    /** Takes a request back: out of the feeds when it has not arrived, hidden from people but listed when it has. */
    async withdrawRequest(key: TitleKey, by: Session): Promise<WithdrawOutcome> {
      const request = await deps.requests.find(key)
      if (!request || request.withdrawnAt !== undefined) return { kind: 'not_found' }
      if (by.role !== 'admin' && request.requestedBy !== by.name) {
        return { kind: 'not_yours', requestedBy: request.requestedBy }
      }
      const at = deps.clock.now()
      const stillListed = isListed({ ...request, withdrawnAt: at })
      const withdraw = () => deps.requests.withdraw(key, at)
      if (stillListed || !isListed(request)) {
        await withdraw()
        return { kind: 'withdrawn', stillListed }
      }
      const left = await deps.feeds.leaveFeeds(request, async () => ({ done: await withdraw() }))
      return left ? { kind: 'withdrawn', stillListed: false } : { kind: 'last_row' }
    },

    /** "Notify me", or no longer. */
    async followRequest(key: TitleKey, { name }: Session, follows: boolean): Promise<FollowOutcome> {
      const request = await deps.requests.find(key)
      if (!request || request.withdrawnAt !== undefined) return { kind: 'not_found' }
      if (!follows) {
        const left = await deps.requests.unfollow(key, name)
        return left ? { kind: 'unfollowed', request: left.request } : { kind: 'not_found' }
      }
      const isBehind = (one: MediaRequest) => askersOf(one).includes(name)
      // Whom there is no room for gets no tag either.
      if (!isBehind(withFollower(request, name))) return { kind: 'too_many' }
      const { settings } = await deps.feedSettings.load()
      await deps.feedSettings.tagRequesters(settings, [name])
      const merged = await deps.requests.mergeSeasons(key, { seasons: [] }, name)
      if (!merged) return { kind: 'not_found' }
      return isBehind(merged.request) ? { kind: 'followed', request: merged.request } : { kind: 'too_many' }
    },

    /** The admin's: deletes the row for good. False when there was none. */
    removeRequest: (key: TitleKey): Promise<boolean> => deps.feeds.leaveForGood(() => deps.requests.remove(key)),
  }
}

/** The wish as stored: all seasons and those to come unless named. */
function wantedSeasons(input: RequestInput): { seasons: SeasonChoice; futureSeasons: boolean } {
  const seasons = normaliseSeasonChoice(input.seasons ?? 'all')
  return { seasons, futureSeasons: input.futureSeasons ?? seasons === 'all' }
}

/** A wanted season that the title does not have; undefined when all exist or no list is known. */
function missingSeason(
  wanted: SeasonChoice | undefined,
  known: readonly { seasonNumber: number }[],
): number | undefined {
  if (wanted === undefined || wanted === 'all' || known.length === 0) return undefined
  return wanted.find((number) => !known.some((season) => season.seasonNumber === number))
}

function newRequest(
  title: CatalogTitle,
  input: RequestInput,
  { qualityProfileId, rootFolderId }: { qualityProfileId: number; rootFolderId: number | undefined },
  now: number,
): MediaRequest {
  const { broadcast, numbering } = title
  const wish = wantedSeasons(input)
  const request: MediaRequest = {
    ...input.key,
    title: title.title,
    overview: title.overview,
    qualityProfileId,
    status: 'pending',
    statusAt: now,
    statements: [],
    requestedBy: input.by.name,
    followers: [],
    createdAt: now,
    seasonState: [],
  }
  if (rootFolderId !== undefined) request.rootFolderId = rootFolderId
  if (title.originalTitle !== undefined) request.originalTitle = title.originalTitle
  if (title.year !== undefined) request.year = title.year
  if (title.posterPath !== undefined) request.posterPath = title.posterPath
  if (title.imdbId !== undefined) request.imdbId = title.imdbId
  if (title.tvdbId !== undefined) request.tvdbId = title.tvdbId
  if (input.key.mediaType === 'movie') return request
  const seasonState = firstSeasons(title.seasons, { ended: broadcast?.ended ?? false, choice: wish.seasons })
  const series: MediaRequest = { ...request, ...wish, seasonState }
  return settle({ ...series, ...(broadcast && { broadcast }), ...(numbering && { numbering }) }, now).request
}
