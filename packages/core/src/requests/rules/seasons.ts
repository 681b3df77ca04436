import type { MediaRequest, SeasonChoice, SeasonState } from '../media-request.ts'
import { dayBegins } from './airing.ts'

/** Ascending, without doubles. */
function ascending(numbers: Iterable<number>): number[] {
  return [...new Set(numbers)].sort((a, b) => a - b)
}

/** Puts a choice into its one form: `all`, or numbers ascending without doubles. */
export function normaliseSeasonChoice(choice: SeasonChoice): SeasonChoice {
  return choice === 'all' ? 'all' : ascending(choice)
}

/** Both choices together: nothing is ever taken away, and `all` stays `all`. */
export function mergeChoices(before: SeasonChoice, wanted: SeasonChoice): SeasonChoice {
  return before === 'all' || wanted === 'all' ? 'all' : ascending([...before, ...wanted])
}

/** What of a request says which seasons are wanted. */
export interface SeasonWish {
  seasons?: SeasonChoice
  futureSeasons?: boolean
  createdAt: number
  /** Season numbers asked for beside `all`; where absent, the season's own mark counts. */
  alsoSeasons?: readonly number[]
}

/**
 * True when a season of a request is wanted. `all` means every season but the specials (0) and, without
 * `futureSeasons`, those announced after the request; both can be named beside it. Where seasons were named,
 * `futureSeasons` adds those that begin, or were announced, afterwards.
 */
export function isSeasonWanted(
  request: SeasonWish,
  season: { seasonNumber: number; airDate?: string; later?: boolean; asked?: boolean; past?: boolean },
): boolean {
  const { seasonNumber } = season
  const choice = request.seasons ?? 'all'
  const future = request.futureSeasons ?? false
  if (season.asked || request.alsoSeasons?.includes(seasonNumber)) return true
  if (choice === 'all') return seasonNumber > 0 && (future || !season.later)
  if (choice.includes(seasonNumber)) return true
  const isAfter = seasonNumber > (choice.at(-1) ?? 0) && isToCome(season, request.createdAt)
  return future && seasonNumber > 0 && (isAfter || (season.later ?? false))
}

/** Every season that is wanted, also those that were named and no list has. */
export function wantedSeasons(request: MediaRequest): SeasonState[] {
  const known = new Set(request.seasonState.map((season) => season.seasonNumber))
  const named = Array.isArray(request.seasons) ? request.seasons.filter((number) => !known.has(number)) : []
  return [
    ...request.seasonState.filter((season) => isSeasonWanted(request, season)),
    ...named.map((seasonNumber) => ({ seasonNumber, episodeCount: 0, unlisted: true as const })),
  ]
}

/**
 * The wanted seasons that a request waits for. One that the catalogue has taken off its list, or does not have there yet,
 * is none of them, unless it was named.
 */
export function awaitedSeasons(request: MediaRequest): SeasonState[] {
  const isNamed = (number: number) => Array.isArray(request.seasons) && request.seasons.includes(number)
  return wantedSeasons(request).filter((season) => !season.unlisted || season.asked || isNamed(season.seasonNumber))
}

/** The same with those that no list has and of which something is here. */
export function shownSeasons(request: MediaRequest): SeasonState[] {
  const awaited = awaitedSeasons(request)
  const numbers = new Set(awaited.map((season) => season.seasonNumber))
  return [...awaited, ...wantedSeasons(request).filter((one) => one.here && !numbers.has(one.seasonNumber))]
}

/** The seasons that a request names beside `all`. */
export function alsoSeasons(request: Pick<MediaRequest, 'seasonState'>): number[] {
  return request.seasonState.filter((season) => season.asked).map((season) => season.seasonNumber)
}

/** A season without a date is still to come, unless it was known to be over. */
function isToCome(season: { airDate?: string; past?: boolean }, at: number): boolean {
  return season.airDate === undefined ? !season.past : dayBegins(season.airDate) > at
}

/** True for a series that has specials and nothing else: they are what `all` means. */
export function hasOnlySpecials(seasons: readonly { seasonNumber: number }[]): boolean {
  return seasons.length > 0 && seasons.every((season) => season.seasonNumber === 0)
}
