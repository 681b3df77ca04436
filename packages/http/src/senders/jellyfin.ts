import type { MediaEvent, MediaType, ReadEvent } from '@stellarr/core'
import * as v from 'valibot'
import { count, episodes, fieldsOf, id, idsOf, ignored, imdbId, invalid, nameOf, quoted, text, year } from './fields.ts'

const BODY = v.object({
  NotificationType: text,
  ServerId: text,
  ItemType: text,
  ItemId: text,
  Name: text,
  Year: year,
  SeriesId: text,
  SeriesName: text,
  SeriesPremiereDate: text,
  SeasonNumber: count,
  EpisodeNumber: count,
  EpisodeNumberEnd: count,
  Provider_tmdb: id,
  Provider_tvdb: id,
  Provider_imdb: imdbId,
})

type Body = v.InferOutput<typeof BODY>

/** Jellyfin's ids are its own; with the server's beside it one is alike nowhere else. Templates write them with dashes. */
function guidOf(body: Body, item: string | undefined): { guid?: string } {
  const [server, own] = [body.ServerId, item].map((text) => text?.replaceAll('-', '').toLowerCase())
  const isId = (text: string | undefined) => text !== undefined && /^[0-9a-f]{32}$/.test(text) && !/^0+$/.test(text)
  return isId(server) && isId(own) ? { guid: `jellyfin://${server}/${own}` } : {}
}

/** The plugin puts a backslash before quotes even where JSON is not in need of it. */
const plain = (title: string | undefined) => title?.replaceAll('\\"', '"')

/** A movie or a series: everything is its own. */
function title(body: Body, mediaType: MediaType): Omit<MediaEvent, 'source' | 'name' | 'kind'> {
  const ids = idsOf({ tmdbId: body.Provider_tmdb, imdbId: body.Provider_imdb })
  if (mediaType === 'tv' && body.Provider_tvdb !== undefined) ids.tvdbId = body.Provider_tvdb
  return { mediaType, ids, ...guidOf(body, body.ItemId), ...nameOf(plain(body.Name), body.Year) }
}

/**
 * A season or an episode: the provider ids are its own, and `Year` is its own where the series has none, so of the
 * series there are its name, its first day (with episodes) and Jellyfin's id.
 */
function part(body: Body, parts: MediaEvent['parts']): Omit<MediaEvent, 'source' | 'name' | 'kind'> {
  const began = Number(/^(\d{4})-/.exec(body.SeriesPremiereDate ?? '')?.[1])
  return {
    mediaType: 'tv',
    ids: {},
    ...guidOf(body, body.SeriesId),
    ...nameOf(plain(body.SeriesName), began >= 1870 && began <= 2200 ? began : undefined),
    ...(parts && { parts }),
  }
}

/**
 * Reads what Jellyfin's webhook plugin sends, by our template (`JELLYFIN_TEMPLATE`) or with "Send All Properties".
 * `ItemDeleted` is ignored: an upgrade deletes the old file and adds the new one, and nothing tells it from a removal.
 */
export function readJellyfinEvent(body: unknown): ReadEvent {
  const fields = fieldsOf(BODY, body)
  if (!fields) return invalid('', 'the JSON of the template, or of "Send All Properties"')
  const { NotificationType: name, SeasonNumber: seasonNumber, EpisodeNumber: episodeNumber } = fields
  if (name === undefined) return invalid('NotificationType', 'a kind of notification, like "ItemAdded"')
  if (name === 'Test') return { kind: 'test' }
  if (name !== 'ItemAdded') return ignored(`Jellyfin's ${quoted(name)} says nothing about arrivals.`)
  const event = (of: Omit<MediaEvent, 'source' | 'name' | 'kind'>): ReadEvent => ({
    kind: 'event',
    event: { source: 'jellyfin', name, kind: 'arrived', ...of },
  })
  switch (fields.ItemType) {
    case 'Movie':
      return event(title(fields, 'movie'))
    case 'Series':
      return event(title(fields, 'tv'))
    case 'Season':
      return event(part(fields, seasonNumber === undefined ? [] : [{ seasonNumber }]))
    case 'Episode': {
      const known = seasonNumber !== undefined && episodeNumber !== undefined
      const parts = known ? episodes(seasonNumber, episodeNumber, fields.EpisodeNumberEnd) : []
      const own = fields.Provider_tvdb === undefined ? {} : { episodeTvdbId: fields.Provider_tvdb }
      return event({ ...part(fields, parts), ...own })
    }
    case undefined:
      return invalid('ItemType', 'Movie, Series, Season or Episode')
    default:
      return ignored(`Jellyfin's ${quoted(fields.ItemType)} is neither a movie nor a part of a series.`)
  }
}
