import type { LibraryRow } from '../library.ts'
import type { MediaRequest, SeasonState } from '../media-request.ts'
import { isSeasonWanted } from './seasons.ts'

/** Episodes present per season: the most that any source reports; undefined when no source counts episodes. */
export function episodesHere(rows: readonly Pick<LibraryRow, 'seasons'>[]): Map<number, number> | undefined {
  const counted = rows.filter((row) => row.seasons !== undefined)
  if (counted.length === 0) return undefined
  const most = new Map<number, number>()
  for (const row of counted) {
    for (const season of row.seasons ?? []) {
      most.set(season.seasonNumber, Math.max(most.get(season.seasonNumber) ?? 0, season.episodes))
    }
  }
  return most
}

/** How much of a season is here: all that the catalogue lists, some, or none. */
export function seasonPresence(season: SeasonState, episodes: number): 'available' | 'partly_available' | 'missing' {
  if (episodes <= 0) return 'missing'
  return episodes >= season.episodeCount ? 'available' : 'partly_available'
}

/**
 * What the library's rows of a title mean for its request. A film is available once any source has it. A series is
 * available when every wanted season with episodes is complete, else partly; without episode counts it is
 * available, as the plain sync form has always meant.
 */
export function arrivalStatus(
  request: MediaRequest,
  rows: readonly Pick<LibraryRow, 'seasons'>[],
): 'available' | 'partly_available' {
  if (request.mediaType === 'movie') return 'available'
  const here = episodesHere(rows)
  if (here === undefined) return 'available'
  const wanted = request.seasonState.filter((season) => season.episodeCount > 0 && isSeasonWanted(request, season))
  const complete = wanted.every((season) => seasonPresence(season, here.get(season.seasonNumber) ?? 0) === 'available')
  return complete ? 'available' : 'partly_available'
}
