import type { MediaRequest, SeasonChoice, SeasonState } from '../media-request.ts'
import { withFollower } from './askers.ts'
import type { Outcome } from './outcome.ts'
import { judge, settledFirst } from './presence.ts'
import { hasOnlySpecials, mergeChoices } from './seasons.ts'

/** A season as if the catalogue had listed it from the first. */
function asListed(season: SeasonState): SeasonState {
  const { later: _, ...listed } = season
  return listed
}

/** Marks the seasons that two choices name beside `all`; specials that no list knows get a place in it. */
function markAsked(known: readonly SeasonState[], choices: readonly SeasonChoice[]): SeasonState[] {
  const named = choices.flatMap((choice) => (choice === 'all' ? [] : choice))
  const states = new Map(known.map((season) => [season.seasonNumber, season]))
  for (const seasonNumber of hasOnlySpecials(known) ? [...named, 0] : named) {
    const season = states.get(seasonNumber) ?? { seasonNumber, episodeCount: 0, unlisted: true as const }
    if (seasonNumber === 0 || season.later) states.set(seasonNumber, { ...season, asked: true })
  }
  return [...states.values()].sort((a, b) => a.seasonNumber - b.seasonNumber)
}

/**
 * Adds wanted seasons and a follower to a request. Nothing is ever taken away: `all` stays `all`, and a season named
 * beside it (specials, one announced later) stays named. Asking for all takes in what was announced meanwhile.
 * Where there is no room for another follower, the seasons are wanted all the same. `changed` is false when everything was
 * wanted already.
 */
export function mergeSeasonChoice(
  stored: MediaRequest,
  wanted: { seasons: SeasonChoice; futureSeasons?: boolean },
  follower?: string,
): Outcome {
  const request = settledFirst(stored)
  const next: MediaRequest = { ...(follower === undefined ? request : withFollower(request, follower)) }
  if (request.mediaType === 'tv') {
    const before = request.seasons ?? []
    next.seasons = mergeChoices(before, wanted.seasons)
    next.futureSeasons = (request.futureSeasons ?? false) || (wanted.futureSeasons ?? false)
    if (next.seasons === 'all') {
      const known = wanted.seasons === 'all' ? request.seasonState.map(asListed) : request.seasonState
      next.seasonState = markAsked(known, [before, wanted.seasons])
    }
  }
  const isWish = (one: MediaRequest) => JSON.stringify([one.seasons, one.futureSeasons, one.followers, one.seasonState])
  if (isWish(next) === isWish(request)) return { request: stored, changed: false }
  return { request: judge(next).request, changed: true }
}
