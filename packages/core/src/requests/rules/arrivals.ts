import type { MediaRequest, RequestEvent, SeasonPresence, SeasonState, SeriesPart } from '../media-request.ts'
import { isSeasonWanted } from './seasons.ts'
import type { LibrarySource } from './sources.ts'

/** Episodes present per season: the most that any source reports; undefined when no source counts episodes. */
export function episodesHere(
  rows: readonly { seasons?: readonly SeasonPresence[] }[],
): Map<number, number> | undefined {
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

/** The same as a list, as events carry it. */
export function countedIn(rows: readonly { seasons?: readonly SeasonPresence[] }[]): SeasonPresence[] | undefined {
  const most = episodesHere(rows)
  return most && [...most].map(([seasonNumber, episodes]) => ({ seasonNumber, episodes }))
}

/** How much of a season is here: all that the catalogue lists, some, or none. */
export function seasonPresence(
  season: Pick<SeasonState, 'episodeCount'>,
  episodes: number,
): 'available' | 'partly_available' | 'missing' {
  if (episodes <= 0) return 'missing'
  return episodes >= season.episodeCount ? 'available' : 'partly_available'
}

/**
 * What is here of a series, in the words of a request: available when every wanted season with episodes is complete,
 * else partly.
 */
export function presentStatus(request: MediaRequest): 'available' | 'partly_available' {
  const wanted = request.seasonState.filter((season) => season.episodeCount > 0 && isSeasonWanted(request, season))
  const complete = wanted.every((season) => seasonPresence(season, season.here?.episodes ?? 0) === 'available')
  return complete ? 'available' : 'partly_available'
}

/** True when it is known of any season how much of it is here. */
export const isCounted = (request: Pick<MediaRequest, 'seasonState'>): boolean =>
  request.seasonState.some((season) => season.here !== undefined)

type Said = { source: LibrarySource; at: number }

/** True when `a` was said after `b`; of two at the same moment the source whose name comes first counts as the later. */
const isLater = (a: Said, b: Said) => a.at > b.at || (a.at === b.at && a.source < b.source)

/** Works out what is here of a season. Whatever the order in which things were said, it comes out the same. */
function withHere(season: SeasonState): SeasonState {
  const { here: _, ...bare } = season
  const { counted, episodes = [] } = bare
  const news = counted ? episodes.filter((one) => isLater(one, counted)) : episodes
  const came = news.filter((one) => !one.gone && one.number > 0).length
  const left = news.filter((one) => one.gone).length
  const base = counted?.episodes ?? 0
  const named = episodes.filter((one) => !one.gone && one.number > 0).length
  const some = news.some((one) => !one.gone) ? 1 : 0
  const most = Math.max(season.episodeCount, base, named)
  const total = Math.max(some, Math.min(most, counted ? base - left + came : named))
  if (total <= 0) return bare
  const said: Said[] = counted ? [...episodes, counted] : [...episodes]
  const { source, at } = said.reduce((a, b) => (isLater(a, b) ? a : b))
  return { ...bare, here: { episodes: total, source, at } }
}

/** A season after something was said of one of its episodes, or of all of it. */
function withPart(season: SeasonState, part: SeriesPart, said: Said, gone: boolean): SeasonState {
  if (gone && part.episodeNumber === undefined) return withCount(season, 0, said)
  const number = part.episodeNumber ?? 0
  const known = season.episodes?.find((one) => one.number === number)
  if (known && (isLater(known, said) || (known.at === said.at && known.source === said.source))) return season
  const others = (season.episodes ?? []).filter((one) => one !== known)
  const next = { number, ...said, ...(gone && { gone: true as const }) }
  return withHere({ ...season, episodes: [...others, next].sort((a, b) => a.number - b.number) })
}

/** A season after a whole library was counted. */
function withCount(season: SeasonState, episodes: number, said: Said): SeasonState {
  if (season.counted && isLater(season.counted, said)) return season
  return withHere({ ...season, counted: { episodes, ...said } })
}

/** The seasons of a request as an event leaves them. */
export function seasonsAfter(request: MediaRequest, event: RequestEvent): SeasonState[] {
  if (event.source === 'person') return request.seasonState
  const said = { source: event.source, at: event.at }
  const states = new Map(request.seasonState.map((season) => [season.seasonNumber, season]))
  const gone = event.status === 'gone'
  const change = (seasonNumber: number, rule: (season: SeasonState) => SeasonState) =>
    states.set(seasonNumber, rule(states.get(seasonNumber) ?? { seasonNumber, episodeCount: 0 }))
  for (const part of event.parts ?? []) change(part.seasonNumber, (season) => withPart(season, part, said, gone))
  for (const { seasonNumber, episodes } of event.counted ?? []) {
    if (episodes > 0 || states.has(seasonNumber)) change(seasonNumber, (season) => withCount(season, episodes, said))
  }
  return [...states.values()].sort((a, b) => a.seasonNumber - b.seasonNumber)
}

/** Seasons after the catalogue told how many episodes they have. */
export const recounted = (seasons: readonly SeasonState[]): SeasonState[] => seasons.map(withHere)
