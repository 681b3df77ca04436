import type { ReadEvent } from '@stellarr/core'
import * as v from 'valibot'
import { fieldsOf, id, imdbId, invalid, partNumber, text, year } from './fields.ts'
import { isByTemplate } from './jellyfin-template.ts'
import { withoutHtml } from './jellyfin-text.ts'
import { itemArrival, otherThanArrival } from './media-servers.ts'

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
  SeasonNumber: partNumber,
  EpisodeNumber: partNumber,
  EpisodeNumberEnd: partNumber,
  Provider_tmdb: id,
  Provider_tvdb: id,
  Provider_imdb: imdbId,
})

/** Jellyfin's ids are its own; with the server's beside it one is alike nowhere else. Templates write them with dashes. */
function guidOf(...ids: (string | undefined)[]): string | undefined {
  const [server, own] = ids.map((text) => text?.replaceAll('-', '').toLowerCase())
  const isId = (text: string | undefined) => text !== undefined && /^[0-9a-f]{32}$/.test(text) && !/^0+$/.test(text)
  return isId(server) && isId(own) ? `jellyfin://${server}/${own}` : undefined
}

/** The plugin puts a backslash before quotes even where JSON is not in need of it, or not read as such. */
const plain = (title: string | undefined) => title?.replaceAll('\\"', '"')

/**
 * The body with its titles as the library has them: a template of somebody's own may have two braces, which write HTML.
 * Ours has three, so that its titles are left alone, even one that really holds `&amp;`.
 */
function withPlainTitles(body: unknown): unknown {
  if (body === null || typeof body !== 'object' || Array.isArray(body) || isByTemplate(body)) return body
  const fields = Object.entries(body).map(([name, value]: [string, unknown]) => {
    const isTitle = typeof value === 'string' && (name === 'Name' || name === 'SeriesName')
    return [name, isTitle ? withoutHtml(value) : value]
  })
  return Object.fromEntries(fields)
}

/** The year of a series by its first day: `Year` is a season's or an episode's own where the series has none. */
function yearOf(firstDay: string | undefined): number | undefined {
  const began = Number(/^(\d{4})-/.exec(firstDay ?? '')?.[1])
  return began >= 1870 && began <= 2200 ? began : undefined
}

/**
 * Reads what Jellyfin's webhook plugin sends, by our template (`JELLYFIN_TEMPLATE`) or with "Send All Properties".
 * `ItemDeleted` is ignored: an upgrade deletes the old file and adds the new one, and nothing tells it from a removal.
 */
export function readJellyfinEvent(body: unknown): ReadEvent {
  const fields = fieldsOf(BODY, withPlainTitles(body))
  if (!fields) return invalid('', 'the JSON of the template, or of "Send All Properties"')
  const { NotificationType: name, ItemType: type } = fields
  if (name === undefined) return invalid('NotificationType', 'a kind of notification, like "ItemAdded"')
  if (name === 'Test') return { kind: 'test' }
  if (name !== 'ItemAdded') return otherThanArrival('Jellyfin', name)
  const isPart = type === 'Season' || type === 'Episode'
  return itemArrival(
    { source: 'jellyfin', server: 'Jellyfin', name, typeField: 'ItemType' },
    {
      type,
      providers: { tmdb: fields.Provider_tmdb, tvdb: fields.Provider_tvdb, imdb: fields.Provider_imdb },
      guid: guidOf(fields.ServerId, isPart ? fields.SeriesId : fields.ItemId),
      title: plain(isPart ? fields.SeriesName : fields.Name),
      year: isPart ? yearOf(fields.SeriesPremiereDate) : fields.Year,
      season: fields.SeasonNumber,
      episode: fields.EpisodeNumber,
      lastEpisode: fields.EpisodeNumberEnd,
    },
  )
}
