import type { MediaRequest, SeasonChoice } from '../media-request.ts'

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
  season: { seasonNumber: number; airDate?: string; later?: boolean; asked?: boolean },
): boolean {
  const { seasonNumber } = season
  const choice = request.seasons ?? 'all'
  const future = request.futureSeasons ?? false
  if (season.asked || request.alsoSeasons?.includes(seasonNumber)) return true
  if (choice === 'all') return seasonNumber > 0 && (future || !season.later)
  if (choice.includes(seasonNumber)) return true
  const isAfter = seasonNumber > (choice.at(-1) ?? 0) && airsAfter(season, request.createdAt)
  return future && seasonNumber > 0 && (isAfter || (season.later ?? false))
}

/** The seasons that a request names beside `all`. */
export function alsoSeasons(request: Pick<MediaRequest, 'seasonState'>): number[] {
  return request.seasonState.filter((season) => season.asked).map((season) => season.seasonNumber)
}

/** An undated season counts as still to come. */
function airsAfter(season: { airDate?: string }, at: number): boolean {
  return season.airDate === undefined || Date.parse(season.airDate) > at
}
