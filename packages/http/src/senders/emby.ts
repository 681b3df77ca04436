import type { ReadEvent } from '@stellarr/core'
import * as v from 'valibot'
import { fieldsOf, id, imdbId, invalid, NO_OBJECT, partNumber, text, unusable, within, year } from './fields.ts'
import { itemArrival, otherThanArrival } from './media-servers.ts'

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
    IndexNumber: partNumber,
    IndexNumberEnd: partNumber,
    ParentIndexNumber: partNumber,
    // Names of providers are written `Tmdb`, `tmdb` or `TMDB`, by what wrote them into the library.
    ProviderIds: v.optional(v.pipe(v.unknown(), v.transform(lowerNames), PROVIDERS)),
  }),
})

function lowerNames(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return undefined
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name.toLowerCase(), one]))
}

/** Emby counts its items up on each server, so the server's id belongs to the name. */
function guidOf(server: string | undefined, item: string | undefined): string | undefined {
  return /^\w{1,64}$/.test(server ?? '') && /^\w{1,64}$/.test(item ?? '') ? `emby://${server}/${item}` : undefined
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
  if (name !== 'library.new') return otherThanArrival('Emby', name)
  if (!item) return unusable('Item', 'the item that arrived')
  const isPart = item.Type === 'Season' || item.Type === 'Episode'
  return itemArrival(
    { source: 'emby', server: 'Emby', name, typeField: 'Item.Type' },
    {
      type: item.Type,
      providers: item.ProviderIds ?? {},
      guid: guidOf(fields.Server?.Id, isPart ? item.SeriesId : item.Id),
      title: isPart ? item.SeriesName : item.Name,
      // A season's or an episode's is its own.
      year: isPart ? undefined : item.ProductionYear,
      season: item.Type === 'Season' ? item.IndexNumber : item.ParentIndexNumber,
      episode: item.IndexNumber,
      lastEpisode: item.IndexNumberEnd,
    },
  )
}
