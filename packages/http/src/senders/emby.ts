import type { MediaEvent, MediaType, ReadEvent } from '@stellarr/core'
import * as v from 'valibot'
import {
  count,
  episodes,
  fieldsOf,
  id,
  idsOf,
  ignored,
  imdbId,
  invalid,
  NO_OBJECT,
  nameOf,
  quoted,
  text,
  within,
  year,
} from './fields.ts'

const PROVIDERS = within({ tmdb: id, tvdb: id, imdb: imdbId })

const BODY = v.object({
  Event: text,
  Server: within({ Id: text }),
  Item: within({
    Type: text,
    Id: text,
    Name: text,
    ProductionYear: year,
    SeriesId: text,
    SeriesName: text,
    IndexNumber: count,
    IndexNumberEnd: count,
    ParentIndexNumber: count,
    // Names of providers are written `Tmdb`, `tmdb` or `TMDB`, by what wrote them into the library.
    ProviderIds: v.optional(v.pipe(v.unknown(), v.transform(lowerNames), PROVIDERS)),
  }),
})

type Body = v.InferOutput<typeof BODY>
type Item = NonNullable<Body['Item']>
type Told = Omit<MediaEvent, 'source' | 'name' | 'kind'>

function lowerNames(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return undefined
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name.toLowerCase(), one]))
}

/** Emby counts its items up on each server, so the server's id belongs to the name. */
function guidOf(body: Body, item: string | undefined): { guid?: string } {
  const server = body.Server?.Id
  return /^\w{1,64}$/.test(server ?? '') && /^\w{1,64}$/.test(item ?? '') ? { guid: `emby://${server}/${item}` } : {}
}

function title(body: Body, item: Item, mediaType: MediaType): Told {
  const { tmdb, tvdb, imdb } = item.ProviderIds ?? {}
  const ids = idsOf({ tmdbId: tmdb, imdbId: imdb, tvdbId: mediaType === 'tv' ? tvdb : undefined })
  return { mediaType, ids, ...guidOf(body, item.Id), ...nameOf(item.Name, item.ProductionYear) }
}

/** Provider ids and year of a season or an episode are its own: of the series there are its name and Emby's id. */
function part(body: Body, item: Item, parts: NonNullable<MediaEvent['parts']>): Told {
  return { mediaType: 'tv', ids: {}, ...guidOf(body, item.SeriesId), ...nameOf(item.SeriesName, undefined), parts }
}

function episode(body: Body, item: Item): Told {
  const { ParentIndexNumber: season, IndexNumber: first, IndexNumberEnd: last } = item
  const own = item.ProviderIds?.tvdb
  return {
    ...part(body, item, season === undefined || first === undefined ? [] : episodes(season, first, last)),
    ...(own !== undefined && { episodeTvdbId: own }),
  }
}

/**
 * Reads a notification of Emby's webhooks (Emby Premiere). `library.new` alone is about arrivals; deletions are ignored
 * as Jellyfin's are.
 */
export function readEmbyEvent(body: unknown): ReadEvent {
  const fields = fieldsOf(BODY, body)
  if (!fields) return NO_OBJECT
  const { Event: name, Item: item } = fields
  if (name === undefined) return invalid('Event', 'the name of an Emby event, like "library.new"')
  // The first since Emby 4.8, the second before.
  if (name === 'system.notificationtest' || name === 'system.webhooktest') return { kind: 'test' }
  if (name !== 'library.new') return ignored(`Emby's ${quoted(name)} says nothing about arrivals.`)
  if (!item) return invalid('Item', 'the item that arrived')
  const event = (of: Told): ReadEvent => ({ kind: 'event', event: { source: 'emby', name, kind: 'arrived', ...of } })
  switch (item.Type) {
    case 'Movie':
      return event(title(fields, item, 'movie'))
    case 'Series':
      return event(title(fields, item, 'tv'))
    case 'Season':
      return event(part(fields, item, item.IndexNumber === undefined ? [] : [{ seasonNumber: item.IndexNumber }]))
    case 'Episode':
      return event(episode(fields, item))
    case undefined:
      return invalid('Item.Type', 'Movie, Series, Season or Episode')
    default:
      return ignored(`Emby's ${quoted(item.Type)} is neither a movie nor a part of a series.`)
  }
}
