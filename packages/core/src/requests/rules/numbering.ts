import type { MediaRequest, SeasonState } from '../media-request.ts'
import { lastAired } from './airing.ts'
import { hereBySource, highestEpisode, LATE_EPISODES, sourcesOf } from './arrivals.ts'
import { isSeasonWanted } from './seasons.ts'

type Numbered = Pick<MediaRequest, 'seasonState' | 'numbering' | 'broadcast'>

/** A season that the catalogue lists; specials are numbered differently everywhere. */
const isListed = (season: SeasonState) => season.seasonNumber > 0 && !season.unlisted

/**
 * True where an episode or two more than the list has may simply be new: in the last season of a series that runs, or,
 * once all of that has aired, in the season behind it.
 */
function mayBeNew(season: SeasonState, { seasonState, broadcast }: Numbered): boolean {
  const listed = seasonState.filter(isListed)
  const newest = listed.reduce((last, one) => (one.seasonNumber > last.seasonNumber ? one : last), season)
  const isRunning = broadcast !== undefined && !broadcast.ended && lastAired(broadcast, 0) !== undefined
  if (!season.unlisted) return isRunning && newest === season
  const last = listed.reduce((most, one) => Math.max(most, one.seasonNumber), 0)
  const before = listed.find((one) => one.seasonNumber === last)
  const isNext = before !== undefined && season.seasonNumber === last + 1
  return isRunning && isNext && (before.aired ?? 0) >= before.episodeCount
}

/** Episodes listed up to the end of a season: where numbers go on from season to season, none is higher. */
const listedUpTo = ({ seasonNumber }: SeasonState, all: readonly SeasonState[]): number =>
  all.reduce((sum, one) => (isListed(one) && one.seasonNumber <= seasonNumber ? sum + one.episodeCount : sum), 0)

/**
 * True when what has arrived cannot be numbered as the catalogue's list is: it has seasons that the list lacks, or more
 * episodes of a season, or higher numbers. Sonarr counts as TVDB does, which a list of TVDB's agrees with, and TMDB's
 * often does not.
 */
export function isNumberedOtherwise(request: Numbered): boolean {
  const { seasonState, numbering } = request
  if (numbering === 'tvdb' || !seasonState.some((season) => isListed(season) && season.episodeCount > 0)) return false
  return seasonState.some((season) => {
    const here = season.here?.episodes ?? 0
    if (season.seasonNumber === 0 || here === 0) return false
    const late = mayBeNew(season, request) ? LATE_EPISODES : 0
    if (season.unlisted) return here > late
    if (season.episodeCount === 0) return false
    return here > season.episodeCount + late || highestEpisode(season) > listedUpTo(season, seasonState) + LATE_EPISODES
  })
}

/** All regular seasons of a series as one. Sources may number differently, so no more is here than one alone tells. */
export function allSeasonsAsOne(request: MediaRequest): SeasonState {
  const { seasonState, altogether } = request
  const regular = seasonState.filter((season) => season.seasonNumber > 0)
  const sum = (count: (season: SeasonState) => number) => regular.reduce((all, season) => all + count(season), 0)
  const sources = [...new Set(regular.flatMap(sourcesOf))]
  const most = Math.max(0, ...sources.map((source) => sum((season) => hereBySource(season, source))))
  const episodes = Math.min(
    most,
    sum((season) => season.here?.episodes ?? 0),
  )
  // Seasons announced later may not be wanted.
  const isAsked = (season: SeasonState) =>
    !season.unlisted && (request.seasons !== 'all' || isSeasonWanted(request, season))
  const latest = regular.flatMap((season) => season.here ?? []).sort((a, b) => b.at - a.at)[0]
  return {
    ...altogether,
    seasonNumber: 1,
    episodeCount: sum((season) => (isAsked(season) ? season.episodeCount : 0)),
    aired: sum((season) => (isAsked(season) ? (season.aired ?? 0) : 0)),
    ...(latest && episodes > 0 && { here: { ...latest, episodes } }),
    // Numbers of single episodes mean nothing here.
    ...(latest && { counted: { ...latest, episodes } }),
  }
}
