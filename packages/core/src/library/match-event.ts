import { isListed, type MediaRequest, type MediaRequestRepository, twinsOf } from '../requests/index.ts'
import type { MediaEvent } from './media-event.ts'
import type { EpisodeResolver, PlexGuidCache } from './ports.ts'
import {
  type EventMatch,
  MATCH_RULES,
  type MatchRule,
  matchByEpisode,
  matchByGuid,
  matchByImdbId,
  matchByTitle,
  matchByTmdbId,
  matchByTvdbId,
  titleSought,
} from './rules/matching.ts'

export interface MatchPorts {
  requests: MediaRequestRepository
  plexGuids: PlexGuidCache
  /** Absent without a TVDB key. */
  episodes?: EpisodeResolver
}

/**
 * The title of an event, with its request when somebody asked for it; or none, with the reason as a sentence. `tvdbId`
 * of none is the series' own, where the event or TVDB told it.
 */
export type EventMatchOutcome = EventMatch | { rule: 'none'; reason: string; tvdbId?: number }

/** By these the title is known for certain; a name remembered, or a title, proves nothing new. */
const BY_ID: readonly MatchRule[] = ['tmdb_id', 'tvdb_id', 'imdb_id', 'episode']

/**
 * Emby and Jellyfin tell of a season or an episode nothing but its series' name there, so what the series was found by
 * holds for all of it. Plex tells more, and its names are the same on every server: a wrong one would spread.
 */
const isOwnName = ({ source, mediaType }: MediaEvent, { rule, request }: EventMatch) =>
  rule === 'title' && request !== undefined && mediaType === 'tv' && (source === 'emby' || source === 'jellyfin')

/** These find a request that has another of TMDB's ids than the event; the rest would contradict the event's. */
const BESIDE_TMDB: readonly MatchRule[] = ['tvdb_id', 'imdb_id']

/**
 * Finds which title an event is about by the rules of `MATCH_RULES` in their order. Each reads only what it needs, once
 * those before it have found no request. A title that its TMDB id names and nobody asked for is answered without a
 * request. What the sender's name of a title stood for is remembered once an id has told it; Emby's and Jellyfin's of a
 * series also once its title has.
 */
export async function matchEvent(event: MediaEvent, ports: MatchPorts): Promise<EventMatchOutcome> {
  const { requests, plexGuids, episodes } = ports
  const { mediaType, ids, guid, episodeTvdbId } = event
  let seriesTvdbId = mediaType === 'tv' ? ids.tvdbId : undefined
  const asked = new Map<number, Promise<MediaRequest[]>>()
  /** The requests of a series at TVDB, read once. */
  const ofTvdb = (tvdbId: number): Promise<MediaRequest[]> => {
    const reading = asked.get(tvdbId) ?? requests.findByTvdbId(tvdbId)
    asked.set(tvdbId, reading)
    return reading
  }
  /** The one of them that is in the lists, if any is. */
  const firstOfTvdb = async (tvdbId: number): Promise<MediaRequest | undefined> => {
    const all = await ofTvdb(tvdbId)
    const own = all.filter((one) => one.tvdbId === tvdbId)
    const group = own.length > 0 ? own : all
    return group.find(isListed) ?? group[0]
  }
  const rules: Record<MatchRule, () => Promise<EventMatch | undefined>> = {
    async tmdb_id() {
      const { tmdbId } = ids
      if (tmdbId === undefined) return undefined
      return matchByTmdbId(event, await requests.find({ mediaType, tmdbId }))
    },
    async tvdb_id() {
      if (seriesTvdbId === undefined) return undefined
      return matchByTvdbId(event, await firstOfTvdb(seriesTvdbId))
    },
    async imdb_id() {
      if (ids.imdbId === undefined) return undefined
      return matchByImdbId(event, await requests.findByImdbId(ids.imdbId))
    },
    async guid() {
      const known = guid === undefined ? undefined : await plexGuids.find(guid)
      return known && matchByGuid(event, known, await requests.find(known))
    },
    async episode() {
      if (mediaType !== 'tv' || episodeTvdbId === undefined || seriesTvdbId !== undefined) return undefined
      seriesTvdbId = await episodes?.seriesOf(episodeTvdbId)
      if (seriesTvdbId === undefined) return undefined
      return matchByEpisode(event, seriesTvdbId, await firstOfTvdb(seriesTvdbId))
    },
    async title() {
      const sought = titleSought(event)
      if (!sought) return undefined
      return matchByTitle(event, await requests.findByTitle(sought.normalised, sought.year), seriesTvdbId)
    },
  }
  let found: EventMatch | undefined
  for (const rule of MATCH_RULES) {
    if (found?.request || (found && !BESIDE_TMDB.includes(rule))) break
    found = (await rules[rule]()) ?? found
  }
  if (found) {
    const { request } = found
    if (request?.mediaType === 'tv' && request.tvdbId !== undefined) {
      // Sonarr's own id for it, which the request may be about to get.
      const held = (event.source === 'sonarr' ? ids.tvdbId : undefined) ?? request.tvdbId
      const twins = twinsOf({ ...request, tvdbId: held }, await ofTvdb(held))
      const [first, ...others] = twins
      // What comes for one that was withdrawn before is the others' alone.
      const isTaken = request.withdrawnAt === undefined || isListed(request)
      if (first) found = isTaken ? { ...found, twins } : { ...found, request: first, twins: others }
    }
    if (BY_ID.includes(found.rule) || isOwnName(event, found)) await remember(event, found, plexGuids)
    return found
  }
  return { rule: 'none', reason: whyNone(event), ...(seriesTvdbId !== undefined && { tvdbId: seriesTvdbId }) }
}

/** Notes what the sender's name of a title stands for, unless it is noted already: a read costs less than a write. */
async function remember({ guid }: MediaEvent, match: EventMatch, plexGuids: PlexGuidCache): Promise<void> {
  if (guid === undefined) return
  const known = await plexGuids.find(guid)
  const { mediaType, tmdbId } = match.key
  const isSame = known?.mediaType === mediaType && known.tmdbId === tmdbId
  const tvdbId = match.tvdbId ?? (isSame ? known.tvdbId : undefined)
  if (isSame && known.tvdbId === tvdbId) return
  await plexGuids.save(guid, { mediaType, tmdbId, ...(mediaType === 'tv' && tvdbId !== undefined && { tvdbId }) })
}

function whyNone(event: MediaEvent): string {
  const { tvdbId, imdbId } = event.ids
  if (tvdbId !== undefined || imdbId !== undefined || event.episodeTvdbId !== undefined) {
    return 'No request fits its ids or its title and year, and without a TMDB id the library cannot take it up.'
  }
  if (titleSought(event)) return 'It names no id, and not exactly one request has its title and year.'
  return 'It names neither an id nor a title with its year.'
}
