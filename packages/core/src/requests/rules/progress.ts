import type { CatalogTitle } from '../../catalogue/index.ts'
import type { MediaRequest, Said, SeasonPresence, SeasonState } from '../media-request.ts'
import { countedIn } from './arrivals.ts'
import { allSeasonsAsOne, isNumberedOtherwise } from './numbering.ts'
import { applyEvent, firstSeasons, learnFacts } from './request-life.ts'
import { shownSeasons } from './seasons.ts'

/** Episodes of what was asked for: those here, those that have aired, and all that are listed. */
export interface Progress {
  here: number
  aired: number
  total: number
  /** Day of the next one that is known, `YYYY-MM-DD`. */
  nextAirDate?: string
}

/** The day of the next episode of a season, while it has not aired. */
function nextOf({ broadcast }: Pick<MediaRequest, 'broadcast'>, season: SeasonState): string | undefined {
  const next = broadcast?.next
  const isNext = next?.seasonNumber === season.seasonNumber && next.episodeNumber > (season.aired ?? 0)
  return isNext ? next.airDate : undefined
}

/** A season's progress. */
export function seasonProgress(request: Pick<MediaRequest, 'broadcast'>, season: SeasonState): Progress {
  const nextAirDate = nextOf(request, season)
  return {
    here: Math.min(season.here?.episodes ?? 0, season.episodeCount || Number.POSITIVE_INFINITY),
    aired: season.aired ?? 0,
    total: season.episodeCount,
    ...(nextAirDate !== undefined && { nextAirDate }),
  }
}

/**
 * How many episodes of what was asked for are here; where seasons are numbered otherwise, of the whole series. Undefined
 * for movies, and while no season is known.
 */
export function progressOf(request: MediaRequest): Progress | undefined {
  if (request.mediaType === 'movie' || request.seasonState.length === 0) return undefined
  const seasons = isNumberedOtherwise(request) ? [allSeasonsAsOne(request)] : shownSeasons(request)
  const all = seasons.map((season) => seasonProgress(request, season))
  const next = all.flatMap((one) => one.nextAirDate ?? []).sort()[0]
  const sum = (name: 'here' | 'aired' | 'total') => all.reduce((count, one) => count + one[name], 0)
  return {
    here: sum('here'),
    aired: sum('aired'),
    total: sum('total'),
    ...(next !== undefined && { nextAirDate: next }),
  }
}

/** By whose word something of what was asked for was last lost that has not come back, and when. */
export function lastLost(request: MediaRequest): Said | undefined {
  if (request.status === 'gone') return undefined
  if (request.mediaType === 'movie') return request.lost
  const all = shownSeasons(request).flatMap((season) => {
    const { held = 0, here, counted, episodes = [], state } = season
    if (state === 'complete' || state === 'up_to_date') return []
    // A count that came since has the last word.
    const left: Said[] = episodes.filter((mark) => mark.gone && !(counted && counted.at > mark.at))
    const fell = held > (here?.episodes ?? 0) && counted ? [counted] : []
    return left.length > 0 ? left : fell
  })
  const last = all.reduce<Said | undefined>((a, b) => (a && a.at >= b.at ? a : b), undefined)
  return last ? { source: last.source, at: last.at } : request.lost
}

/** Whose season numbers a series is shown with: TVDB's, TMDB's, or TMDB's although what arrived is numbered otherwise. */
export type Numbering = 'tvdb' | 'tmdb' | 'differs'

/** @returns undefined for movies */
export function numberingOf(request: MediaRequest): Numbering | undefined {
  if (request.mediaType === 'movie') return undefined
  return request.numbering ?? (isNumberedOtherwise(request) ? 'differs' : 'tmdb')
}

/** How many regular seasons what has arrived was numbered into. */
export const seasonsArrived = ({ seasonState }: MediaRequest): number =>
  seasonState.filter((season) => season.seasonNumber > 0 && season.here).length

/**
 * A series as it stands: its request with what the catalogue tells of it just now; where nobody has asked, what the
 * library has of it.
 * @param rows of the library, all of this title
 * @param now epoch ms
 */
export function seriesAsOf(
  title: CatalogTitle,
  request: MediaRequest | undefined,
  rows: readonly { seasons?: readonly SeasonPresence[] }[],
  now: number,
): MediaRequest {
  const { seasons, broadcast, numbering, tvdbMissed } = title
  if (request) return learnFacts(request, { at: now, seasons, broadcast, numbering, tvdbMissed }).request
  const nobodys: MediaRequest = {
    mediaType: 'tv',
    tmdbId: title.tmdbId,
    title: title.title,
    overview: '',
    qualityProfileId: 1,
    status: 'pending',
    statusAt: now,
    statements: [],
    requestedBy: '',
    followers: [],
    createdAt: now,
    seasonState: firstSeasons(seasons, { ended: broadcast?.ended ?? false, choice: 'all' }),
    ...(broadcast && { broadcast }),
    ...(numbering && { numbering }),
  }
  const counted = countedIn(rows) ?? []
  return applyEvent(nobodys, { status: 'available', source: 'sync', at: now, now, counted }).request
}
