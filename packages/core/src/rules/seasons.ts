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

/**
 * Adds wanted seasons and a follower to a request. Nothing is ever taken away: `all` stays `all`, except that
 * specials named once stay named. `changed` is false when everything was wanted already.
 */
export function mergeSeasonChoice(
  request: MediaRequest,
  wanted: { seasons: SeasonChoice; futureSeasons?: boolean },
  follower?: string,
): { request: MediaRequest; changed: boolean } {
  const seasons = mergeChoices(request.seasons ?? [], wanted.seasons)
  const futureSeasons = (request.futureSeasons ?? false) || (wanted.futureSeasons ?? false)
  const followers =
    follower === undefined || follower === request.requestedBy || request.followers.includes(follower)
      ? request.followers
      : [...request.followers, follower]
  const sameSeasons = JSON.stringify(seasons) === JSON.stringify(request.seasons)
  const changed = !sameSeasons || futureSeasons !== (request.futureSeasons ?? false) || followers !== request.followers
  if (!changed) return { request, changed: false }
  const next: MediaRequest = { ...request, followers }
  if (request.mediaType === 'tv') {
    next.seasons = seasons
    next.futureSeasons = futureSeasons
  }
  return { request: next, changed: true }
}

/**
 * True when a season of a request is wanted: `all` means every season but the specials (0), which must be named; a
 * season announced after the request follows `futureSeasons`.
 */
export function isSeasonWanted(
  request: Pick<MediaRequest, 'seasons' | 'futureSeasons' | 'createdAt'>,
  season: { seasonNumber: number; airDate?: string },
): boolean {
  const choice = request.seasons ?? 'all'
  if (choice !== 'all') {
    if (choice.includes(season.seasonNumber)) return true
    const latest = choice.at(-1) ?? 0
    return (request.futureSeasons ?? false) && season.seasonNumber > latest && airsAfter(season, request.createdAt)
  }
  return season.seasonNumber > 0
}

/** An undated season counts as still to come. */
function airsAfter(season: { airDate?: string }, at: number): boolean {
  return season.airDate === undefined || Date.parse(season.airDate) > at
}
