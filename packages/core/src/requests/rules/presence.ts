import type { MediaRequest, SeasonReached, SeasonState, Standing } from '../media-request.ts'
import { airedEpisodes, dayBegins, lastAired, lastDatedOf } from './airing.ts'
import { hereOfFirst, isCounted } from './arrivals.ts'
import { allSeasonsAsOne, isNumberedOtherwise } from './numbering.ts'
import { awaitedSeasons, isSeasonWanted, shownSeasons } from './seasons.ts'
import { isStronger, type MediaRequestStatus } from './statuses.ts'

const DAY_MS = 24 * 3_600_000
/** What was up to date stays so for so long after the day on which an episode aired began. */
const GRACE_MS = 7 * DAY_MS

/** A request as it was worked out, and what people have not been told of it yet. */
export interface Settled {
  request: MediaRequest
  reached: SeasonReached[]
}

/** True when at least a part of the title is in the library. */
export function hasArrived(status: MediaRequestStatus): boolean {
  return status === 'available' || status === 'partly_available'
}

/**
 * True when a request belongs in the feeds: not gone, or kept there all the same, and not withdrawn before anything of it
 * arrived. What arrived once and was withdrawn stays listed, since leaving the list could make a client's clean step
 * delete it.
 */
export function isListed(request: Pick<MediaRequest, 'status' | 'withdrawnAt' | 'addedAt' | 'kept'>): boolean {
  const { status, withdrawnAt, addedAt, kept } = request
  if (status === 'gone' && kept === undefined) return false
  return withdrawnAt === undefined || addedAt !== undefined || hasArrived(status)
}

const isWhole = (standing: Standing) => standing.state === 'complete' || standing.state === 'up_to_date'

/** What a season or series has and lacks, apart from how it stood before. */
interface Run {
  /** Episodes that have aired. */
  aired: number
  /** The last of them, as far as it is known when: epoch ms. */
  lastAt: number | undefined
  /** The catalogue named a next one when it was last asked; while it has not been asked again, others may follow that. */
  goesOn: boolean
}

/**
 * How a season stands. What was up to date stays so for a week after an episode aired, unless something is lost.
 * @param now epoch ms; undefined: as late as it was when it was worked out last
 */
function standingOf(season: SeasonState, { aired, lastAt, goesOn }: Run, now: number | undefined): Standing {
  const { told, held = 0, awaitedSince } = season
  const memory: Standing = told === undefined ? {} : { told }
  const here = season.here?.episodes ?? 0
  if (here === 0) return memory
  const { episodeCount: listed } = season
  if (listed > 0 && hereOfFirst(season, listed) >= listed) {
    return { ...memory, state: goesOn ? 'up_to_date' : 'complete', held: here }
  }
  if (aired > 0 && hereOfFirst(season, aired) >= aired) return { ...memory, state: 'up_to_date', held: here }
  const since = awaitedSince ?? lastAt
  const isAwaited = isWhole(season) && here >= held && since !== undefined && (now ?? since) < since + GRACE_MS
  if (isAwaited) return { ...memory, state: 'up_to_date', held, awaitedSince: since }
  return { ...memory, state: 'some', ...(held > 0 && { held }) }
}

/** A season with what has aired of it, and how it stands. */
function settleSeason(
  season: SeasonState,
  { broadcast }: MediaRequest,
  lastDated: number,
  now: number | undefined,
): SeasonState {
  const { state: _, held: __, awaitedSince: ___, told: ____, aired: before, ...bare } = season
  const known = now === undefined ? (before ?? 0) : airedEpisodes(season, lastDated, broadcast, now)
  const aired = season.unlisted ? 0 : known
  const last = now === undefined ? broadcast?.last : lastAired(broadcast, now)
  const { next } = broadcast ?? {}
  const run: Run = {
    aired,
    lastAt: last?.seasonNumber === season.seasonNumber ? dayBegins(last.airDate) : undefined,
    goesOn: next?.seasonNumber === season.seasonNumber,
  }
  return inOrder({ ...bare, ...(aired > 0 && { aired }), ...standingOf(season, run, now) })
}

const FIELDS = [
  ...(['seasonNumber', 'name', 'episodeCount', 'airDate', 'unlisted', 'past', 'later', 'asked', 'aired'] as const),
  ...(['here', 'counted', 'episodes', 'state', 'held', 'awaitedSince', 'told'] as const),
] satisfies (keyof SeasonState)[]

/** The same season with its fields in one order, so that what is equal is stored as the same text. */
function inOrder(season: SeasonState): SeasonState {
  const known = FIELDS.filter((name) => season[name] !== undefined)
  return Object.assign(
    { seasonNumber: season.seasonNumber, episodeCount: season.episodeCount },
    ...known.map((name) => ({ [name]: season[name] })),
  )
}

/** How a series asked for whole stands where its seasons are numbered otherwise: by the number of its episodes. */
function standingAltogether(request: MediaRequest, now: number | undefined): Standing {
  const all = allSeasonsAsOne(request)
  const last = lastAired(request.broadcast, now ?? 0)
  const { next } = request.broadcast ?? {}
  return standingOf(
    all,
    {
      aired: all.aired ?? 0,
      lastAt: last && dayBegins(last.airDate),
      goesOn: next !== undefined && next.seasonNumber > 0,
    },
    now,
  )
}

type OnItsWay = 'pending' | 'picked_up' | 'downloading'

/** How far a request has come while nothing that was asked for is here. */
export function onItsWay({ status, statements, way }: MediaRequest): OnItsWay {
  const all = [status, way, ...statements.map((one) => one.status)]
  return all.reduce<OnItsWay>((most, one) => {
    const isWay = one === 'pending' || one === 'picked_up' || one === 'downloading'
    return isWay && isStronger(one, most) ? one : most
  }, 'pending')
}

/** The status that follows from how the seasons stand. */
function statusOf(request: MediaRequest): MediaRequestStatus {
  const isAll = (request.seasons ?? 'all') === 'all'
  const wanted = awaitedSeasons(request)
  const some = shownSeasons(request).some((season) => season.state !== undefined)
  if (request.altogether) {
    // Specials that were asked for are beside what is numbered otherwise.
    const specials = wanted.filter((season) => season.seasonNumber === 0)
    if (isWhole(request.altogether) && specials.every(isWhole)) return 'available'
  } else if (!isNumberedOtherwise(request) && wanted.length > 0 && wanted.every(isWhole)) return 'available'
  if (some || request.altogether?.state) return 'partly_available'
  // Where nothing was ever said of a season, whoever said that it is here did not say which.
  const unsaid = request.seasonState.every((season) => !season.counted && !season.episodes)
  const isThere = request.statements.some((one) => hasArrived(one.status) && (one.uncounted || unsaid))
  return isAll && isThere ? 'partly_available' : onItsWay(request)
}

/** Takes down what is reached for the first time, so that people are told of it once. */
function tellOnce<Known extends Standing>(standing: Known, reached: (state: SeasonReached['state']) => void): Known {
  const { state, told } = standing
  if (state === undefined || state === 'some' || told === 'complete' || told === state) return standing
  reached(state)
  return { ...standing, told: state }
}

/**
 * What is here of a request, worked out of all that is known: the catalogue's facts, what senders and syncs said, what
 * was asked for, and the time. Whatever changes one of them ends here. A movie's status is what was said of it last, and
 * what is gone stays so until something comes or it is asked for again.
 * @param now epoch ms; undefined: what has aired stays as it was worked out last
 */
export function settle(request: MediaRequest, now?: number): Settled {
  if (request.mediaType === 'movie') return { request, reached: [] }
  const lastDated = lastDatedOf(request.seasonState.filter((season) => !season.unlisted))
  const seasonState = request.seasonState.map((season) => settleSeason(season, request, lastDated, now))
  return judge({ ...request, seasonState }, now)
}

/** What a request comes to by what was asked for, with its seasons as they stand. */
export function judge(request: MediaRequest, now?: number): Settled {
  if (request.mediaType === 'movie') return { request, reached: [] }
  // Fields that stay keep their places: the same request is stored as the same text.
  const next: MediaRequest = { ...request }
  const reached: SeasonReached[] = []
  // Of what is gone nobody is told.
  if (request.status === 'gone') {
    delete next.completeAt
    return { request: next, reached }
  }
  if (!isNumberedOtherwise(request)) {
    // What was told of the series while it was numbered otherwise is no news of its seasons.
    const wasTold = request.altogether?.told !== undefined
    next.seasonState = request.seasonState.map((season) => {
      if (!isSeasonWanted(request, season)) return inOrder(season)
      return inOrder(
        tellOnce(season, (state) => {
          if (!wasTold) reached.push({ seasonNumber: season.seasonNumber, state })
        }),
      )
    })
    delete next.altogether
  } else if ((request.seasons ?? 'all') === 'all') {
    // What was told of single seasons, before it was known that they are others, was told of the series.
    const wasTold = request.seasonState.some((season) => season.told && isSeasonWanted(request, season))
    const before = request.altogether ?? (wasTold ? { told: 'up_to_date' as const } : {})
    const standing = standingAltogether({ ...request, altogether: before }, now)
    const { told, ...rest } = tellOnce(standing, (state) => reached.push({ state }))
    next.altogether = { ...rest, ...(told && { told }) }
  }
  next.status = statusOf(next)
  const time = request.completeAt ?? now
  if (time !== undefined && isFinished(next)) next.completeAt = time
  else delete next.completeAt
  return { request: next, reached }
}

/** True when nothing more will come of a series, and all that was asked for is here. */
function isFinished(request: MediaRequest): boolean {
  if (request.status !== 'available' || !request.broadcast?.ended) return false
  const seasons = awaitedSeasons(request).filter((season) => !request.altogether || season.seasonNumber === 0)
  const standings: Standing[] = request.altogether ? [request.altogether, ...seasons] : seasons
  return standings.every((standing) => standing.state === 'complete')
}

/**
 * A request as an earlier version stored it, worked out for the first time: what was here then is no news, and of what
 * was gone nothing is here.
 * @param now epoch ms
 */
export function settledFirst(request: MediaRequest, now?: number): MediaRequest {
  const isSettled = request.seasonState.some((season) => season.state !== undefined || season.told !== undefined)
  if (isSettled || !isCounted(request)) return request
  if (request.status !== 'gone') return settle(request, now).request
  // What was gone left its counts as they were.
  return { ...request, seasonState: request.seasonState.map(({ here, counted, episodes, ...season }) => season) }
}
