import type { Broadcast } from '../../catalogue/index.ts'
import type { SeasonState } from '../media-request.ts'

type Dated = Pick<SeasonState, 'seasonNumber' | 'airDate'>

/** The first moment of a day on the air (`YYYY-MM-DD`, UTC), epoch ms. */
export const dayBegins = (airDate: string): number => Date.parse(airDate)

/** The highest number of a season that has a date; 0 where none has. */
export const lastDatedOf = (list: readonly Dated[]): number =>
  list.reduce((last, season) => (season.airDate === undefined ? last : Math.max(last, season.seasonNumber)), 0)

/**
 * True for a season without a date that is over all the same: the series has ended, or a later season has a date.
 * @param lastDated the number of the last season that has one
 */
export function isPastUndated(season: Dated, lastDated: number, ended: boolean): boolean {
  return season.airDate === undefined && (ended || season.seasonNumber < lastDated)
}

/** The furthest regular episode that has aired by then, as the catalogue names it. @param now epoch ms */
export function lastAired(broadcast: Broadcast | undefined, now: number): Broadcast['last'] {
  const { last, next } = broadcast ?? {}
  const aired = [last, next].filter(
    (one) => one !== undefined && one.seasonNumber > 0 && (one === last || dayBegins(one.airDate) <= now),
  )
  return aired.reduce((far, one) => {
    if (!far || !one) return far ?? one
    const isFurther =
      one.seasonNumber > far.seasonNumber ||
      (one.seasonNumber === far.seasonNumber && one.episodeNumber > far.episodeNumber)
    return isFurther ? one : far
  }, undefined)
}

/**
 * How many of a season's episodes have aired. Seasons before that of the last aired episode have aired whole, that one
 * up to its number. Without such an episode, and of specials, a season whose own date has passed has aired whole, and so
 * has one without a date that is over (`isPastUndated`).
 * @param lastDated the number of the last season that has a date (`lastDatedOf`)
 * @param now epoch ms
 */
export function airedEpisodes(
  season: Pick<SeasonState, 'seasonNumber' | 'airDate' | 'episodeCount'>,
  lastDated: number,
  broadcast: Broadcast | undefined,
  now: number,
): number {
  const { seasonNumber, airDate, episodeCount } = season
  const isPast = isPastUndated(season, lastDated, broadcast?.ended ?? false)
  const last = lastAired(broadcast, now)
  if (last && seasonNumber > 0) {
    // Numbers of some series go on from season to season: no season has more than it lists.
    if (seasonNumber === last.seasonNumber) return Math.min(last.episodeNumber, episodeCount)
    return seasonNumber < last.seasonNumber || isPast ? episodeCount : 0
  }
  return isPast || (airDate !== undefined && dayBegins(airDate) <= now) ? episodeCount : 0
}

/**
 * What the catalogue tells of a series' run, without specials: one that aired last says nothing of the seasons. The last
 * regular episode is then the one that was known before, else the one before the next.
 */
export function regularRun(told: Broadcast, before: Broadcast | undefined): Broadcast {
  const { ended, next } = told
  let { last } = told
  if (last?.seasonNumber === 0) {
    const { airDate } = last
    const isNext = next !== undefined && next.seasonNumber > 0 && next.episodeNumber > 1
    last = before?.last ?? (isNext ? { ...next, episodeNumber: next.episodeNumber - 1, airDate } : undefined)
  }
  return { ended, ...(last && { last }), ...(next && { next }) }
}
