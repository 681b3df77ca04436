import type { MediaRequest } from '../../requests/index.ts'
import { contradictsRequest, imdbIdsOf, tvdbIdsOf } from '../../requests/rules/index.ts'
import type { TitleKey } from '../../titles/index.ts'
import { normaliseTitle } from '../../titles/rules/index.ts'
import type { MediaEvent, TitleIds } from '../media-event.ts'
import { titleAndYear } from './events.ts'

/** How an event was matched, in the order in which the rules are tried. */
export type MatchRule = 'tmdb_id' | 'tvdb_id' | 'imdb_id' | 'guid' | 'episode' | 'title'

/** The strongest first: an id of the title itself, what its name stood for before, its episode's series, its name. */
export const MATCH_RULES: readonly MatchRule[] = ['tmdb_id', 'tvdb_id', 'imdb_id', 'guid', 'episode', 'title']

/** Which title an event is about. Without `request` nobody has asked for it; the library learns of it all the same. */
export interface EventMatch {
  rule: MatchRule
  key: TitleKey
  request?: MediaRequest
  /** Requests for other TMDB entries of the same series at TVDB: Sonarr has one for all, so what comes is theirs too. */
  twins?: MediaRequest[]
  /** TVDB id of the series, where known from the event, the request, the memory or TVDB. */
  tvdbId?: number
}

/** True when both sides know an id of the same kind and the ids differ. */
function contradicts(known: TitleIds, told: TitleIds): boolean {
  const differ = (a: number | string | undefined, b: number | string | undefined) =>
    a !== undefined && b !== undefined && a !== b
  return differ(known.tmdbId, told.tmdbId) || differ(known.tvdbId, told.tvdbId) || differ(known.imdbId, told.imdbId)
}

function matched(
  rule: MatchRule,
  key: TitleKey,
  request: MediaRequest | undefined,
  elsewhere?: number | undefined,
): EventMatch {
  const tvdbId = request?.tvdbId ?? elsewhere
  return {
    rule,
    key: { mediaType: key.mediaType, tmdbId: key.tmdbId },
    ...(request && { request }),
    ...(tvdbId !== undefined && { tvdbId }),
  }
}

/** True for a request of the same kind that no id told contradicts. */
function fits(event: MediaEvent, request: MediaRequest | undefined, told: TitleIds): request is MediaRequest {
  return request?.mediaType === event.mediaType && !contradictsRequest(request, told)
}

/**
 * The TMDB id names a title whether or not somebody asked for it. Without a request the other ids of the title are
 * tried as well (see `matchByTvdbId`).
 * @param found the request of that id
 */
export function matchByTmdbId(event: MediaEvent, found: MediaRequest | undefined): EventMatch | undefined {
  const { tmdbId, tvdbId } = event.ids
  if (tmdbId === undefined) return undefined
  const request = fits(event, found, { tmdbId }) ? found : undefined
  return matched('tmdb_id', { mediaType: event.mediaType, tmdbId }, request, tvdbId)
}

/**
 * Series only: TVDB counts movies apart. Sonarr was asked by this id, so what has it is what was asked for, also where
 * the sender holds another of TMDB's entries for it.
 * @param found the first request whose id it is, or was
 */
export function matchByTvdbId(event: MediaEvent, found: MediaRequest | undefined): EventMatch | undefined {
  const { tvdbId } = event.ids
  if (event.mediaType !== 'tv' || tvdbId === undefined || !found || !tvdbIdsOf(found).includes(tvdbId)) return undefined
  return fits(event, found, { tvdbId }) ? matched('tvdb_id', found, found) : undefined
}

/** The id that Radarr's plain lists ask by; not against the id of a series at TVDB. @param found the request of that id */
export function matchByImdbId(event: MediaEvent, found: MediaRequest | undefined): EventMatch | undefined {
  const { imdbId, tvdbId } = event.ids
  if (imdbId === undefined || !found || !imdbIdsOf(found).includes(imdbId)) return undefined
  const told = tvdbId === undefined ? {} : { tvdbId }
  return fits(event, found, told) ? matched('imdb_id', found, found, tvdbId) : undefined
}

/**
 * What the sender's name of the title stood for before.
 * @param known what was remembered of it
 * @param found the request of that title
 */
export function matchByGuid(
  event: MediaEvent,
  known: (TitleKey & { tvdbId?: number }) | undefined,
  found: MediaRequest | undefined,
): EventMatch | undefined {
  if (event.guid === undefined || known?.mediaType !== event.mediaType || contradicts(known, event.ids))
    return undefined
  const request = found?.mediaType === known.mediaType && found.tmdbId === known.tmdbId ? found : undefined
  if (request && contradictsRequest(request, event.ids)) return undefined
  return matched('guid', known, request, known.tvdbId ?? event.ids.tvdbId)
}

/**
 * The series that TVDB names for the episode.
 * @param seriesTvdbId TVDB's answer
 * @param found the request of that series
 */
export function matchByEpisode(
  event: MediaEvent,
  seriesTvdbId: number | undefined,
  found: MediaRequest | undefined,
): EventMatch | undefined {
  if (event.mediaType !== 'tv' || seriesTvdbId === undefined || !found) return undefined
  if (!tvdbIdsOf(found).includes(seriesTvdbId)) return undefined
  return fits(event, found, event.ids) ? matched('episode', found, found) : undefined
}

/** What the title rule looks for; undefined when the event does not name its title and year. */
export function titleSought(event: MediaEvent): { normalised: string; year: number } | undefined {
  const { title, year } = titleAndYear(event.title ?? '', event.year)
  const normalised = normaliseTitle(title)
  return normalised === '' || year === undefined ? undefined : { normalised, year }
}

/**
 * By title and year, in any script: the one request of the same kind whose title or original title is the same and
 * whose year is exactly the same. Never when two fit, and never against an id.
 * @param candidates requests of that title and year
 * @param seriesTvdbId TVDB's series of the episode, where it is known
 */
export function matchByTitle(
  event: MediaEvent,
  candidates: readonly MediaRequest[],
  seriesTvdbId?: number,
): EventMatch | undefined {
  const sought = titleSought(event)
  if (!sought) return undefined
  const told: TitleIds = { ...(seriesTvdbId !== undefined && { tvdbId: seriesTvdbId }), ...event.ids }
  const named = candidates.filter(
    (request) =>
      request.mediaType === event.mediaType &&
      request.year === sought.year &&
      [request.title, request.originalTitle].some(
        (title) => title !== undefined && normaliseTitle(title) === sought.normalised,
      ),
  )
  const [only, second] = named
  return only && !second && !contradictsRequest(only, told) ? matched('title', only, only, told.tvdbId) : undefined
}
